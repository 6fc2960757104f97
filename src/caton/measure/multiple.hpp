// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace caton {

enum class Correction { bonferroni, holm, benjamini_hochberg, benjamini_yekutieli };
/// "bonferroni", "holm", "bh" or "benjamini-hochberg", "by" or "benjamini-yekutieli"; others are refused (`method`).
[[nodiscard]] Correction correction_named(std::string_view name);

/// p values adjusted for their number (statsmodels multipletests), in the order given, at most 1. Refuses none
/// (`empty`) and values outside [0, 1] (`probability`).
[[nodiscard]] std::vector<double> adjusted_p(std::span<const double> p, Correction correction);

/// One p from independent ones: Stouffer's z with weights (empty: all 1), or Fisher's chi-squared.
[[nodiscard]] double combined_p_stouffer(std::span<const double> p, std::span<const double> weights);
[[nodiscard]] double combined_p_fisher(std::span<const double> p);

}  // namespace caton
