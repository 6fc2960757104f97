// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace caton {

/// What a regression of x[n] on its past comes to.
struct RegressionFit {
  Matrix coefficients;  ///< C x (C order), column lag * C + channel (lag 0: one sample back)
  Matrix left;          ///< C x C: sums of squares and products of what it leaves
  bool well_conditioned = true;
};

/// By Cholesky, from the products of `lagged_products` up to `order` lags; scale: one factor for each regressor, that
/// brings its power (with the ridge) to 1. Nothing when a pivot says that fewer than eight digits would be left.
[[nodiscard]] std::optional<RegressionFit> solve_normal_equations(Signal products, const std::vector<double>& scale,
                                                                  double ridge);
/// The same from the scaled products themselves: rows and columns of the regressors, then of what they predict, padded
/// to whole registers. Only entries on and above the diagonal count; what is predicted is not scaled.
[[nodiscard]] std::optional<RegressionFit> solve_bordered(Matrix all, const std::vector<double>& scale);
/// Sum of squares and products of what the regression leaves: C x C.
[[nodiscard]] Matrix residual_products(Signal products, Signal coefficients);

}  // namespace caton
