// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/fir_design.hpp"

#include <optional>
#include <vector>

namespace caton {

/// Mains hum cut out by a band-stop per frequency, all in one FIR filter.
struct Notch {
  double rate_hz = 0;
  std::vector<double> freqs_hz;
  FirLength length = {};
  std::vector<double> widths_hz = {};  ///< of each stop band, or one for all; empty: frequency / 200
  double transition_hz = 1;
  FirPhase phase = FirPhase::zero;
};

/// The taps of the filter. Refuses as `notch`.
[[nodiscard]] std::vector<double> notch_filter(const Notch& options);

/// `mne.filter.notch_filter(method="fir")`. Refuses with the words `Nyquist`, `freqs_hz` (none), `widths_hz` (their
/// number), and as `fir_bandstop`.
[[nodiscard]] Matrix notch(Signal x, const Notch& options);

}  // namespace caton
