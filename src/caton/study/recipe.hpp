// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/base/recipe_key.hpp"
#include "caton/study/run_limits.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// A study in one readable file. `resolved` is what the run used, complete, and what is written back.
struct Recipe {
  struct Pipeline {
    std::string name;
    Json input;  ///< complete table with `name`
    Json steps;  ///< list of transforms
    /// Transforms fitted on all samples before any split, to show what that does; null: none.
    Json before_split = {};
    Json decoder;                   ///< complete table with `name`
    std::string decide = "window";  ///< what one answer is given for: "window" or "trial"
    Json search = {};               ///< how candidates are chosen; null: none
    Json series = {};               ///< which point of a line of the report it is; null: none
  };
  struct Plan {
    std::string name;
    Json options;  ///< folds, gap_samples …
  };

  std::string name, dataset;
  std::optional<Path> path;
  std::uint64_t seed = 0;
  Json dataset_options;               ///< the layout's keys, complete
  std::vector<std::string> channels;  ///< to decode from; empty: the study's
  std::string duplicates;             ///< "leave-out", "leave-out-first" or "keep"
  std::string unseen;  ///< the claim: "window", "trial", "session", "subject"; empty: what the plan tests
  Json prepare_steps;
  double window_length_s = 0, window_step_s = 0;
  std::vector<Pipeline> pipelines;
  std::vector<Plan> plans;
  std::string published;
  std::vector<std::string> metrics;
  std::vector<double> learning_curve;  ///< shares of the training sets, ascending
  std::string explain_plan;  ///< of which folds explanations are made; empty: the honest plan with the widest claim
  bool explain = true, twins = true, final_fit = true;
  std::int64_t permutations = 20;
  RunLimits limits;  ///< not in `resolved`
  Json resolved;
};

/// One table of a recipe and its keys, for checks and for the documentation.
struct RecipeTable {
  std::string name;  ///< "study", "prepare", "pipeline", "evaluate", "limits"
  std::string about;
  std::vector<RecipeKey> keys;
};
[[nodiscard]] const std::vector<RecipeTable>& recipe_tables();

/// Reads and completes a recipe. Errors (kind `usage`) name file, line and key, with near names for a misspelt one.
[[nodiscard]] Recipe parse_recipe(std::string_view text, const std::string& where);
[[nodiscard]] Recipe read_recipe(const Path& path);

}  // namespace caton
