// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/base/recipe_key.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace caton {

/// What a run may take of the machine: a recipe's `[limits]`. No result depends on it, so that it is part of no digest
/// and not of the recipe that a run folder keeps.
struct RunLimits {
  std::optional<double> memory_gb;  ///< none: 80 % of the machine's
  std::optional<int> threads;       ///< none: the number of processors
  std::optional<double> time_h;     ///< none: as long as it takes
};

[[nodiscard]] const std::vector<RecipeKey>& run_limit_keys();
/// Of a complete table; refuses (kind `usage`) what is not positive.
[[nodiscard]] RunLimits run_limits(const Json& table);

/// Sets them, before the first thread is started. What the command line or the environment says goes first.
void apply(const RunLimits& limits, bool memory_given, bool threads_given);

}  // namespace caton
