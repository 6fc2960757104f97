// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/welch.hpp"

#include <optional>

namespace caton {

/// Power spectral density from Slepian tapers over the whole signal.
struct Multitaper {
  double rate_hz = 0;
  double low_hz = 0;
  std::optional<double> high_hz = {};
  std::optional<double> bandwidth_hz = {};  ///< full width; nothing: 8 rate / samples
  bool adaptive = false;                    ///< Thomson's weights, with three tapers or more
  bool low_bias = true;                     ///< only tapers with more than 0.9 of their power in the band
  bool density = false;                     ///< divide by the rate (MNE's normalization "full"): V^2/Hz
};

/// `mne.time_frequency.psd_array_multitaper`: mean removed, periodic tapers. Without `density` (MNE's default) the
/// values lack the division by the rate. Refuses bandwidths below rate / samples (word `bandwidth`), ranges without a
/// bin (`band`), a single sample (`short`).
[[nodiscard]] Spectrum multitaper(Signal x, const Multitaper& options);

}  // namespace caton
