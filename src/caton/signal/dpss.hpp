// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton {

/// Slepian sequences: tapers with the least power outside the band.
struct Dpss {
  Matrix tapers;               ///< tapers x samples, unit 2-norm
  std::vector<double> ratios;  ///< the share of each taper's power inside the band
};

/// The first `tapers` sequences of half bandwidth NW (`mne.time_frequency.multitaper.dpss_windows`): even ones with a
/// positive sum, odd ones positive at first. `low_bias` keeps ratios above 0.9, or the best one. `periodic`: computed
/// for one sample more, the last dropped. Refuses `tapers` outside 1 to samples (word `tapers`), half bandwidths not
/// above 0 or not below samples / 2 (`half_bandwidth`).
[[nodiscard]] Dpss dpss(std::int64_t samples, double half_bandwidth, std::int64_t tapers, bool low_bias = true,
                        bool periodic = false, const std::string& where = "dpss");

}  // namespace caton
