// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/mvar.hpp"
#include "caton/features/connectivity/phase_measures.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/zpk.hpp"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace caton {

enum class SpectralMode { fourier, multitaper };

struct SpectralConnectivity {
  double rate_hz = 0;
  std::vector<PhaseMeasure> measures;
  std::vector<Band> bands;
  SpectralMode mode = SpectralMode::fourier;  ///< fourier: one symmetric Hann taper
  std::optional<double> bandwidth_hz = {};    ///< of the tapers; nothing: half bandwidth NW 4
};

/// Each measure over epochs, mean over the bins of each band: C x C x bands, [i, j] of S_ij = X_i conj(X_j), diagonal 0
/// (mne_connectivity.spectral_connectivity_epochs with faverage). Refuses bands without a bin (word `band`) or reaching
/// Nyquist (`Nyquist`), flat channels (`flat`), too few epochs for unbiased measures (`epochs`).
[[nodiscard]] std::vector<Array<Complex, 3>> spectral_connectivity(Epochs epochs, const SpectralConnectivity& options);

/// One measure of one set of epochs after the other, all of one shape; asks for no memory after the first.
class RepeatedConnectivity {
 public:
  /// Refuses as `spectral_connectivity`; `options` ask for one measure.
  RepeatedConnectivity(const Epochs::Extents& extents, const SpectralConnectivity& options);
  ~RepeatedConnectivity();
  /// C x C x bands, valid until the next call. Refuses flat channels (`flat`).
  [[nodiscard]] const Array<Complex, 3>& run(Epochs epochs);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Phase slope index (Nolte 2008): Im of the sum over neighbouring bins of conj(c_ij(f)) c_ij(f + df), c the coherency;
/// C x C x bands, above 0 where i leads j. Refuses bands of fewer than two bins (word `band`).
[[nodiscard]] Array<double, 3> phase_slope_index(Epochs epochs, double rate_hz, std::span<const Band> bands);

/// The same estimators with each sample of the analytic signal of x (C, T), band-passed by the caller, as a repetition;
/// `trim` samples are dropped at both ends. C x C each. Neighbouring samples depend on each other: p values only by
/// surrogates. Refuses coherence measures (word `unknown`) and a trim that leaves nothing (`trim`, `short`).
[[nodiscard]] std::vector<Matrix> phase_connectivity(Signal x, std::span<const PhaseMeasure> measures,
                                                     std::int64_t trim = 0);

/// `phase_slope_index` of one set of epochs after the other, all of one shape; asks for no memory after the first.
class RepeatedSlope {
 public:
  /// Refuses as `phase_slope_index`.
  RepeatedSlope(const Epochs::Extents& extents, double rate_hz, std::span<const Band> bands);
  ~RepeatedSlope();
  /// C x C x bands, valid until the next call. Refuses flat channels (`flat`).
  [[nodiscard]] const Array<double, 3>& run(Epochs epochs);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace caton
