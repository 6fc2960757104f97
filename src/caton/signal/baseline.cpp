// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/baseline.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"

#include <cmath>

namespace caton {

namespace {

const std::string where_baseline = "baseline";

std::string span_text(const TimeSpan& span) {
  return (span.begin_s ? number_text(*span.begin_s) : "the start") + " to " +
         (span.end_s ? number_text(*span.end_s) : "the end") + " s";
}

double mean_of(const double* x, const IndexRange& range) {
  double sum = 0;
  for (std::int64_t t = range.begin; t < range.end; ++t) sum += x[t];
  return sum / static_cast<double>(range.end - range.begin);
}

double deviation_of(const double* x, const IndexRange& range) {
  const double mean = mean_of(x, range);
  double sum = 0;
  for (std::int64_t t = range.begin; t < range.end; ++t) sum += (x[t] - mean) * (x[t] - mean);
  return std::sqrt(sum / static_cast<double>(range.end - range.begin));
}

void rescale(double* x, std::int64_t samples, const IndexRange& range, BaselineMode mode) {
  const auto each = [&](auto value) {
    for (std::int64_t t = 0; t < samples; ++t) x[t] = value(x[t]);
  };
  const double m = mean_of(x, range);
  switch (mode) {
    case BaselineMode::mean: return each([m](double v) { return v - m; });
    case BaselineMode::ratio: return each([m](double v) { return v / m; });
    case BaselineMode::percent: return each([m](double v) { return (v - m) / m; });
    case BaselineMode::zscore: each([m](double v) { return v - m; }); break;
    case BaselineMode::logratio: return each([m](double v) { return std::log10(v / m); });
    case BaselineMode::zlogratio: each([m](double v) { return std::log10(v / m); }); break;
  }
  const double deviation = deviation_of(x, range);
  each([deviation](double v) { return v / deviation; });
}

void require_rescaled(const double* y, Signal x, std::int64_t row, BaselineMode mode) {
  const bool logarithm = mode == BaselineMode::logratio || mode == BaselineMode::zlogratio;
  for (std::int64_t t = 0; t < x.extent(1); ++t) {
    if (std::isfinite(y[t])) continue;
    if (logarithm && !(x(row, t) > 0)) {
      throw input_error(where_baseline, "a logarithm needs positive values, row " + std::to_string(row) + ", sample " +
                                            std::to_string(t) + " is " + number_text(x(row, t)));
    }
    throw input_error(where_baseline, "row " + std::to_string(row) +
                                          " is flat in the baseline: its mean or deviation is 0, nothing to divide by");
  }
}

}  // namespace

IndexRange samples_within(const std::string& where, std::string_view argument, const TimeSpan& span,
                          const std::vector<double>& times_s) {
  const double slack = times_s.size() > 1 ? 1e-6 * (times_s[1] - times_s[0]) : 0;
  IndexRange range{0, static_cast<std::int64_t>(times_s.size())};
  const auto at = [&](std::int64_t i) { return times_s[static_cast<std::size_t>(i)]; };
  while (span.begin_s && range.begin < range.end && at(range.begin) < *span.begin_s - slack) ++range.begin;
  while (span.end_s && range.end > range.begin && at(range.end - 1) > *span.end_s + slack) --range.end;
  if (range.begin == range.end) {
    throw usage_error(where, std::string(argument) + " from " + span_text(span) + " holds no sample",
                      times_s.empty() ? ""
                                      : "the data go from " + number_text(times_s.front()) + " to " +
                                            number_text(times_s.back()) + " s");
  }
  return range;
}

void require_inside(const std::string& where, const TimeSpan& span, const std::vector<double>& times_s,
                    double rate_hz) {
  const double begin = span.begin_s.value_or(times_s.front()), end = span.end_s.value_or(times_s.back());
  if (begin > end) throw usage_error(where, "the baseline from " + span_text(span) + " ends before it begins");
  const double slack = (1 + 1e-6) / rate_hz;
  if (begin >= times_s.front() - slack && end <= times_s.back() + slack) return;
  throw usage_error(where, "the baseline from " + span_text(span) + " lies outside of the data, which go from " +
                               number_text(times_s.front()) + " to " + number_text(times_s.back()) + " s");
}

std::vector<double> times_from(double start_s, double rate_hz, std::int64_t samples) {
  std::vector<double> times;
  for (std::int64_t t = 0; t < samples; ++t) times.push_back(start_s + static_cast<double>(t) / rate_hz);
  return times;
}

std::optional<TimeSpan> time_span_argument(const Arguments& args, std::string_view name) {
  if (!args.given(name)) return std::nullopt;
  const std::string where = args.operation() + ": " + std::string(name);
  const auto& ends = args.value(name).items(where);
  if (ends.size() != 2) throw args.refuse(std::string(name) + " is [begin, end] in seconds");
  TimeSpan span;
  if (!ends[0].is_null()) span.begin_s = ends[0].number(where);
  if (!ends[1].is_null()) span.end_s = ends[1].number(where);
  return span;
}

Matrix baseline(Signal x, const IndexRange& range, BaselineMode mode) {
  require_signal(where_baseline, x);
  Matrix y(x);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t row) {
    rescale(y[row].data(), x.extent(1), range, mode);
    require_rescaled(y[row].data(), x, row, mode);
  });
  return y;
}

namespace {

Tensors baseline_call(const Arguments& args, const Tensors& in) {
  const Tensor& x = port(in, "x");
  if (x.rank() == 0) throw args.refuse("\"x\" has the shape " + x.about() + ", at least one axis is wanted");
  if (x.size() == 0) throw args.refuse("\"x\" is empty: " + x.about());
  const std::int64_t samples = x.extent(x.rank() - 1);
  const auto span = time_span_argument(args, "baseline_s");
  if (!span) throw args.refuse("baseline_s is [begin, end] in seconds");
  const double rate_hz = args.number("rate_hz");
  require_positive(args.operation(), "rate_hz", rate_hz);
  const auto range =
      samples_within(args.operation(), "baseline_s", *span, times_from(args.number("start_s"), rate_hz, samples));
  const auto mode = choice_argument<BaselineMode>(args, "mode",
                                                  {{"mean", BaselineMode::mean},
                                                   {"ratio", BaselineMode::ratio},
                                                   {"logratio", BaselineMode::logratio},
                                                   {"percent", BaselineMode::percent},
                                                   {"zscore", BaselineMode::zscore},
                                                   {"zlogratio", BaselineMode::zlogratio}});
  const Matrix rows = x.reshaped({x.size() / samples, samples}).array<2>("x");
  return {{"y", Tensor::of(baseline(rows, range, mode)).reshaped(x.shape())}};
}

const Operation baseline_operation{
    .name = "baseline",
    .room = "signal",
    .about = "Rescales by a baseline (mne.baseline.rescale); \"percent\" of power is ERD/ERS as a fraction",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "start_s", .type = "number", .about = "time of the first sample"},
                  {.name = "baseline_s", .type = "list", .about = "[begin, end], both belong to it; null: the edge"},
                  {.name = "mode", .type = "text", .about = "mean, ratio, logratio, percent, zscore, zlogratio"}},
    .inputs = {{.name = "x", .shape = "... T"}},
    .outputs = {{.name = "y", .shape = "... T"}},
    .call = baseline_call,
};
CATON_REGISTER(Operation, baseline_operation);

}  // namespace

}  // namespace caton
