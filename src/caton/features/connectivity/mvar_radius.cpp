// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/features/connectivity/mvar.hpp"

#include <Eigen/Eigenvalues>

#include <cmath>

namespace caton {

namespace {

Eigen::MatrixXd companion(Coefficients a) {
  const std::int64_t order = a.extent(0), channels = a.extent(1), size = order * channels;
  Eigen::MatrixXd result = Eigen::MatrixXd::Zero(size, size);
  for (std::int64_t k = 0; k < order; ++k) {
    for (std::int64_t i = 0; i < channels; ++i) {
      for (std::int64_t j = 0; j < channels; ++j) result(i, k * channels + j) = a(k, i, j);
    }
  }
  for (std::int64_t i = channels; i < size; ++i) result(i, i - channels) = 1;
  return result;
}

}  // namespace

double mvar_radius(Coefficients a) {
  require_coefficients("mvar_stability", a);
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(companion(a), false);
  const double radius = solver.info() == Eigen::Success ? solver.eigenvalues().cwiseAbs().maxCoeff() : NAN;
  if (!std::isfinite(radius))
    throw input_error("mvar_stability", "the eigenvalues of the model are not finite", "look at its coefficients");
  return radius;
}

}  // namespace caton
