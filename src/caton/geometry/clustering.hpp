// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"
#include "caton/geometry/metric.hpp"

#include <cstdint>
#include <vector>

namespace caton {

struct KmeansOptions {
  std::int64_t clusters = 2;
  Metric metric = Metric::riemann;  ///< one that has both distances and means
  int max_iterations = 100;
  int restarts = 10;
  std::uint64_t seed = 0;
};

struct Kmeans {
  Matrices centres;                 ///< in the order in which their first members stand in the set
  std::vector<std::int64_t> label;  ///< the cluster of each matrix
  double inertia = 0;               ///< sum of squared distances to the centres
};

/// k-means of positive definite matrices: begins are drawn far apart (k-means++), each restart runs until no matrix
/// changes its cluster, the one with the least inertia is kept. Refuses more clusters than matrices (word `clusters`).
[[nodiscard]] Kmeans spd_kmeans(MatricesView c, const KmeansOptions& options = {});

}  // namespace caton
