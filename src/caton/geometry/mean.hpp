// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"
#include "caton/geometry/metric.hpp"

#include <span>
#include <vector>

namespace caton {

[[nodiscard]] const std::vector<Metric>& mean_metrics();

struct MeanOptions {
  Metric metric = Metric::riemann;
  double p = 1;            ///< exponent of power and poweuclid; power takes -1 … 1
  int max_iterations = 0;  ///< 0: that of the reference (50; 100 for alm and power)
};

/// Mean of a set in a metric, with the starting point, step control and stopping rule of pyRiemann `gmean` to the step:
/// riemann, wasserstein, logdet, thompson, ale, alm and power iterate, the others are closed forms. `weights` are
/// normalised; thompson takes none into account. Absolute thresholds (logdet 1e-4, thompson 1e-6) suit microvolts.
/// Refuses (words) `empty`, `weights`, `metric`, `symmetric`, `positive`.
[[nodiscard]] Matrix spd_mean(MatricesView c, const MeanOptions& options = {}, std::span<const double> weights = {});
[[nodiscard]] Matrix spd_mean(MatricesView c, Metric metric, std::span<const double> weights = {});

/// Riemannian mean of matrices in which rows and the same columns are NaN where a channel is missing (pyRiemann
/// `nanmean_riemann`; 100 rounds). Refuses (word `missing`) NaN that are not whole rows and columns, and a channel that
/// no matrix has.
[[nodiscard]] Matrix spd_mean_missing(MatricesView c, std::span<const double> weights = {}, int max_iterations = 0);

}  // namespace caton
