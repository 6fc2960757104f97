// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/random.hpp"
#include "caton/features/connectivity/mvar.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

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

/// From this size on the largest eigenvalue alone is looked for before all of them.
constexpr std::int64_t large = 96;
constexpr std::array<std::int64_t, 3> subspaces{40, 72, 104};
constexpr double agreement = 1e-10;  // of two subspaces, relative

/// The companion matrix times a vector: the upper block, then the vector moved down by one lag.
void advance(const Eigen::MatrixXd& upper, const Eigen::VectorXd& from, Eigen::Ref<Eigen::VectorXd> to) {
  const auto channels = upper.rows(), rest = upper.cols() - channels;
  to.head(channels).noalias() = upper * from;
  to.tail(rest) = from.head(rest);
}

/// Arnoldi's iteration from a fixed start; nothing when subspaces of growing size do not agree on the radius.
std::optional<double> radius_by_subspaces(const Eigen::MatrixXd& upper) {
  const auto size = upper.cols();
  const std::int64_t most = std::min<std::int64_t>(subspaces.back(), size - 1);
  Eigen::MatrixXd basis(size, most + 1), hessenberg = Eigen::MatrixXd::Zero(most + 1, most);
  RandomStream random(1, "mvar radius, start");
  for (Eigen::Index i = 0; i < size; ++i) basis(i, 0) = random.normal();
  basis.col(0).normalize();
  double before = -1;
  Eigen::VectorXd next(size);
  std::size_t stage = 0;
  for (std::int64_t m = 0; m < most; ++m) {
    advance(upper, basis.col(m), next);
    const auto known = basis.leftCols(m + 1);
    for (int pass = 0; pass < 2; ++pass) {
      const Eigen::VectorXd part = known.transpose() * next;
      next.noalias() -= known * part;
      hessenberg.col(m).head(m + 1) += part;
    }
    const double norm = next.norm();
    if (!(norm > 1e-12) || !std::isfinite(norm)) return std::nullopt;
    hessenberg(m + 1, m) = norm;
    basis.col(m + 1) = next / norm;
    if (m + 1 != std::min<std::int64_t>(subspaces[stage], most)) continue;
    const Eigen::EigenSolver<Eigen::MatrixXd> solver(hessenberg.topLeftCorner(m + 1, m + 1), false);
    if (solver.info() != Eigen::Success) return std::nullopt;
    const double radius = solver.eigenvalues().cwiseAbs().maxCoeff();
    if (std::abs(radius - before) <= agreement * radius) return radius;
    before = radius;
    ++stage;
  }
  return std::nullopt;
}

}  // namespace

double mvar_radius(Coefficients a) {
  require_coefficients("mvar_stability", a);
  const Eigen::MatrixXd matrix = companion(a);
  if (matrix.rows() >= large) {
    if (const auto radius = radius_by_subspaces(matrix.topRows(a.extent(1)))) return *radius;
  }
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(matrix, false);
  const double radius = solver.info() == Eigen::Success ? solver.eigenvalues().cwiseAbs().maxCoeff() : NAN;
  if (!std::isfinite(radius))
    throw input_error("mvar_stability", "the eigenvalues of the model are not finite", "look at its coefficients");
  return radius;
}

}  // namespace caton
