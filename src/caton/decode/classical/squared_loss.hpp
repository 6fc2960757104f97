// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/linear_model.hpp"

#include <cstdint>
#include <span>

namespace caton {

/// Linear classifiers by least squares: each output learns +1 for the samples of its class and -1 for all others (two
/// classes: one output, +1 for the second). rows: samples x features; y: 0 … classes-1, each present; weight: one a
/// sample or none. All refuse fewer than two classes (word `class`), unequal lengths (`shape`), negative weights or
/// none above 0 (`weights`).

/// Minimises Σ w_i (target_i - decision_i)² + alpha |W|² with free intercepts; equals scikit-learn 1.2
/// `RidgeClassifier(alpha)`. With fewer samples than features the problem is solved between the samples. Refuses alpha
/// not above 0 (word `alpha`).
[[nodiscard]] LinearModel fit_ridge(View<const double, 2> rows, std::span<const std::int64_t> y, std::int64_t classes,
                                    std::span<const double> weight = {}, double alpha = 1);

struct ElasticNetOptions {
  double alpha = 0.01;       ///< strength of the whole penalty
  double l1_ratio = 0.5;     ///< share of the absolute penalty, 0 … 1
  double tolerance = 1e-12;  ///< of the duality gap, as a share of the targets' squares
};
/// Minimises ½ Σ w_i (target_i - decision_i)² / Σ w_i + alpha l1_ratio |W|₁ + ½ alpha (1 - l1_ratio) |W|² with free
/// intercepts, by coordinate descent until the duality gap closes; equals scikit-learn 1.2
/// `ElasticNet(alpha, l1_ratio)` fitted to the targets of each output. Refuses alpha not above 0 (word `alpha`),
/// l1_ratio outside [0, 1] (word `l1_ratio`).
[[nodiscard]] LinearModel fit_elastic_net(View<const double, 2> rows, std::span<const std::int64_t> y,
                                          std::int64_t classes, std::span<const double> weight = {},
                                          const ElasticNetOptions& options = {});

}  // namespace caton
