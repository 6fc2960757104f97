// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <vector>

namespace caton {

struct BadChannelOptions {
  double rate_hz = 0;
  double deviation_z = 5;              ///< spread far from that of the other channels
  double noise_z = 5;                  ///< far more above 50 Hz than the other channels
  double correlation = 0.4;            ///< less alike to every other channel than this …
  double bad_seconds_fraction = 0.01;  ///< … in more than this share of the seconds
  double flat_v = 1e-15;
};

/// Why a channel is bad; several may hold.
inline constexpr std::int64_t bad_flat = 1, bad_deviation = 2, bad_noise = 4, bad_correlation = 8;

struct BadChannels {
  std::vector<double> deviation_z;   ///< robust z of each channel's robust spread; 0 for flat ones
  std::vector<double> noise_z;       ///< robust z of the share above 50 Hz; 0 for flat ones and at 100 Hz or less
  std::vector<double> bad_fraction;  ///< share of seconds without a similar channel; 1 for flat ones
  std::vector<std::int64_t> reason;  ///< the bits above, 0 for a good channel
};

/// Channels that do not record a brain, found as the PREP pipeline does (Bigdely-Shamlo et al. 2015), without RANSAC.
/// x: channels x samples [V]. Refuses fewer than two channels that are not flat (word `channels`) and less than a
/// second (`short`).
[[nodiscard]] BadChannels bad_channels(Signal x, const BadChannelOptions& options);

}  // namespace caton
