// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/mdm.hpp"

#include <span>
#include <vector>

namespace caton {

/// The Riemannian potato: what lies too far from the centre of clean covariances is rejected as an artefact.
struct PotatoOptions {
  MdmMetric metric;
  double threshold = 3;  ///< of the z-score of the log distance
  int max_iterations = 100;
};

class Potato {
 public:
  /// Centre and spread of the training matrices, those beyond the threshold left out one round after the other until
  /// none changes sides. Refuses (word `threshold`) when nothing is left. Equals pyRiemann `Potato`.
  explicit Potato(MatricesView training, const PotatoOptions& options = {});

  /// Moves centre and spread towards new clean matrices by `alpha`, 0 … 1 (pyRiemann `partial_fit`). Refuses another
  /// share (word `alpha`).
  void update(MatricesView clean, double alpha);
  /// Standardised logarithm of the distance to the centre.
  [[nodiscard]] std::vector<double> z_scores(MatricesView c) const;
  [[nodiscard]] bool accepts(double z) const noexcept { return z < options_.threshold; }

  [[nodiscard]] const Matrix& centre() const noexcept { return centre_; }
  [[nodiscard]] double log_mean() const noexcept { return log_mean_; }
  [[nodiscard]] double log_deviation() const noexcept { return log_deviation_; }

 private:
  [[nodiscard]] std::vector<double> log_distances(MatricesView c) const;

  PotatoOptions options_;
  Matrix centre_;
  double log_mean_ = 0, log_deviation_ = 0;
};

/// Probability that clean data lie as far out: 1 - Φ(z).
[[nodiscard]] double clean_probability(double z);
/// Fisher's combination of the probabilities of several potatoes, each at least 1e-10.
[[nodiscard]] double combined_probability(std::span<const double> z);

}  // namespace caton
