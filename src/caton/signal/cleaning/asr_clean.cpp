// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/asr_clean.hpp"

#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/cleaning/asr.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {

namespace {

const std::string where = "asr_clean";
constexpr double window_s = 0.5, overlap = 0.66, lookahead_s = 0.25, shortest_s = 5;
constexpr double microvolts = 1e6;

/// How far each window's RMS lies from what is usual for the channel, in standard deviations.
std::vector<double> window_z(View<const double, 1> row, const std::vector<std::int64_t>& begins, std::int64_t window) {
  std::vector<double> rms;
  for (const std::int64_t begin : begins) {
    double sum = 0;
    for (std::int64_t t = begin; t < begin + window; ++t) sum += row[t] * row[t];
    rms.push_back(std::sqrt(sum / static_cast<double>(window)));
  }
  const RmsFit fit = fit_rms(rms, 0.25, 0.1);
  for (double& value : rms) {
    value = (value - fit.mean) / fit.deviation;
    if (std::isnan(value)) value = std::numeric_limits<double>::infinity();
  }
  return rms;
}

/// The samples `keep` in microvolts, and room for `after` repeated through the last value.
Matrix in_microvolts(Signal x, const std::vector<bool>& keep, std::int64_t after) {
  const auto kept = static_cast<std::int64_t>(std::count(keep.begin(), keep.end(), true));
  Matrix y({x.extent(0), kept + after}, uninitialised);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    std::int64_t at = 0;
    for (std::int64_t t = 0; t < x.extent(1); ++t) {
      if (keep[static_cast<std::size_t>(t)]) y(c, at++) = x(c, t) * microvolts;
    }
    for (std::int64_t k = 0; k < after; ++k) {
      const std::int64_t mirrored = std::max<std::int64_t>(0, kept - 2 - k);
      y(c, kept + k) = 2 * y(c, kept - 1) - y(c, mirrored);
    }
  }
  return y;
}

std::vector<std::pair<std::int64_t, std::int64_t>> changes(Signal x, Signal y) {
  std::vector<std::pair<std::int64_t, std::int64_t>> spans;
  for (std::int64_t t = 0; t < x.extent(1); ++t) {
    bool changed = false;
    for (std::int64_t c = 0; c < x.extent(0) && !changed; ++c)
      changed = std::abs(x(c, t) - y(c, t)) > 1e-9 * std::abs(x(c, t)) + 1e-15;
    if (!changed) continue;
    if (spans.empty() || spans.back().second != t) spans.emplace_back(t, t);
    spans.back().second = t + 1;
  }
  return spans;
}

}  // namespace

std::vector<bool> clean_samples(Signal x, const AsrClean& options) {
  require_signal(where, x);
  require_positive(where, "rate_hz", options.rate_hz);
  const auto window = static_cast<std::int64_t>(window_s * options.rate_hz), channels = x.extent(0);
  std::vector<bool> keep(static_cast<std::size_t>(x.extent(1)), true);
  if (window < 1 || x.extent(1) < 10 * window) return keep;
  std::vector<std::int64_t> begins;
  for (double begin = 0; begin < static_cast<double>(x.extent(1) - window);
       begin += static_cast<double>(window) * (1 - overlap))
    begins.push_back(std::min(static_cast<std::int64_t>(std::nearbyint(begin)), x.extent(1) - window));
  std::vector<std::vector<double>> z(static_cast<std::size_t>(channels));
  thread_pool().parallel_for(channels,
                             [&](std::int64_t c) { z[static_cast<std::size_t>(c)] = window_z(x[c], begins, window); });
  const auto allowed = static_cast<std::size_t>(std::min(
      std::nearbyint(static_cast<double>(channels) * options.max_bad_channels), static_cast<double>(channels - 1)));
  for (std::size_t w = 0; w < begins.size(); ++w) {
    std::vector<double> sorted;
    for (const auto& channel : z) sorted.push_back(channel[w]);
    std::sort(sorted.begin(), sorted.end());
    if (sorted[sorted.size() - 1 - allowed] <= options.high_z && sorted[allowed] >= options.low_z) continue;
    std::fill_n(keep.begin() + begins[w], window, false);
  }
  return keep;
}

AsrCleaned asr_clean(Signal x, const AsrClean& options) {
  require_finite(where, x);
  const std::vector<bool> keep = clean_samples(x, options);
  AsrCleaned result{Matrix(x), {}, 0};
  const auto kept = static_cast<double>(std::count(keep.begin(), keep.end(), true));
  if (kept < (shortest_s + 1) * options.rate_hz) return result;
  const AsrCalibration calibration =
      asr_calibrate(in_microvolts(x, keep, 0), {.rate_hz = options.rate_hz, .cutoff = options.cutoff});
  result.calibration_s = kept / options.rate_hz;
  const auto delay = static_cast<std::int64_t>(std::nearbyint(lookahead_s * options.rate_hz));
  const Matrix all = in_microvolts(x, std::vector<bool>(keep.size(), true), delay);
  const Matrix y = asr_process(all, calibration.mixing, calibration.threshold,
                               {.rate_hz = options.rate_hz, .lookahead_s = lookahead_s, .splits = 0});
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::int64_t t = 0; t < x.extent(1); ++t) result.y(c, t) = y(c, t + delay) / microvolts;
  }
  result.changed = changes(x, result.y);
  for (std::int64_t t = 0, next = 0; t < x.extent(1); ++t) {
    const bool inside = static_cast<std::size_t>(next) < result.changed.size() &&
                        t >= result.changed[static_cast<std::size_t>(next)].first;
    if (inside && t + 1 == result.changed[static_cast<std::size_t>(next)].second) ++next;
    for (std::int64_t c = 0; c < x.extent(0) && !inside; ++c) result.y(c, t) = x(c, t);
  }
  return result;
}

}  // namespace caton
