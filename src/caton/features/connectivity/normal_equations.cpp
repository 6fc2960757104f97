// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/normal_equations.hpp"

#include "caton/base/lanes.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/features/connectivity/sums_of_products.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

/// Pivots of the scaled normal equations above this leave eight digits.
constexpr double safe_pivot = 1e-8;
constexpr std::int64_t block = 4;  // rows worked on together

/// The scaled products of the regressors, then of what they predict: [past now], padded to whole registers.
Matrix bordered(Signal products, const std::vector<double>& scale, double ridge) {
  const auto past = static_cast<std::int64_t>(scale.size());
  const std::int64_t size = products.extent(0), channels = size - past;
  Matrix all({size, whole_lanes(size)});
  for (std::int64_t r = 0; r < past; ++r) {
    const double s = scale[static_cast<std::size_t>(r)];
    for (std::int64_t c = r; c < past; ++c)
      all(r, c) = products(channels + r, channels + c) * s * scale[static_cast<std::size_t>(c)];
    all(r, r) += ridge * s * s;
    for (std::int64_t c = 0; c < channels; ++c) all(r, past + c) = products(c, channels + r) * s;
  }
  for (std::int64_t r = 0; r < channels; ++r) {
    for (std::int64_t c = 0; c < channels; ++c) all(past + r, past + c) = products(r, c);
  }
  return all;
}

/// Takes off rows first … of the columns from `from` on what the rows of the factor above them explain.
void take_off_above(Matrix& all, std::int64_t first, std::int64_t rows, std::int64_t above, Matrix& sums) {
  const std::int64_t width = all.extent(1), from = first / lane_count * lane_count;
  sums_of_products({.left = {all.data() + first, width, 1},
                    .right = all.data() + from,
                    .right_step = width,
                    .count = above,
                    .rows = rows,
                    .columns = width - from},
                   sums.data(), width);
  for (std::int64_t r = 0; r < rows; ++r) {
    double* const row = all.data() + (first + r) * width;
    const double* const sum = sums.data() + r * width;
    for (std::int64_t c = first + r; c < width; ++c) row[c] -= sum[c - from];
  }
}

/// The upper factor of the first `past` rows, with their other columns divided by it; the rest becomes what they leave.
bool factor(Matrix& all, std::int64_t past) {
  const std::int64_t size = all.extent(0), width = all.extent(1);
  Matrix sums({std::max(block, size - past), width}, uninitialised);
  for (std::int64_t first = 0; first < past; first += block) {
    const std::int64_t rows = std::min(block, past - first);
    take_off_above(all, first, rows, first, sums);
    for (std::int64_t k = first; k < first + rows; ++k) {
      double* const row = all.data() + k * width;
      for (std::int64_t m = first; m < k; ++m) {
        const double* const above = all.data() + m * width;
        const double weight = above[k];
        for (std::int64_t c = k; c < width; ++c) row[c] -= weight * above[c];
      }
      if (!(row[k] > safe_pivot)) return false;
      const double root = std::sqrt(row[k]);
      for (std::int64_t c = k; c < width; ++c) row[c] /= root;
    }
  }
  take_off_above(all, past, size - past, past, sums);
  return true;
}

/// Solves the upper factor times the result = its last columns, from the last row up.
Matrix substituted(const Matrix& all, std::int64_t past) {
  const std::int64_t channels = all.extent(0) - past, width = whole_lanes(channels);
  Matrix result({past, width});
  Matrix sums({block, width}, uninitialised);
  for (std::int64_t last = past; last > 0;) {
    const std::int64_t first = std::max<std::int64_t>(0, last - block), rows = last - first;
    sums_of_products({.left = {all.data() + first * all.extent(1) + last, 1, all.extent(1)},
                      .right = result.data() + last * width,
                      .right_step = width,
                      .count = past - last,
                      .rows = rows,
                      .columns = width},
                     sums.data(), width);
    for (std::int64_t k = last; k-- > first;) {
      for (std::int64_t c = 0; c < channels; ++c) {
        double value = all(k, past + c) - sums(k - first, c);
        for (std::int64_t m = k + 1; m < last; ++m) value -= all(k, m) * result(m, c);
        result(k, c) = value / all(k, k);
      }
    }
    last = first;
  }
  return result;
}

}  // namespace

std::optional<RegressionFit> solve_normal_equations(Signal products, const std::vector<double>& scale, double ridge) {
  const auto past = static_cast<std::int64_t>(scale.size());
  const std::int64_t channels = products.extent(0) - past;
  Matrix all = bordered(products, scale, ridge);
  if (!factor(all, past)) return std::nullopt;
  const Matrix solution = substituted(all, past);
  RegressionFit result{Matrix({channels, past}, uninitialised), Matrix({channels, channels}, uninitialised), true};
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t k = 0; k < past; ++k)
      result.coefficients(c, k) = solution(k, c) * scale[static_cast<std::size_t>(k)];
    for (std::int64_t r = 0; r <= c; ++r) result.left(r, c) = result.left(c, r) = all(past + r, past + c);
  }
  if (ridge > 0) result.left = residual_products(products, result.coefficients);
  return result;
}

Matrix residual_products(Signal products, Signal coefficients) {
  const std::int64_t channels = coefficients.extent(0), columns = coefficients.extent(1);
  const Signal past = products.slice(0, channels, columns).slice(1, channels, columns);
  const Signal cross = products.slice(0, 0, channels).slice(1, channels, columns);
  const Matrix explained = product_transposed(coefficients, cross);
  const Matrix both = product_transposed(product(coefficients, past), coefficients);
  Matrix result({channels, channels}, uninitialised);
  for (std::int64_t r = 0; r < channels; ++r) {
    for (std::int64_t c = 0; c < channels; ++c)
      result(r, c) = products(r, c) - explained(r, c) - explained(c, r) + (both(r, c) + both(c, r)) / 2;
  }
  return result;
}

}  // namespace caton
