// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"
#include "caton/geometry/metric.hpp"

#include <vector>

namespace caton {

[[nodiscard]] const std::vector<Metric>& geodesic_metrics();

/// The matrix at `alpha` on the way from `a` (0) to `b` (1); `alpha` may lie outside. Refuses as `spd_distance`.
/// Equals pyRiemann `geodesic`.
[[nodiscard]] Matrix spd_geodesic(Signal a, Signal b, double alpha = 0.5, Metric metric = Metric::riemann);

}  // namespace caton
