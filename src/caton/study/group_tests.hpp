// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/study/group_analysis.hpp"

#include <string>
#include <vector>

namespace caton {

/// Refuses designs that these groups and sessions cannot answer (words `group`, `session`).
void require_design(GroupDesign design, const std::vector<std::string>& groups,
                    const std::vector<std::string>& sessions);

/// Fills in what the tests of a measured study come to: participants, values, effects, means, differences. Participants
/// without all sessions are left out where sessions are compared, and told.
void test_groups(const GroupAnalysis& options, GroupConnectivity& result);

/// Half of a 95 % Student interval of the mean; 0 of a single value.
[[nodiscard]] double half_interval(const std::vector<double>& values);

/// The tests of one table participants x sessions x edges, each effect corrected over all edges.
[[nodiscard]] std::vector<EdgeEffect> edge_effects(const GroupAnalysis& options, View<const double, 3> values,
                                                   const std::vector<std::int64_t>& group);

}  // namespace caton
