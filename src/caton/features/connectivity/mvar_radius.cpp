// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/random.hpp"
#include "caton/features/connectivity/mvar.hpp"
#include "caton/features/connectivity/sums_of_products.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

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
/// Free steps before each search: they leave little but what dies down slowest.
constexpr std::array<std::int64_t, 3> runs{600, 2400, 9600};
constexpr std::array<std::int64_t, 2> subspaces{32, 48};
constexpr double agreement = 1e-10;  // of two subspaces, relative
constexpr std::int64_t steps_together = 64;

/// Lets the model run from a state (newest sample first), which ends with length 1; false when it dies or grows beyond
/// all bounds.
bool let_run(const Eigen::MatrixXd& upper, std::int64_t steps, Eigen::VectorXd& state) {
  const std::int64_t channels = upper.rows(), size = upper.cols(), width = whole_lanes(channels);
  Matrix lags({size, width});
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t k = 0; k < size; ++k) lags(k, i) = upper(i, k);
  }
  std::vector<double> history(static_cast<std::size_t>(size + steps_together * channels));
  std::vector<double> next(static_cast<std::size_t>(width));
  double* const last = history.data() + steps_together * channels;
  for (std::int64_t done = 0; done < steps; done += steps_together) {
    std::copy_n(state.data(), size, last);
    double* newest = last;
    for (std::int64_t step = 0; step < steps_together; ++step) {
      sums_of_products({.left = {newest, 1, size},
                        .right = lags.data(),
                        .right_step = width,
                        .count = size,
                        .rows = 1,
                        .columns = width},
                       next.data(), width);
      newest -= channels;
      std::copy_n(next.data(), channels, newest);
    }
    std::copy_n(newest, size, state.data());
    const double norm = state.norm();
    if (!(norm > 1e-200) || !std::isfinite(norm)) return false;
    state /= norm;
  }
  return true;
}

/// The companion matrix times a vector: the upper block, then the vector moved down by one lag.
void advance(const Eigen::MatrixXd& upper, const Eigen::VectorXd& from, Eigen::Ref<Eigen::VectorXd> to) {
  const auto channels = upper.rows(), rest = upper.cols() - channels;
  to.head(channels).noalias() = upper * from;
  to.tail(rest) = from.head(rest);
}

std::optional<double> largest_modulus(const Eigen::MatrixXd& matrix) {
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(matrix, false);
  if (solver.info() != Eigen::Success) return std::nullopt;
  return solver.eigenvalues().cwiseAbs().maxCoeff();
}

/// Arnoldi's iteration from this start; nothing when subspaces of growing size do not agree on the radius.
std::optional<double> radius_by_subspaces(const Eigen::MatrixXd& upper, const Eigen::VectorXd& start) {
  const std::int64_t size = upper.cols(), most = subspaces.back();
  Eigen::MatrixXd basis(size, most + 1), hessenberg = Eigen::MatrixXd::Zero(most + 1, most);
  basis.col(0) = start;
  std::optional<double> before;
  Eigen::VectorXd next(size);
  for (std::int64_t m = 0; m < most; ++m) {
    advance(upper, basis.col(m), next);
    const double length = next.norm();
    const auto known = basis.leftCols(m + 1);
    for (int pass = 0; pass < 2; ++pass) {
      const Eigen::VectorXd part = known.transpose() * next;
      next.noalias() -= known * part;
      hessenberg.col(m).head(m + 1) += part;
    }
    const double norm = next.norm();
    if (!std::isfinite(norm)) return std::nullopt;
    // Nothing leads out of the subspace: what it holds is exact.
    if (!(norm > 1e-13 * length)) return largest_modulus(hessenberg.topLeftCorner(m + 1, m + 1));
    hessenberg(m + 1, m) = norm;
    basis.col(m + 1) = next / norm;
    if (std::find(subspaces.begin(), subspaces.end(), m + 1) == subspaces.end()) continue;
    const auto radius = largest_modulus(hessenberg.topLeftCorner(m + 1, m + 1));
    if (!radius) return std::nullopt;
    if (before && std::abs(*radius - *before) <= agreement * *radius) return radius;
    before = radius;
  }
  return std::nullopt;
}

std::optional<double> radius_by_runs(const Eigen::MatrixXd& upper) {
  Eigen::VectorXd state(upper.cols());
  RandomStream random(1, "mvar radius, start");
  for (Eigen::Index i = 0; i < state.size(); ++i) state[i] = random.normal();
  for (const std::int64_t steps : runs) {
    if (!let_run(upper, steps, state)) return std::nullopt;
    if (const auto radius = radius_by_subspaces(upper, state)) return radius;
  }
  return std::nullopt;
}

}  // namespace

double mvar_radius(Coefficients a) {
  require_coefficients("mvar_stability", a);
  const Eigen::MatrixXd matrix = companion(a);
  if (matrix.rows() >= large) {
    if (const auto radius = radius_by_runs(matrix.topRows(a.extent(1)))) return *radius;
  }
  const double radius = largest_modulus(matrix).value_or(NAN);
  if (!std::isfinite(radius))
    throw input_error("mvar_stability", "the eigenvalues of the model are not finite", "look at its coefficients");
  return radius;
}

}  // namespace caton
