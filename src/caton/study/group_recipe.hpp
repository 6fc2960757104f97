// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/study/group_analysis.hpp"
#include "caton/study/recipe.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace caton {

/// A study of groups in one readable file: `[study]`, `[prepare]`, `[connectivity]`, `[statistics]`.
struct GroupRecipe {
  std::string name, dataset;
  std::optional<Path> path;
  Json dataset_options;
  std::string group_column;
  Json prepare_steps;
  GroupAnalysis analysis;
  RunLimits limits;  ///< not in `resolved`
  Json resolved;
};

/// The tables and keys, for checks and for the documentation.
[[nodiscard]] const std::vector<RecipeTable>& group_recipe_tables();
/// Whether a recipe is one of groups: it has a table `connectivity`.
[[nodiscard]] bool is_group_recipe(std::string_view text, const std::string& where);
/// Reads and completes a recipe. Errors (kind `usage`) name file, line and key, with near names for a misspelt one.
[[nodiscard]] GroupRecipe parse_group_recipe(std::string_view text, const std::string& where);

}  // namespace caton
