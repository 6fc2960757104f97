// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/derivative.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/geometry/spectral.hpp"

#include <cmath>

namespace caton {

namespace {

/// First divided differences of f; its derivative where two values are equal to 12 digits.
Matrix quotients(const std::vector<double>& values, double (*f)(double), double (*derivative)(double)) {
  const auto size = static_cast<std::int64_t>(values.size());
  Matrix result({size, size}, uninitialised);
  for (std::int64_t i = 0; i < size; ++i) {
    for (std::int64_t j = 0; j < size; ++j) {
      const double a = values[static_cast<std::size_t>(i)], b = values[static_cast<std::size_t>(j)];
      const bool equal = std::abs(a - b) <= 1e-12 + 1e-12 * std::abs(b);
      result(i, j) = equal ? derivative(a) : (f(a) - f(b)) / (a - b);
    }
  }
  return result;
}

double exponential(double value) { return std::exp(value); }
double logarithm(double value) { return std::log(value); }
double reciprocal(double value) { return 1 / value; }

}  // namespace

Matrix DerivativeAt::along(Signal direction) const {
  Matrix rotated = product(transposed_product(vectors_, direction), vectors_);
  for (std::int64_t i = 0; i < rotated.extent(0); ++i) {
    for (std::int64_t j = 0; j < rotated.extent(1); ++j) rotated(i, j) *= quotients_(i, j);
  }
  return symmetrised(product_transposed(product(vectors_, rotated), vectors_));
}

DerivativeAt exp_derivative_at(Signal reference) {
  SymmetricEigen parts = symmetric_eigen(reference);
  return {std::move(parts.vectors), quotients(parts.values, exponential, exponential)};
}

DerivativeAt log_derivative_at(const std::string& where, Signal reference) {
  SymmetricEigen parts = symmetric_eigen(reference);
  Matrix values({1, reference.extent(0)});
  std::copy(parts.values.begin(), parts.values.end(), values.begin());
  require_positive_definite(where, values);
  return {std::move(parts.vectors), quotients(parts.values, logarithm, reciprocal)};
}

}  // namespace caton
