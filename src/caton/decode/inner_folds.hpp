// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/measure/plan.hpp"
#include "caton/samples/sample_set.hpp"

#include <string>
#include <vector>

namespace caton {

struct InnerFolds {
  std::vector<Fold> folds;
  std::string kept_together;  ///< "subject", "session", "recording", "trial" or "window"
};

/// Folds within a training set that keep together what the outer plan holds out; where the training set has fewer than
/// two of these, or a fold would lack a class, the next smaller unit. Stratified. Refuses (word `folds`) a training set
/// that no unit can split.
[[nodiscard]] InnerFolds inner_folds(const SampleSet& training, const std::string& held_out, std::int64_t folds,
                                     const RandomStream& random);

}  // namespace caton
