// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"
#include "caton/geometry/metric.hpp"

#include <optional>
#include <vector>

namespace caton {

/// Tangent matrices at `from` carried to `to` along the geodesic, keeping their inner products: euclid, logeuclid,
/// riemann, logchol (pyRiemann `transport`).
[[nodiscard]] Matrices parallel_transport(MatricesView v, Signal from, Signal to, Metric metric = Metric::riemann);

/// Inner product at `reference` of tangent matrices of the same place (pyRiemann `innerproduct`): euclid, logeuclid,
/// riemann, logchol.
[[nodiscard]] std::vector<double> inner_product(MatricesView u, MatricesView v, Signal reference,
                                                Metric metric = Metric::riemann);

/// Gram matrix of inner products of a and b seen from `reference` (pyRiemann `kernel`): euclid, logeuclid, riemann.
/// Without `b` that of a with itself, 1e-10 added to its diagonal. Without `reference` riemann takes the mean of a, the
/// others take none.
[[nodiscard]] Matrix spd_kernel(MatricesView a, std::optional<MatricesView> b, std::optional<Signal> reference,
                                Metric metric = Metric::riemann);

}  // namespace caton
