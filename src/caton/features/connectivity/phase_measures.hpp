// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/tapered_spectra.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Estimators on cross-spectra of repetitions (epochs, or samples in time), as mne_connectivity has them.
namespace caton {

enum class PhaseMeasure {
  coherence,
  coherency,  ///< complex
  imaginary_coherence,
  plv,  ///< phase locking value
  corrected_imaginary_plv,
  ppc,  ///< pairwise phase consistency
  pli,  ///< phase lag index
  pli_squared_unbiased,
  directed_pli,  ///< above 0.5 where i leads j
  wpli,          ///< weighted phase lag index
  wpli_squared_debiased
};
/// Refuses other names (word `unknown`) with near ones.
[[nodiscard]] PhaseMeasure phase_measure_named(const std::string& where, std::string_view name);
[[nodiscard]] std::string phase_measure_names();
[[nodiscard]] bool is_coherence(PhaseMeasure measure) noexcept;
/// Refuses (word `epochs`) fewer than 2 repetitions for the measures that correct a bias.
void require_repetitions(const std::string& where, std::span<const PhaseMeasure> measures, std::int64_t repetitions);

/// One measure of all pairs at each frequency: bins x C x C, [i, j] of S_ij = sum over tapers of X_i conj(X_j); the
/// diagonal is 0.
struct MeasuredBins {
  Array<double, 3> values;
  Array<double, 3> imaginary;  ///< of coherency alone; else empty
  Matrix powers;               ///< working memory: the channels' powers at each frequency
};
[[nodiscard]] MeasuredBins measure_bins(const TaperedSpectra& spectra, PhaseMeasure measure);
/// The same into the result of an earlier call for the same measure and spectra of the same shape, without new memory.
void measure_bins(const TaperedSpectra& spectra, PhaseMeasure measure, MeasuredBins& result);

}  // namespace caton
