// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/measure/multiple.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace caton {

enum class EdgeTest { anova_repeated, t_paired, t_independent, anova_one_way };

struct GroupTest {
  EdgeTest test = EdgeTest::anova_repeated;
  Correction correction = Correction::benjamini_hochberg;
  double alpha = 0.05;
};

/// One test an edge (a directed pair in a band), then the correction over all edges.
struct EdgeTests {
  std::vector<double> statistic;  ///< F, or t
  std::vector<double> p_value, adjusted;
  std::vector<std::int64_t> significant;  ///< 1 where adjusted <= alpha
  Matrix mean;                            ///< conditions (or groups in ascending order) x edges
};

/// Within participants: values are participants x conditions x edges; two conditions for `t_paired`.
[[nodiscard]] EdgeTests edges_within(View<const double, 3> values, const GroupTest& options);
/// Between participants: values are participants x edges, with the group of each; two groups for `t_independent`.
[[nodiscard]] EdgeTests edges_between(View<const double, 2> values, std::span<const std::int64_t> group,
                                      const GroupTest& options);

}  // namespace caton
