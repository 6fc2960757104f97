// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/base/random.hpp"
#include "caton/evaluate/answers.hpp"

#include <vector>

namespace caton {

/// Every two pipelines under the same plan, paired over the units they share (people; of one person the trials):
/// [{plan, a, b, metric: "accuracy", difference_points, low, high, n, unit, test, p, p_holm}], a less b. The test of
/// the units' accuracies is two-sided and follows MOABB's choice by their number: up to 13 all sign flips, up to 19
/// drawn flips, from 20 Wilcoxon's signed ranks. `p_holm` counts every comparison of the run. Without two units, or
/// where all units agree, p is null.
[[nodiscard]] Json comparisons(const std::vector<Answers>& evaluations, const RandomStream& random);

}  // namespace caton
