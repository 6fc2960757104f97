// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"

#include <span>

namespace caton {

struct JointDiagonal {
  Matrix v;    ///< v c_n vᵀ is as diagonal as one v can make all of them
  Matrices d;  ///< v c_n vᵀ
};

/// Approximate joint diagonalisation of positive definite matrices (Pham 2001) as pyRiemann `ajd_pham`: pairwise
/// transforms until the criterion of a sweep falls below size (size - 1) `eps`. Weights above 0 are normalised.
[[nodiscard]] JointDiagonal joint_diagonal(MatricesView c, double eps = 1e-6, int max_sweeps = 20,
                                           std::span<const double> weights = {});

}  // namespace caton
