// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/zpk.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
/// True when one of them is made of phases alone, whatever the amplitudes: plv, corrected_imaginary_plv, ppc.
[[nodiscard]] bool needs_units(std::span<const PhaseMeasure> measures) noexcept;
/// Refuses (word `epochs`) fewer than 2 repetitions for the measures that correct a bias.
void require_repetitions(const std::string& where, std::span<const PhaseMeasure> measures, std::int64_t repetitions);

/// What repetitions of one frequency add up to, C x C each: S_ij = sum over tapers of w X_i conj(X_j).
struct CrossSums {
  explicit CrossSums(std::int64_t channels);

  Matrix re, im;            ///< of S
  Matrix unit_re, unit_im;  ///< of S / |S| (0 where S is 0)
  Matrix sign;              ///< of the sign of Im S
  Matrix size, square;      ///< of |Im S| and (Im S)^2
  double repetitions = 0;
};

/// Spectra of one frequency: repetition x taper x channel, real and imaginary parts apart, channels padded with zeros
/// to whole lanes.
struct BinSpectra {
  BinSpectra(std::int64_t repetitions, std::int64_t tapers, std::int64_t channels);

  std::int64_t repetitions, tapers, channels, width;
  Array<double, 2> re, im;      ///< (repetition * tapers + taper) x width
  std::vector<double> weights;  ///< of the tapers
};

/// `with_units`: also the sums of phases alone (`needs_units`), which cost a root and a division a pair.
[[nodiscard]] CrossSums cross_sums(const BinSpectra& spectra, bool with_units);
/// One measure of all pairs, [i, j]; real measures in the real part; the diagonal is 0.
[[nodiscard]] Array<Complex, 2> evaluate_measure(const CrossSums& sums, PhaseMeasure measure);

}  // namespace caton
