// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// When a speller may stop looking and decide.
namespace caton {

/// Gaussian kernel density with Scott's factor n^-1/5 times the standard deviation (divisor n - 1), as
/// `scipy.stats.gaussian_kde`. Refuses fewer than 2 values and equal ones (word `density`).
class KernelDensity {
 public:
  explicit KernelDensity(std::span<const double> values);
  [[nodiscard]] double at(double x) const;

 private:
  std::vector<double> values_;
  double width_ = 1;
};

struct StoppingDecision {
  double density_correct = 0, density_wrong = 0;
  double posterior = 0;  ///< that the decision would be right
  bool stop = false;
};

/// Decides by the largest score of an epoch: scores of right and wrong decisions on left-out training blocks become two
/// densities; the posterior is that of Bayes with `prior` (default: share of right ones). Fewer than 3 wrong ones are
/// no density, and 0 (MetaBCI dynamic_stopping/bayes.py).
class BayesStopping {
 public:
  /// Refuses prior and threshold outside [0, 1] (words `prior`, `threshold`).
  BayesStopping(std::span<const double> correct, std::span<const double> wrong, std::optional<double> prior = {},
                double threshold = 0.95);
  [[nodiscard]] StoppingDecision decide(double largest_score) const;

 private:
  KernelDensity correct_;
  std::optional<KernelDensity> wrong_;
  double prior_, threshold_;
};

struct StoppingCost {
  double reject = 0;  ///< H₀ = Σρ - K log Σ exp ρ
  double best = 0;    ///< H_q = largest less second
  bool stop = false;  ///< -H₀ θ > -H_q
};
/// Decides by the whole row of scores (MetaBCI dynamic_stopping/ce.py). Refuses fewer than 2 classes (word `classes`).
[[nodiscard]] StoppingCost stopping_cost(std::span<const double> score, double threshold);

}  // namespace caton
