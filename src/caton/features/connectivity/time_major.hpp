// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/mvar.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// Samples x channels, the channels of a sample side by side and padded with zeros to whole registers.
class TimeMajor {
 public:
  explicit TimeMajor(Signal x);
  /// A copy of `samples` samples from `first` on.
  TimeMajor(const TimeMajor& x, std::int64_t first, std::int64_t samples);

  [[nodiscard]] std::int64_t samples() const noexcept { return values_.extent(0); }
  [[nodiscard]] std::int64_t channels() const noexcept { return channels_; }
  [[nodiscard]] std::int64_t width() const noexcept { return values_.extent(1); }
  [[nodiscard]] const double* at(std::int64_t sample) const noexcept { return values_.data() + sample * width(); }
  [[nodiscard]] double* at(std::int64_t sample) noexcept { return values_.data() + sample * width(); }
  /// Channels x samples, without moving a value.
  [[nodiscard]] Signal signal() const noexcept { return {values_.data(), {channels_, samples()}, {1, width()}}; }

 private:
  std::int64_t channels_;
  Matrix values_;
};

/// Of each channel (padded to whole registers), its samples taken in order.
struct ChannelMoments {
  std::vector<double> mean, deviation, largest;  ///< deviation with ddof 0; largest of the absolute values
};
[[nodiscard]] ChannelMoments channel_moments(const TimeMajor& x);
/// Takes each channel's mean away and divides by its deviation.
void standardize(TimeMajor& x, const ChannelMoments& moments);
/// Sums of the channels (padded) over the samples first … last - 1.
[[nodiscard]] std::vector<double> channel_sums(const TimeMajor& x, std::int64_t first, std::int64_t last);

}  // namespace caton
