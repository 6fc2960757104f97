// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/cholesky_metric.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/spectral.hpp"

#include <cmath>

namespace caton {

namespace {

/// A point of the metric: its factor and the factor's inverse.
struct Point {
  explicit Point(const std::string& where, Signal c) : factor(cholesky_of(where, c)), inverse(lower_inverse(factor)) {}

  Matrix factor, inverse;
};

/// Lower triangle of L⁻¹ v L⁻ᵀ, diagonal halved: the change of the factor is L times it.
Matrix bracket(const Point& point, Signal v) {
  Matrix result = product_transposed(product(point.inverse, v), point.inverse);
  for (std::int64_t i = 0; i < result.extent(0); ++i) {
    result(i, i) /= 2;
    for (std::int64_t j = i + 1; j < result.extent(1); ++j) result(i, j) = 0;
  }
  return result;
}

/// L tᵀ + t Lᵀ.
Matrix moved(Signal factor, Signal change) { return scaled(symmetrised(product_transposed(factor, change)), 2); }

template <class Change>
Matrices each(MatricesView set, const Change& change) {
  Matrices result(set.extents(), uninitialised);
  thread_pool().parallel_for(set.extent(0), [&](std::int64_t n) { put(change(set[n]), result[n]); });
  return result;
}

}  // namespace

Matrix logchol_coordinates(Signal c) {
  Matrix result = cholesky_of("logchol", c);
  for (std::int64_t i = 0; i < result.extent(0); ++i) result(i, i) = std::log(result(i, i));
  return result;
}

Matrix logchol_matrix(Signal coordinates) {
  Matrix factor(coordinates);
  for (std::int64_t i = 0; i < factor.extent(0); ++i) factor(i, i) = std::exp(factor(i, i));
  return symmetrised(product_transposed(factor, factor));
}

Matrices logchol_log(MatricesView c, Signal reference) {
  const Matrix factor = cholesky_of("log_map", reference);
  const Matrices factors = cholesky_of("log_map", c);
  return each(factors, [&](Signal other) {
    Matrix change = combination(1, other, -1, factor);
    for (std::int64_t i = 0; i < factor.extent(0); ++i)
      change(i, i) = factor(i, i) * std::log(other(i, i) / factor(i, i));
    return moved(factor, change);
  });
}

Matrices logchol_exp(MatricesView v, Signal reference) {
  const Point point("exp_map", reference);
  return each(v, [&](Signal direction) {
    const Matrix inner = bracket(point, direction);
    Matrix factor = combination(1, point.factor, 1, product(point.factor, inner));
    for (std::int64_t i = 0; i < factor.extent(0); ++i) factor(i, i) = std::exp(inner(i, i)) * point.factor(i, i);
    return symmetrised(product_transposed(factor, factor));
  });
}

Matrices logchol_transport(MatricesView v, Signal from, Signal to) {
  const Point start("parallel_transport", from);
  const Matrix end = cholesky_of("parallel_transport", to);
  return each(v, [&](Signal direction) {
    Matrix change = product(start.factor, bracket(start, direction));
    for (std::int64_t i = 0; i < end.extent(0); ++i) change(i, i) *= end(i, i) / start.factor(i, i);
    return moved(end, change);
  });
}

std::vector<double> logchol_inner(MatricesView u, MatricesView v, Signal reference) {
  const Point point("inner_product", reference);
  std::vector<double> result(static_cast<std::size_t>(u.extent(0)), 0.0);
  thread_pool().parallel_for(u.extent(0), [&](std::int64_t n) {
    const Matrix a = bracket(point, u[n]), b = bracket(point, v[n]);
    const Matrix x = product(point.factor, a), y = product(point.factor, b);
    double sum = 0;
    for (std::int64_t i = 0; i < x.extent(0); ++i) {
      for (std::int64_t j = 0; j < i; ++j) sum += x(i, j) * y(i, j);
      sum += a(i, i) * b(i, i);
    }
    result[static_cast<std::size_t>(n)] = sum;
  });
  return result;
}

}  // namespace caton
