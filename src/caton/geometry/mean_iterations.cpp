// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/mean_iterations.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/geometry/geodesic.hpp"
#include "caton/geometry/joint_diagonal.hpp"
#include "caton/geometry/spectral.hpp"
#include "caton/geometry/tangent.hpp"

#include <cmath>

namespace caton {

namespace {

const std::string where = "spd_mean";

/// r f r for one symmetric f.
Matrix between(Signal r, Signal f) { return copy_of(congruence(r, as_set(f)), 0); }

Matrix inverse(Signal c) { return spd_function(c, SpdFunction::power, -1); }

double spectral_norm(Signal symmetric) {
  const Matrix values = eigenvalues(as_set(symmetric));
  return std::max(std::abs(values(0, 0)), std::abs(values(0, values.extent(1) - 1)));
}

}  // namespace

bool StepControl::ends(double norm) noexcept {
  const double length = step_ * norm;
  if (length < before_) {
    step_ *= 0.95;
    before_ = length;
  } else {
    step_ *= 0.5;
  }
  return norm <= tolerance_ || step_ <= tolerance_;
}

Matrix riemann_mean(MatricesView c, Weights weights, int rounds, double tolerance) {
  Matrix mean = weighted_sum(c, weights);
  const WeightedLogs logs(where, c, {weights.begin(), weights.end()});
  StepControl control(tolerance);
  for (int round = 0; round < rounds; ++round) {
    // A triangular root l = m^½ u serves as well as m^½ (u is orthogonal: it turns the gradient and turns it back) and
    // halves the products.
    require_positive_definite(where, eigenvalues(as_set(mean)));
    const Matrix root = cholesky_of(where, mean);
    const Matrix gradient = logs(lower_inverse(root));
    mean = between(root, spd_function(scaled(gradient, control.step()), SpdFunction::exp));
    if (control.ends(frobenius_norm(gradient))) break;
  }
  return mean;
}

Matrix wasserstein_mean(MatricesView c, Weights weights, int rounds) {
  Matrix mean = weighted_sum(c, weights);
  for (int round = 0; round < rounds; ++round) {
    const Matrix gradient = weighted_sum(log_map(c, mean, Metric::wasserstein), weights);
    mean = copy_of(exp_map(as_set(gradient), mean, Metric::wasserstein), 0);
    if (frobenius_norm(gradient) <= 1e-8) break;
  }
  return mean;
}

Matrix logdet_mean(MatricesView c, Weights weights, int rounds) {
  Matrix mean = weighted_sum(c, weights);
  for (int round = 0; round < rounds; ++round) {
    Matrices halves(c.extents(), uninitialised);
    for (std::int64_t n = 0; n < c.extent(0); ++n) put(combination(0.5, mean, 0.5, c[n]), halves[n]);
    Matrix next = inverse(weighted_sum(spd_function(halves, SpdFunction::power, -1), weights));
    const double change = frobenius_norm(combination(1, next, -1, mean));
    mean = std::move(next);
    if (change <= 1e-4) break;
  }
  return mean;
}

Matrix thompson_mean(MatricesView c, int rounds) {
  const std::int64_t count = c.extent(0);
  Matrix mean = weighted_sum(c, normalised_weights(where, {}, count));
  for (int round = 0; round < rounds; ++round) {
    Matrix next = spd_geodesic(mean, c[round % count], 1.0 / (round + 2), Metric::thompson);
    const double change = frobenius_norm(combination(1, next, -1, mean));
    mean = std::move(next);
    if (change <= 1e-6) break;
  }
  return mean;
}

Matrix ale_mean(MatricesView c, Weights weights, int rounds) {
  Matrix b = joint_diagonal(c).v;
  const WeightedLogs logs(where, c, {weights.begin(), weights.end()});
  for (int round = 0; round < rounds; ++round) {
    const Matrix change = spd_function(logs(b), SpdFunction::exp);
    double distance = 0;
    for (std::int64_t i = 0; i < b.extent(0); ++i) {
      const double delta = change(i, i), log = std::log(delta);
      for (std::int64_t j = 0; j < b.extent(1); ++j) b(i, j) /= std::sqrt(std::abs(delta));
      distance += log * log;
    }
    if (std::sqrt(distance) <= 1e-6) break;
  }
  const Matrix middle = spd_function(logs(b), SpdFunction::exp);
  const auto back = solve(b, identity(b.extent(0)));
  if (!back) throw input_error(where, "the joint diagonaliser of these matrices is singular");
  return between(*back, middle);
}

Matrix alm_mean(MatricesView c, Weights weights, int rounds) {
  const std::int64_t count = c.extent(0), most = 6;
  if (count > most) {
    throw usage_error(
        where, "the metric alm takes at most " + std::to_string(most) + " matrices, its work grows as their factorial");
  }
  if (count == 1) return copy_of(c, 0);
  if (count == 2) return spd_geodesic(c[0], c[1], weights[1] / weights[0] / 2);
  Matrices now(c), next(c.extents(), uninitialised);
  for (int round = 0; round < rounds; ++round) {
    for (std::int64_t h = 0; h < count; ++h) {
      Matrices others({count - 1, c.extent(1), c.extent(2)}, uninitialised);
      std::vector<double> shares;
      for (std::int64_t k = 0; k < count - 1; ++k) {
        const std::int64_t place = (h + 1 + k) % count;
        put(now.view()[place], others[k]);
        shares.push_back(weights[static_cast<std::size_t>(place)]);
      }
      put(alm_mean(others, normalised_weights(where, shares, count - 1), rounds), next[h]);
    }
    const double change = spectral_norm(combination(1, next.view()[0], -1, now.view()[0]));
    const double size = spectral_norm(now.view()[0]);
    std::swap(now, next);
    if (change / size < 1e-14) break;
  }
  return weighted_sum(now, normalised_weights(where, {}, count));
}

Matrix power_mean(MatricesView c, Weights weights, int rounds, double p) {
  if (!(p >= -1 && p <= 1)) throw usage_error(where, "the exponent p of a power mean must be in [-1, 1]");
  if (p == 0) return riemann_mean(c, weights, rounds, 1e-9);
  if (p == 1) return weighted_sum(c, weights);
  if (p == -1) return inverse(weighted_sum(spd_function(c, SpdFunction::power, -1), weights));
  const double phi = 0.375 / std::abs(p), size = static_cast<double>(c.extent(1));
  const Matrix start =
      spd_function(weighted_sum(spd_function(c, SpdFunction::power, p), weights), SpdFunction::power, 1 / p);
  Matrix k = spd_function(start, p > 0 ? SpdFunction::invsqrt : SpdFunction::sqrt);
  const Matrices signed_set = p > 0 ? Matrices(c) : spd_function(c, SpdFunction::power, -1);
  for (int round = 0; round < rounds; ++round) {
    const Matrix h = weighted_sum(spd_function(congruence(k, signed_set), SpdFunction::power, std::abs(p)), weights);
    k = product(spd_function(h, SpdFunction::power, -phi), k);
    if (frobenius_norm(combination(1, h, -1, identity(c.extent(1)))) / std::sqrt(size) <= 1e-9) break;
  }
  const Matrix mean = symmetrised(transposed_product(k, k));
  return p > 0 ? inverse(mean) : mean;
}

}  // namespace caton
