// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <complex>
#include <optional>
#include <vector>

namespace caton {

struct CrossSpectrumOptions {
  std::int64_t window = 128;      ///< samples, at least 2
  double overlap = 0.75;          ///< share of a window, inside (0, 1)
  std::optional<double> rate_hz;  ///< without it frequencies are cycles a sample and no band is taken
  std::optional<double> low_hz;   ///< both edges belong to the band
  std::optional<double> high_hz;
  bool corrected_one_sided = false;  ///< double by the true frequency, not by the place in the band
};

struct CrossSpectrum {
  Array<std::complex<double>, 4> s;  ///< trials x channels x channels x frequencies: mean over windows of conj(X_i) X_j
  std::vector<double> frequency_hz;
};

/// Cross-spectra over symmetric Hann windows without detrending, over the window's energy. As pyRiemann
/// `cross_spectrum`, which doubles bins after the band was taken: its first and, for an even window, its last bin are
/// not doubled, whatever their frequency. Refuses (words) `window`, `overlap`, `samples`, `band`, `Nyquist`.
[[nodiscard]] CrossSpectrum cross_spectrum(View<const double, 3> x, const CrossSpectrumOptions& options);

enum class CoherenceKind { ordinary, instantaneous, imaginary, lagged };
/// Squared coherence of all pairs of channels, trials x channels x channels x frequencies (pyRiemann `coherence`).
/// Lagged coherence is 0 at 0 Hz and Nyquist, where it is not defined. A channel without power is refused (word
/// `flat`).
[[nodiscard]] Array<double, 4> coherence_welch(View<const double, 3> x, const CrossSpectrumOptions& options,
                                               CoherenceKind kind = CoherenceKind::ordinary);

}  // namespace caton
