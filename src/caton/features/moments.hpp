// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// What describes the values of each channel whatever their order (and how often they change their sign).
struct Moments {
  std::vector<double> mean, std;             ///< V; ddof 0
  std::vector<double> skewness, kurtosis;    ///< biased; kurtosis is 0 for normal values (Fisher)
  std::vector<double> rms, peak_to_peak;     ///< V
  std::vector<std::int64_t> zero_crossings;  ///< changes of the sign bit: -0.0 counts as negative
  std::vector<double> median, mad;           ///< V; mad = median |x - median|, not scaled
};

/// Those of one channel.
struct MomentsRow {
  double mean = 0, std = 0, skewness = 0, kurtosis = 0, rms = 0, peak_to_peak = 0;
  std::int64_t zero_crossings = 0;
  double median = 0, mad = 0;
};
/// `scratch` has room for the samples; false where the channel does not vary.
[[nodiscard]] bool moments_row(std::span<const double> x, std::span<double> scratch, MomentsRow& row);

/// numpy, `scipy.stats.skew`, `scipy.stats.kurtosis`, `antropy.num_zerocross`. Refuses channels that do not vary (word
/// `flat`): they have no skewness.
[[nodiscard]] Moments moments(Signal x);

}  // namespace caton
