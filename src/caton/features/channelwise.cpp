// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/channelwise.hpp"

#include "caton/base/threads.hpp"

#include <cmath>

namespace caton {

void require_length(const ChannelMeasure& measure, std::int64_t samples) {
  if (samples >= measure.least_samples) return;
  throw input_error(measure.where,
                    "the signal is too short: " + std::to_string(samples) + " samples, " +
                        std::to_string(measure.least_samples) + " are needed",
                    "give a longer stretch");
}

void for_each_channel(const ChannelMeasure& measure, Signal x,
                      const std::function<void(std::int64_t, std::span<const double>)>& body) {
  require_signal(measure.where, x);
  require_length(measure, x.extent(1));
  require_finite(measure.where, x);
  const auto run = [&](std::int64_t c) {
    const Array<double, 1> row(x[c]);
    body(c, {row.data(), static_cast<std::size_t>(row.size())});
  };
  // A single channel stays on this thread, so that a body which shares out its own work still can.
  if (x.extent(0) == 1)
    run(0);
  else
    thread_pool().parallel_for(x.extent(0), run);
}

std::vector<double> measure_channels(const ChannelMeasure& measure, Signal x,
                                     const std::function<double(std::span<const double>)>& body) {
  std::vector<double> result(static_cast<std::size_t>(x.extent(0)));
  for_each_channel(measure, x, [&](std::int64_t c, std::span<const double> samples) {
    const double value = body(samples);
    if (std::isnan(value)) throw flat_channel(measure.where, c);
    result[static_cast<std::size_t>(c)] = value;
  });
  return result;
}

Error flat_channel(const std::string& where, std::int64_t channel) {
  return input_error(where, "channel " + std::to_string(channel) + " is flat: the quantity is undefined for it",
                     "leave the channel out, or repair it first");
}

double mean_of(std::span<const double> values) { return ordered_sum(values) / static_cast<double>(values.size()); }

double variance_of(std::span<const double> values) {
  std::vector<double> scratch(values.size());
  return variance_of(values, scratch);
}

double variance_of(std::span<const double> values, std::span<double> scratch) {
  const double mean = mean_of(values);
  for (std::size_t i = 0; i < values.size(); ++i) scratch[i] = (values[i] - mean) * (values[i] - mean);
  return mean_of(scratch.first(values.size()));
}

std::vector<double> differences_of(std::span<const double> values) {
  std::vector<double> result(values.empty() ? 0 : values.size() - 1);
  differences_of(values, result);
  return result;
}

void differences_of(std::span<const double> values, std::span<double> differences) {
  for (std::size_t i = 1; i < values.size(); ++i) differences[i - 1] = values[i] - values[i - 1];
}

Line fit_line(std::span<const double> x, std::span<const double> y) {
  const double mean_x = mean_of(x), mean_y = mean_of(y);
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  const double slope = xy / xx;
  return {slope, mean_y - slope * mean_x};
}

}  // namespace caton
