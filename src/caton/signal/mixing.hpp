// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <span>
#include <vector>

namespace caton {

/// What a decibel means: `eegdenoisenet` takes 10 log10 of the ratio of amplitudes (2 dB there are 4 dB of power),
/// `power` of the ratio of powers.
enum class SnrRule { eegdenoisenet, power };

struct Mixture {
  Matrix noisy, clean;              ///< both over `scale`
  std::vector<double> gain, scale;  ///< of each row: what the noise was multiplied by; deviation of the mixture
};

/// Rows of `noise` added to rows of `eeg` at a signal-to-noise ratio each, then both divided by the deviation
/// (population) of the mixture (EEGdenoiseNet). Refuses other shapes (word `shape`), and rows without power (`flat`).
[[nodiscard]] Mixture mix_at_snr(Signal eeg, Signal noise, std::span<const double> snr_db,
                                 SnrRule rule = SnrRule::eegdenoisenet);

struct DenoisingMetrics {
  std::vector<double> rrmse_time, rrmse_spectrum, correlation;  ///< one a row
};

/// Relative root mean square error of time courses and of power spectra |rfft|², and Pearson's correlation, of each
/// row. Refuses other shapes (`shape`) and a constant row (`flat`).
[[nodiscard]] DenoisingMetrics denoising_metrics(Signal clean, Signal denoised);

}  // namespace caton
