// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"

/// The log-Cholesky metric: a matrix is its Cholesky factor, the diagonal taken by its logarithm.
namespace caton {

[[nodiscard]] Matrices logchol_log(MatricesView c, Signal reference);
[[nodiscard]] Matrices logchol_exp(MatricesView v, Signal reference);
[[nodiscard]] Matrices logchol_transport(MatricesView v, Signal from, Signal to);
[[nodiscard]] std::vector<double> logchol_inner(MatricesView u, MatricesView v, Signal reference);

/// Lower factor with the logarithm of its diagonal, and the matrix that such coordinates stand for.
[[nodiscard]] Matrix logchol_coordinates(Signal c);
[[nodiscard]] Matrix logchol_matrix(Signal coordinates);

}  // namespace caton
