// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/random.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/cleaning/ica.hpp"
#include "caton/signal/cleaning/whitening.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {

namespace {

const std::string where = "ica_fastica";

Matrix random_start(std::int64_t size) {
  Matrix start({size, size}, uninitialised);
  RandomStream random(0, "fastica start");
  for (double& value : start) value = random.normal();
  return start;
}

double dot(View<const double, 1> a, View<const double, 1> b) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.extent(0); ++i) sum += a[i] * b[i];
  return sum;
}

/// (w wᵀ)^-1/2 w: the nearest orthonormal rows.
Matrix decorrelated(const Matrix& w) {
  const SymmetricEigen eigen = symmetric_eigen(product_transposed(w, w));
  Matrix scaled(eigen.vectors);
  for (std::int64_t k = 0; k < scaled.extent(1); ++k) {
    const double value = std::max(eigen.values[static_cast<std::size_t>(k)], std::numeric_limits<double>::min());
    for (std::int64_t i = 0; i < scaled.extent(0); ++i) scaled(i, k) /= std::sqrt(value);
  }
  return product(product_transposed(scaled, eigen.vectors), w);
}

/// score(w x) xᵀ/T - diag(mean slope) w.
Matrix fixed_point_step(Signal w, const Tiles& white, const FastIca& options) {
  ContrastMeans means =
      contrast_means(w, white, {.function = options.function, .alpha = options.alpha, .with_input = true});
  for (std::int64_t i = 0; i < w.extent(0); ++i) {
    for (std::int64_t k = 0; k < w.extent(1); ++k)
      means.cross(i, k) -= means.slope[static_cast<std::size_t>(i)] * w(i, k);
  }
  return std::move(means.cross);
}

struct Rotation {
  Matrix w;
  std::int64_t iterations = 0;
  bool converged = false;
};

Rotation parallel_rotation(const Tiles& white, const FastIca& options, const Matrix& start) {
  Rotation result{decorrelated(start)};
  while (!result.converged && result.iterations < options.max_iterations) {
    Matrix next = decorrelated(fixed_point_step(result.w, white, options));
    double change = 0;
    for (std::int64_t i = 0; i < next.extent(0); ++i)
      change = std::max(change, std::abs(std::abs(dot(next[i], result.w[i])) - 1));
    result.w = std::move(next);
    ++result.iterations;
    result.converged = change < options.tolerance;
  }
  return result;
}

/// Row `index` made orthogonal to the rows before it, and of length 1.
void make_orthonormal(View<double, 2> w, std::int64_t index) {
  const auto row = w[index];
  std::vector<double> shares;
  for (std::int64_t j = 0; j < index; ++j) shares.push_back(dot(row, w[j]));
  for (std::int64_t j = 0; j < index; ++j) {
    for (std::int64_t k = 0; k < row.extent(0); ++k) row[k] -= shares[static_cast<std::size_t>(j)] * w(j, k);
  }
  const double length = std::sqrt(dot(row, row));
  for (std::int64_t k = 0; k < row.extent(0); ++k) row[k] /= length;
}

Rotation deflation_rotation(const Tiles& white, const FastIca& options, const Matrix& start) {
  Rotation result{start, 0, true};
  for (std::int64_t i = 0; i < start.extent(0); ++i) {
    const auto row = result.w.view().slice(0, i, 1);
    const double length = std::sqrt(dot(row[0], row[0]));
    for (std::int64_t k = 0; k < row.extent(1); ++k) row(0, k) /= length;
    double change = std::numeric_limits<double>::infinity();
    std::int64_t iterations = 0;
    while (change >= options.tolerance && iterations < options.max_iterations) {
      const Array<double, 1> before(result.w[i]);
      const Matrix next = fixed_point_step(row, white, options);
      for (std::int64_t k = 0; k < row.extent(1); ++k) row(0, k) = next(0, k);
      make_orthonormal(result.w, i);
      change = std::abs(std::abs(dot(result.w[i], before.view())) - 1);
      ++iterations;
    }
    result.iterations = std::max(result.iterations, iterations);
    result.converged = result.converged && change < options.tolerance;
  }
  return result;
}

void require_options(const FastIca& options, const std::optional<Matrix>& start) {
  if (!(options.alpha >= 1 && options.alpha <= 2))
    throw usage_error(where, "alpha must lie between 1 and 2, got " + std::to_string(options.alpha));
  require_iterations(where, options.max_iterations);
  require_positive(where, "tolerance", options.tolerance);
  if (!start) return;
  if (start->extent(0) == options.components && start->extent(1) == options.components) {
    if (rank_of(svd(*start).singular, 1e-10) < options.components)
      throw input_error(where, "rank: the start matrix has dependent rows", "start from random values");
    return;
  }
  const std::string size = std::to_string(options.components);
  throw usage_error(where, "shape: the start matrix is " + std::to_string(start->extent(0)) + " x " +
                               std::to_string(start->extent(1)) + ", the components ask for " + size + " x " + size);
}

}  // namespace

IcaResult ica_fastica(Signal x, const FastIca& options, const std::optional<Matrix>& start) {
  const auto [whitening, white] = pca_whitened(where, x, options.components);
  require_options(options, start);
  const Matrix first = start ? *start : random_start(options.components);
  const Rotation rotation = options.algorithm == FastIcaAlgorithm::parallel ? parallel_rotation(white, options, first)
                                                                            : deflation_rotation(white, options, first);
  IcaResult result{.mean = whitening.mean, .iterations = rotation.iterations};
  result.sources = multiplied(rotation.w, white).signal();
  result.unmixing = product(rotation.w, whitening.matrix);
  const std::vector<double> means = row_means(result.sources);
  for (std::int64_t k = 0; k < options.components; ++k) {
    double power = 0;
    for (std::int64_t t = 0; t < x.extent(1); ++t) {
      const double value = result.sources(k, t) - means[static_cast<std::size_t>(k)];
      power += value * value;
    }
    const double deviation = std::sqrt(power / static_cast<double>(x.extent(1)));
    for (std::int64_t t = 0; t < x.extent(1); ++t) result.sources(k, t) /= deviation;
    for (std::int64_t c = 0; c < x.extent(0); ++c) result.unmixing(k, c) /= deviation;
  }
  result.mixing = pseudo_inverse(result.unmixing);
  if (!rotation.converged) {
    result.findings.push_back({.code = "ica/not-converged",
                               .severity = Severity::warn,
                               .where = where,
                               .what = "no convergence after " + std::to_string(rotation.iterations) + " iterations"});
  }
  return result;
}

}  // namespace caton
