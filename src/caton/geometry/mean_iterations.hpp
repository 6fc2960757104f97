// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/mean.hpp"

/// The means that iterate; for files of this room. Weights are normalised already.
namespace caton {

using Weights = std::span<const double>;

/// Step length of the Riemannian gradient descent: longer rounds are cut, and what is short enough ends.
class StepControl {
 public:
  explicit StepControl(double tolerance = 1e-8) : tolerance_(tolerance) {}
  [[nodiscard]] double step() const noexcept { return step_; }
  /// Takes the norm of a round's gradient; true when the rounds end.
  bool ends(double norm) noexcept;

 private:
  double tolerance_;
  double step_ = 1;
  double before_ = 1.7976931348623157e308;
};

[[nodiscard]] Matrix riemann_mean(MatricesView c, Weights weights, int rounds, double tolerance = 1e-8);
[[nodiscard]] Matrix wasserstein_mean(MatricesView c, Weights weights, int rounds);
[[nodiscard]] Matrix logdet_mean(MatricesView c, Weights weights, int rounds);
[[nodiscard]] Matrix thompson_mean(MatricesView c, int rounds);
[[nodiscard]] Matrix ale_mean(MatricesView c, Weights weights, int rounds);
[[nodiscard]] Matrix alm_mean(MatricesView c, Weights weights, int rounds);
[[nodiscard]] Matrix power_mean(MatricesView c, Weights weights, int rounds, double p);

}  // namespace caton
