// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/error.hpp"
#include "caton/signal/checks.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// What the features of single channels have in common.
namespace caton {

/// Who measures, and how many samples it needs at least.
struct ChannelMeasure {
  std::string where;  ///< name of the operation
  std::int64_t least_samples = 1;
};

/// Refuses fewer than `least_samples` (word `short`).
void require_length(const ChannelMeasure& measure, std::int64_t samples);

/// Calls `body(channel, samples)` for each channel, in parallel over channels. Refuses no channels or samples (word
/// `empty`), fewer than `least_samples` (`short`), values that are not finite (`finite`).
void for_each_channel(const ChannelMeasure& measure, Signal x,
                      const std::function<void(std::int64_t, std::span<const double>)>& body);

/// One number a channel. A `body` that gives nothing (NaN) says that the quantity is undefined because the channel does
/// not vary: refused (word `flat`).
[[nodiscard]] std::vector<double> measure_channels(const ChannelMeasure& measure, Signal x,
                                                   const std::function<double(std::span<const double>)>& body);

[[nodiscard]] Error flat_channel(const std::string& where, std::int64_t channel);

/// Mean in the project's order of sums.
[[nodiscard]] double mean_of(std::span<const double> values);
/// Mean squared deviation from the mean (ddof 0).
[[nodiscard]] double variance_of(std::span<const double> values);
/// The same bits, in memory given by the caller: as many values as there are.
[[nodiscard]] double variance_of(std::span<const double> values, std::span<double> scratch);
/// x[n+1] - x[n].
[[nodiscard]] std::vector<double> differences_of(std::span<const double> values);
/// The same into memory of the caller: one value fewer than there are.
void differences_of(std::span<const double> values, std::span<double> differences);

struct Line {
  double slope = 0, intercept = 0;
};
/// Straight line by least squares; at least two different x.
[[nodiscard]] Line fit_line(std::span<const double> x, std::span<const double> y);

}  // namespace caton
