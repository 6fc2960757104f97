// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/fir_design.hpp"

#include <optional>
#include <vector>

namespace caton {

/// Lines removed as sinusoids fitted in windows (Thomson's harmonic analysis, as Chronux and MNE).
struct SpectrumFit {
  double rate_hz = 0;
  std::vector<double> freqs_hz = {};  ///< empty: found by an F test
  FirLength length = {};              ///< of the windows; automatic: 10 s
  std::vector<double> widths_hz = {};
  std::optional<double> bandwidth_hz = {};  ///< of the tapers; nothing: half bandwidth NW = 4
  double p_value = 0.05;                    ///< of the F test, divided by the window's samples
};

/// `mne.filter.notch_filter(method="spectrum_fit")`. Refuses windows too short for the tapers (word `short`),
/// bandwidths below NW = 0.5 (`bandwidth_hz`), probabilities outside 0 to 1 (`p_value`).
[[nodiscard]] Matrix spectrum_fit_notch(Signal x, const SpectrumFit& options);

/// The width of each stop band: given, one for all, or frequency / 200.
[[nodiscard]] std::vector<double> notch_widths(const std::vector<double>& freqs_hz,
                                               const std::vector<double>& widths_hz);

}  // namespace caton
