// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"
#include "caton/geometry/metric.hpp"

#include <vector>

namespace caton {

[[nodiscard]] const std::vector<Metric>& distance_metrics();

/// Distance of every matrix of `a` to the one of `b`, or to the one of the same place where `b` has as many. `p` is the
/// exponent of poweuclid. Refuses sizes that differ (word `shape`), metrics without a distance (`metric`), matrices
/// that are not symmetric or, where the metric needs it, not positive definite (`symmetric`, `positive`). Equals
/// pyRiemann `distance`; kullback and its kin are divergences, without a root.
[[nodiscard]] std::vector<double> spd_distance(MatricesView a, MatricesView b, Metric metric = Metric::riemann,
                                               double p = 1);
/// All pairs: matrices of `a` x matrices of `b`; `squared` squares.
[[nodiscard]] Matrix spd_pairwise_distance(MatricesView a, MatricesView b, Metric metric = Metric::riemann,
                                           bool squared = false, double p = 1);

/// Length of each column of `x` (channels x points) less `mean` (channels) in units of the covariance `c`.
[[nodiscard]] std::vector<double> mahalanobis(Signal x, Signal c, std::span<const double> mean);

}  // namespace caton
