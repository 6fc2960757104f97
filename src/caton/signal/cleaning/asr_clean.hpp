// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace caton {

struct AsrClean {
  double rate_hz = 0;
  double cutoff = 20;               ///< as of `asr_calibrate`
  double max_bad_channels = 0.2;    ///< share of channels that may stand out in a window of the calibration
  double low_z = -3.5, high_z = 5;  ///< when a channel stands out
};

struct AsrCleaned {
  Matrix y;                                                    ///< [V]
  std::vector<std::pair<std::int64_t, std::int64_t>> changed;  ///< samples [begin, end) that were rebuilt
  double calibration_s = 0;                                    ///< length of the clean part it was calibrated on
};

/// Artifact subspace reconstruction calibrated on the clean windows of the signal itself, aligned with it, nothing left
/// out at the end. x: channels x samples, high-passed [V]. Nothing where too little is clean (5 s).
[[nodiscard]] AsrCleaned asr_clean(Signal x, const AsrClean& options);

/// Which samples lie in windows of half a second in which hardly any channel is louder or quieter than is usual for it
/// (`asrpy.clean_windows`).
[[nodiscard]] std::vector<bool> clean_samples(Signal x, const AsrClean& options);

}  // namespace caton
