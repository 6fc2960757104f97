// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/operation.hpp"
#include "caton/signal/zpk.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caton {

/// Which complex wavelets a time-frequency analysis uses.
struct WaveletPlan {
  double rate_hz = 0;
  std::vector<double> freqs_hz = {};
  std::vector<double> cycles = {7};    ///< one for all frequencies, or one each
  bool zero_mean = true;               ///< no answer to a constant
  std::optional<double> sigma_s = {};  ///< Morlet: standard deviation of the Gaussian; nothing: cycles / (2 pi f)
  double time_bandwidth = 4;           ///< tapers: floor(time_bandwidth - 1) Slepian windows
};

/// Complex wavelets of several frequencies, and of several tapers for each; norm sqrt 2, so that the real part has
/// norm 1.
struct WaveletSet {
  std::int64_t tapers = 1, freqs = 0;
  std::vector<std::vector<Complex>> wavelets;  ///< of taper k and frequency f at k * freqs + f
};

/// Morlet's wavelets (`mne.time_frequency.morlet`): a complex sine under a Gaussian, five standard deviations to each
/// side. Refuses frequencies not above 0 (word `positive`) or at half the rate and above (`Nyquist`), another number of
/// cycles than of frequencies (`shape`).
[[nodiscard]] WaveletSet morlet_wavelets(const WaveletPlan& plan, const std::string& where = "morlet");

/// Complex sines under Slepian tapers of cycles / f seconds (`mne.time_frequency.tfr_array_multitaper`). Refuses also
/// `time_bandwidth` below 2.
[[nodiscard]] WaveletSet taper_wavelets(const WaveletPlan& plan, const std::string& where = "tfr_multitaper");

/// The plan that `rate_hz`, `freqs_hz`, `cycles` and `zero_mean` of an operation describe.
[[nodiscard]] WaveletPlan wavelet_plan(const Arguments& args);

}  // namespace caton
