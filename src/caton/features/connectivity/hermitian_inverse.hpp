// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/lane_matrix.hpp"

namespace caton {

/// The diagonal of the inverse of a Hermitian matrix at eight frequencies, a third of the work of the inverse itself:
/// factors L D Lᴴ, in whose place L⁻¹ grows. Only entries on and below the diagonal count, and the matrix is lost.
/// diagonal: eight reals for each row. False where a pivot is not above zero.
[[nodiscard]] bool inverse_diagonal(LaneMatrix& matrix, double* diagonal);

}  // namespace caton
