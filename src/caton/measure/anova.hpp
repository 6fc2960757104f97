// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Analyses of variance between groups of participants and within them. All refuse fewer than two participants in a
/// cell (word `subjects`), fewer than two groups or conditions (`group`, `conditions`), and values that do not vary
/// (`flat`).
namespace caton {

struct FTest {
  double f = 0;
  double freedom = 0, error_freedom = 0;
  double p = 1;
  double partial_eta_squared = 0;  ///< share of the variance that is not explained otherwise
};

/// scipy.stats.f_oneway; `group` names the group of each value. Eta squared stands in `partial_eta_squared`.
[[nodiscard]] FTest anova_one_way(std::span<const double> values, std::span<const std::int64_t> group);

struct RepeatedAnova {
  FTest effect;
  double epsilon = 1;     ///< Greenhouse-Geisser
  double epsilon_hf = 1;  ///< Huynh-Feldt
  double p_gg = 1;        ///< p with both degrees of freedom times epsilon
};
/// values: participants x conditions (statsmodels AnovaRM).
[[nodiscard]] RepeatedAnova anova_repeated(View<const double, 2> values);

struct MixedAnova {
  FTest between, within, interaction;
  double epsilon = 1;  ///< Greenhouse-Geisser, of the covariance pooled within groups
  double within_p_gg = 1, interaction_p_gg = 1;
};
/// values: participants x conditions; `group` of each participant. Weighted means: the sums of squares are those of all
/// types for equal groups, sequential ones else.
[[nodiscard]] MixedAnova anova_mixed(View<const double, 2> values, std::span<const std::int64_t> group);

/// Members of each group, groups in ascending order of their names.
[[nodiscard]] std::vector<std::vector<std::int64_t>> group_members(const std::string& where,
                                                                   std::span<const std::int64_t> group);

}  // namespace caton
