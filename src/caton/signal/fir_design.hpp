// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caton {

enum class FirPhase { zero, zero_double, linear, minimum };
enum class FirMethod { firwin, firwin2 };

/// The length of an FIR filter: from the transitions ("auto"), from a duration, or in samples.
struct FirLength {
  enum class Kind { automatic, duration, samples } kind = Kind::automatic;
  double seconds = 0;
  std::int64_t samples = 0;
};

/// What an FIR filter shall do. Only `low_hz`: high-pass; only `high_hz`: low-pass; low below high: band-pass; low
/// above high: band-stop between them. Edges are pass-band edges; transitions not given follow MNE's rule.
struct FirDesign {
  double rate_hz = 0;
  std::optional<double> low_hz, high_hz;
  FirLength length = {};
  std::optional<double> low_transition_hz, high_transition_hz;
  FirPhase phase = FirPhase::zero;
  std::string window = "hamming";  ///< hamming, hann, blackman
  FirMethod method = FirMethod::firwin;
};

/// Stop bands for `fir_bandstop`: pass edges below and above each, and their transition widths inside.
struct StopBands {
  std::vector<double> below_hz, above_hz;
  std::vector<double> below_transition_hz, above_transition_hz;
};

/// The taps, as `mne.filter.create_filter(None, …, method="fir")`. Refuses with the words `positive`, `Nyquist`,
/// `transition`, `length` (too short for the transitions), `separated` (stop bands that cross), `unknown` (window).
[[nodiscard]] std::vector<double> fir_design(const FirDesign& design);
/// The same for several stop bands at once; `design` gives rate, length, phase, window and method.
[[nodiscard]] std::vector<double> fir_bandstop(const FirDesign& design, const StopBands& stops);

/// The minimum-phase filter of half the length with the square root of the magnitude (SciPy `minimum_phase`,
/// homomorphic); 1e-7 accurate by nature.
[[nodiscard]] std::vector<double> minimum_phase(const std::vector<double>& h);

/// What a person should know: a filter longer than the signal ("fir/longer-than-signal").
[[nodiscard]] Findings fir_findings(std::int64_t taps, std::int64_t samples);

}  // namespace caton
