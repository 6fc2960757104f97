// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/evoked.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"

#include <cmath>

namespace caton {

Evoked evoked(View<const double, 3> epochs) {
  if (epochs.size() == 0) throw usage_error("evoked", "the epochs are empty");
  const std::int64_t count = epochs.extent(0), channels = epochs.extent(1), samples = epochs.extent(2);
  if (count < 2) throw usage_error("evoked", "one alone has no standard error: at least 2 epochs are needed");
  Evoked result{Matrix({channels, samples}), Matrix({channels, samples})};
  thread_pool().parallel_for(channels, [&](std::int64_t c) {
    for (std::int64_t e = 0; e < count; ++e) {
      for (std::int64_t t = 0; t < samples; ++t) result.mean(c, t) += epochs(e, c, t);
    }
    for (std::int64_t t = 0; t < samples; ++t) result.mean(c, t) /= static_cast<double>(count);
    for (std::int64_t e = 0; e < count; ++e) {
      for (std::int64_t t = 0; t < samples; ++t) {
        const double off = epochs(e, c, t) - result.mean(c, t);
        result.sem(c, t) += off * off;
      }
    }
    for (std::int64_t t = 0; t < samples; ++t)
      result.sem(c, t) = std::sqrt(result.sem(c, t) / static_cast<double>(count - 1) / static_cast<double>(count));
  });
  return result;
}

Peak peak(Signal x, const PeakSearch& search) {
  const std::string where = "peak";
  require_signal(where, x);
  require_finite(where, x);
  require_positive(where, "rate_hz", search.rate_hz);
  const auto times = times_from(search.start_s, search.rate_hz, x.extent(1));
  const auto range = samples_within(where, "window_s", search.window, times);
  const double slack = (1 + 1e-6) / search.rate_hz;
  if (search.window.begin_s.value_or(times.front()) < times.front() - slack ||
      search.window.end_s.value_or(times.back()) > times.back() + slack) {
    throw usage_error(where, "window_s reaches outside of the data, which go from " + number_text(times.front()) +
                                 " to " + number_text(times.back()) + " s");
  }
  const auto height = [&](std::int64_t c, std::int64_t t) {
    const double value = x(c, t);
    return search.sign == PeakSign::absolute ? std::abs(value) : search.sign == PeakSign::positive ? value : -value;
  };
  std::int64_t channel = 0, sample = range.begin;
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::int64_t t = range.begin; t < range.end; ++t) {
      if (height(c, t) <= height(channel, sample)) continue;
      channel = c;
      sample = t;
    }
  }
  return {channel, times[static_cast<std::size_t>(sample)], x(channel, sample)};
}

std::vector<double> global_field_power(Signal x) {
  require_signal("global_field_power", x);
  require_finite("global_field_power", x);
  const auto channels = static_cast<double>(x.extent(0));
  std::vector<double> mean(static_cast<std::size_t>(x.extent(1))), power(mean.size());
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::size_t t = 0; t < mean.size(); ++t) mean[t] += x(c, t) / channels;
  }
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::size_t t = 0; t < mean.size(); ++t) power[t] += (x(c, t) - mean[t]) * (x(c, t) - mean[t]) / channels;
  }
  for (double& value : power) value = std::sqrt(value);
  return power;
}

}  // namespace caton
