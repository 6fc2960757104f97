// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"
#include "caton/geometry/metric.hpp"

#include <vector>

namespace caton {

/// Metrics that have tangent maps.
[[nodiscard]] const std::vector<Metric>& tangent_metrics();

/// Symmetric matrices at `reference` that point to each matrix of `c`, and back. riemann: log(R^-½ c R^-½), whitened
/// coordinates without the outer R^½; logeuclid, wasserstein, logchol: vectors of the metric itself. Refuses sizes that
/// differ (word `shape`), other metrics (`metric`), matrices that are not symmetric or positive definite
/// (`symmetric`, `positive`). Equals pyRiemann `log_map`, `exp_map`.
[[nodiscard]] Matrices log_map(MatricesView c, Signal reference, Metric metric = Metric::riemann);
[[nodiscard]] Matrices exp_map(MatricesView v, Signal reference, Metric metric = Metric::riemann);

/// Upper triangles row by row, off-diagonal entries times √2: matrices x size (size + 1) / 2.
[[nodiscard]] Matrix upper_vectors(MatricesView symmetric);
/// Back; refuses (word `shape`) a length that is no triangle.
[[nodiscard]] Matrices matrices_of_upper(Signal vectors);

/// `upper_vectors(log_map(…))` and `exp_map(matrices_of_upper(…))`.
[[nodiscard]] Matrix tangent_space(MatricesView c, Signal reference, Metric metric = Metric::riemann);
[[nodiscard]] Matrices untangent_space(Signal vectors, Signal reference, Metric metric = Metric::riemann);

}  // namespace caton
