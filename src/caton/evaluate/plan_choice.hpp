// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/measure/plan.hpp"

#include <string>
#include <vector>

/// Split plans as recipes name them, and the published ones of systems.
namespace caton {

/// A recipe's plan (a name, or a table with name, folds, gap_samples, shuffle, group, unseen) with all keys.
[[nodiscard]] Json complete_plan(const Json& plan);
/// The plan `as-published` of a system ("rbtransformer"); an unknown system is refused with the known ones.
[[nodiscard]] Json published_plan(const std::string& system);

/// The folds of complete options. `random` is keyed by the study and the plan.
[[nodiscard]] std::vector<Fold> folds_of(const Columns& columns, const Json& plan, const RandomStream& random);
/// What the test sets claim to hold new ones of.
[[nodiscard]] Unit claim_of_plan(const Json& plan);
/// The honest plans to run beside a leaky one, as complete options.
[[nodiscard]] std::vector<Json> honest_twins(const Json& plan);

}  // namespace caton
