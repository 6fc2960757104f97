// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/linear_model.hpp"

#include <cstdint>
#include <span>

namespace caton {

struct LogisticOptions {
  double c = 1;              ///< weight of the data against the penalty
  double l1_ratio = 0;       ///< 0: ridge only, 1: lasso only
  double tolerance = 1e-10;  ///< of the mean gradient
};

/// Logistic regression: minimises c Σ w_i log-loss_i + ½(1-ρ)|W|² + ρ|W|₁ with free intercepts; softmax over all
/// classes from three on (Σ intercepts = 0), one output for two. Newton's method on the exact second derivative
/// (coordinate descent inside it where ρ > 0), so any start and any solver of the same problem give the same numbers.
/// Equals scikit-learn 1.2 `LogisticRegression(C, penalty="l2" | "elasticnet", l1_ratio)` at its optimum.
/// rows: samples x features; y: 0 … classes-1; weight: one a sample or none. Refuses c <= 0 (word `c`), ρ outside [0,
/// 1] (word `l1_ratio`), negative weights (word `weights`).
[[nodiscard]] LinearModel fit_logistic(View<const double, 2> rows, std::span<const std::int64_t> y,
                                       std::int64_t classes, std::span<const double> weight = {},
                                       const LogisticOptions& options = {});

}  // namespace caton
