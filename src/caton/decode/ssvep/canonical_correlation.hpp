// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <vector>

namespace caton {

/// Orthonormal rows that span the rows of x (rows x samples) less their means: as many as the rank, none for a flat x.
[[nodiscard]] Matrix centred_row_basis(Signal x);

/// Correlations of canonical variates of x (C x T) and y (Q x T), descending, min(C, Q) of them; 0 beyond the ranks.
/// Singular values of Q₁ᵀQ₂ of the centred, orthonormalised rows (MATLAB `canoncorr`), which is exact where
/// scikit-learn's alternating regressions stop early. Refuses other numbers of samples (word `shape`).
[[nodiscard]] std::vector<double> canonical_correlation(Signal x, Signal y);
/// The same of two bases from `centred_row_basis`.
[[nodiscard]] std::vector<double> basis_correlation(Signal x_basis, Signal y_basis);

/// Weights of x and what follows from them for y: u solves (x Q)(x Q)ᵀ u = ρ² x xᵀ u with uᵀ x xᵀ u = 1, largest ρ
/// first, v = R⁺ Qᵀ xᵀ u where yᵀ = Q R (MetaBCI `_scca_kernel`). Rows are taken as centred. `components` columns each.
/// Refuses (word `rank`) x with dependent rows.
struct CanonicalWeights {
  Matrix u;  ///< C x components
  Matrix v;  ///< Q x components
};
[[nodiscard]] CanonicalWeights canonical_weights(Signal x, Signal y, std::int64_t components);

}  // namespace caton
