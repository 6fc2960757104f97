// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/epoch.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "epoch";

/// Sample numbers beyond it are no recording's, and sums of two of them still fit.
constexpr std::int64_t largest_sample = std::int64_t{1} << 60;

/// First and last sample of an epoch, counted from its event.
struct Reach {
  std::int64_t first = 0, last = 0;

  [[nodiscard]] std::int64_t length() const { return last - first + 1; }
};

Reach reach_of(std::int64_t samples, const Epoching& options) {
  require_positive(where, "rate_hz", options.rate_hz);
  const double first = std::nearbyint(options.start_s * options.rate_hz);
  const double last = std::nearbyint(options.stop_s * options.rate_hz);
  if (!(options.start_s <= options.stop_s)) {
    throw usage_error(where, "the window stops at " + number_text(options.stop_s) + " s, before it starts at " +
                                 number_text(options.start_s) + " s");
  }
  if (!(std::abs(first) < 1e15 && std::abs(last) < 1e15))
    throw usage_error(where, "the window from start_s to stop_s lies beyond any recording");
  if (last - first + 1 > static_cast<double>(samples)) {
    throw input_error(where, "the signal is too short: " + std::to_string(samples) + " samples, an epoch needs " +
                                 number_text(last - first + 1));
  }
  return {static_cast<std::int64_t>(first), static_cast<std::int64_t>(last)};
}

void require_each_once(std::span<const std::int64_t> events) {
  if (events.empty()) throw usage_error(where, "events is empty: no event is given");
  std::vector<std::int64_t> sorted(events.begin(), events.end());
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    throw usage_error(where, "duplicate event: two at sample " + std::to_string(*twice), "leave one of them out");
}

void require_thresholds(const Epoching& options) {
  if (options.reject_v) require_positive(where, "reject_v", *options.reject_v);
  if (options.flat_v) require_positive(where, "flat_v", *options.flat_v);
  if (std::abs(options.first_sample) > largest_sample)
    throw usage_error(where, "first_sample " + std::to_string(options.first_sample) + " is beyond any recording");
  for (const SampleSpan& span : options.spans) {
    if (span.begin > span.end)
      throw usage_error(where, "spans: one ends at " + std::to_string(span.end) + ", before it begins at " +
                                   std::to_string(span.begin));
  }
}

EpochFate place_fate(std::int64_t samples, std::int64_t event, const Reach& reach, const Epoching& options) {
  if (event > largest_sample || event < -largest_sample) return EpochFate::outside;
  const std::int64_t begin = event + reach.first, end = event + reach.last + 1;
  if (begin < options.first_sample || end > options.first_sample + samples) return EpochFate::outside;
  const bool bad = std::any_of(options.spans.begin(), options.spans.end(),
                               [&](const SampleSpan& span) { return span.begin < end && span.end > begin; });
  return bad ? EpochFate::bad_span : EpochFate::kept;
}

EpochFate amplitude_fate(Signal x, const Epoching& options) {
  bool flat = false;
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    const auto [low, high] = std::minmax_element(x[c].data(), x[c].data() + x.extent(1));
    const double range = *high - *low;
    if (options.reject_v && range > *options.reject_v) return EpochFate::reject;
    flat = flat || (options.flat_v && range < *options.flat_v);
  }
  return flat ? EpochFate::flat : EpochFate::kept;
}

void subtract_baseline(View<double, 2> x, const IndexRange& range) {
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    double mean = 0;
    for (std::int64_t t = range.begin; t < range.end; ++t) mean += x(c, t);
    mean /= static_cast<double>(range.end - range.begin);
    for (std::int64_t t = 0; t < x.extent(1); ++t) x(c, t) -= mean;
  }
}

/// The epochs of these fates only, in order.
Array<double, 3> compact(const Array<double, 3>& all, const std::vector<bool>& keep) {
  const std::int64_t size = all.extent(1) * all.extent(2);
  Array<double, 3> result({std::count(keep.begin(), keep.end(), true), all.extent(1), all.extent(2)}, uninitialised);
  double* place = result.data();
  for (std::size_t i = 0; i < keep.size(); ++i) {
    if (!keep[i]) continue;
    std::copy_n(all.data() + static_cast<std::int64_t>(i) * size, size, place);
    place += size;
  }
  return result;
}

}  // namespace

Epochs epoch(Signal x, std::span<const std::int64_t> events, const Epoching& options) {
  require_signal(where, x);
  require_finite(where, x);
  const Reach reach = reach_of(x.extent(1), options);
  require_each_once(events);
  require_thresholds(options);
  Epochs result;
  for (std::int64_t i = reach.first; i <= reach.last; ++i)
    result.times_s.push_back(static_cast<double>(i) / options.rate_hz);
  IndexRange baseline{};
  if (options.baseline) {
    require_inside(where, *options.baseline, result.times_s, options.rate_hz);
    baseline = samples_within(where, "baseline_s", *options.baseline, result.times_s);
  }
  for (std::size_t e = 0; e < events.size(); ++e) {
    result.fate.push_back(place_fate(x.extent(1), events[e], reach, options));
    if (result.fate.back() == EpochFate::kept) result.kept.push_back(static_cast<std::int64_t>(e));
  }
  const auto present = static_cast<std::int64_t>(result.kept.size());
  Array<double, 3> cut({present, x.extent(0), reach.length()}, uninitialised);
  std::vector<EpochFate> fates(result.kept.size());
  thread_pool().parallel_for(present, [&](std::int64_t i) {
    const std::int64_t event = events[static_cast<std::size_t>(result.kept[static_cast<std::size_t>(i)])];
    const Signal stretch = x.slice(1, event - options.first_sample + reach.first, reach.length());
    const Matrix values = options.detrend ? detrend(stretch, *options.detrend) : Matrix(stretch);
    std::copy(values.begin(), values.end(), cut[i].data());
    if (options.baseline) subtract_baseline(cut[i], baseline);
    fates[static_cast<std::size_t>(i)] = amplitude_fate(cut[i], options);
  });
  std::vector<bool> keep;
  std::vector<std::int64_t> kept;
  for (std::size_t i = 0; i < fates.size(); ++i) {
    keep.push_back(fates[i] == EpochFate::kept);
    result.fate[static_cast<std::size_t>(result.kept[i])] = fates[i];
    if (keep.back()) kept.push_back(result.kept[i]);
  }
  result.kept = std::move(kept);
  result.epochs = compact(cut, keep);
  return result;
}

}  // namespace caton
