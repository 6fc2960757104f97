// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <optional>
#include <vector>

/// Dense linear algebra on small matrices (float64), in one place so that order, signs and ties are the same
/// everywhere. Matrices are `Signal` views (rows x columns, any strides). One thread; the same bits for the same input.
namespace caton {

/// Eigenvalues and eigenvectors of a symmetric matrix.
struct SymmetricEigen {
  std::vector<double> values;  ///< ascending
  Matrix vectors;              ///< one eigenvector a column, orthonormal; signs as the solver leaves them
};

/// Reads the lower triangle only.
[[nodiscard]] SymmetricEigen symmetric_eigen(Signal a);
/// a v = w b v for symmetric a and positive definite b; columns are normalised to vᵀ b v = 1 (scipy.linalg.eigh).
/// Nothing when b is not positive definite.
[[nodiscard]] std::optional<SymmetricEigen> generalized_eigen(Signal a, Signal b);

/// Thin singular value decomposition: a = u diag(s) vᵀ.
struct Svd {
  Matrix u;                      ///< rows x k
  std::vector<double> singular;  ///< k, descending
  Matrix v;                      ///< columns x k
};
[[nodiscard]] Svd svd(Signal a);
/// Number of singular values above `relative` times the largest.
[[nodiscard]] std::int64_t rank_of(const std::vector<double>& singular, double relative);

[[nodiscard]] Matrix product(Signal a, Signal b);             ///< a b
[[nodiscard]] Matrix product_transposed(Signal a, Signal b);  ///< a bᵀ
[[nodiscard]] Matrix transposed_product(Signal a, Signal b);  ///< aᵀ b

/// Lower Cholesky factor of a symmetric matrix; nothing when it is not positive definite.
[[nodiscard]] std::optional<Matrix> cholesky(Signal a);
/// Solves a x = b by LU with partial pivoting; nothing when a is singular to working precision.
[[nodiscard]] std::optional<Matrix> solve(Signal a, Signal b);
/// Least squares a x = b, the smallest solution where the columns are dependent (SVD, cut at eps times the larger
/// size).
[[nodiscard]] Matrix least_squares(Signal a, Signal b);
/// Moore-Penrose inverse; singular values up to `relative` times the largest count as 0 (numpy.linalg.pinv: 1e-15).
[[nodiscard]] Matrix pseudo_inverse(Signal a, double relative = 1e-15);

/// The project's sign rule: every row is turned so that its entry of largest magnitude (the first of equals) is
/// positive. Gives the sign (+1 or -1) each row was multiplied by.
std::vector<double> sign_rows(View<double, 2> rows);
/// The same for columns.
std::vector<double> sign_columns(View<double, 2> columns);

}  // namespace caton
