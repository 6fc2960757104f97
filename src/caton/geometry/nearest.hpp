// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"

namespace caton {

/// The symmetric positive definite matrix nearest (Frobenius) to each square one, by its polar factor; `reg` is added
/// to the diagonal where the eigenvalues span more than 1 / `reg`. Equals pyRiemann `nearest_sym_pos_def`.
[[nodiscard]] Matrices spd_nearest(MatricesView c, double reg = 1e-6);

}  // namespace caton
