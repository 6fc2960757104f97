// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/runner.hpp"
#include "caton/measure/plan.hpp"

#include <string>
#include <vector>

namespace caton {

/// The whole pipeline fitted again on permuted labels (RELIABILITY 14.2, control/permutation): labels change places by
/// trial within each person, every fold is fitted and tested on them. What stays above chance is the protocol's doing.
struct PermutedRequest {
  const PipelineSpec* pipeline = nullptr;
  std::string plan;
  const std::vector<Fold>* folds = nullptr;
  std::int64_t permutations = 20;
  std::uint64_t seed = 0;
  std::string held_out = "trial"; ///< as `FitContext::held_out`
};

/// Accuracy of each permutation; empty where all labels are the same. Parallel over permutations.
[[nodiscard]] std::vector<double> accuracy_on_permuted_labels(const PermutedRequest& request);

/// {permutations, mean, low, high, refitted: true}: low and high hold 95 % of the accuracies.
[[nodiscard]] Json permuted_json(std::vector<double> accuracy);

}  // namespace caton
