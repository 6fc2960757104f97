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

/// Some rows of the factor, and what the rows above explain of their columns from `from` on.
struct FactorRows {
  double* all;
  std::int64_t width, first, from;
  const double* sums;
};

/// Weights of the rows above within the block, and one by the roots of the pivots.
struct BlockWeights {
  double above[block][block], inverse[block];
};

/// Rows less what those above explain, each divided by its pivot's root.
struct FactorKernel {
  static inline __attribute__((always_inline)) void run(const FactorRows* rows, const BlockWeights* weights) {
    const FactorRows here = *rows;
    for (std::int64_t c = here.from; c < here.width; c += lane_count) {
      Lanes values[block];
#pragma GCC unroll 4
      for (int r = 0; r < block; ++r) {
        Lanes sum;
        load_lanes(values[r], here.all + (here.first + r) * here.width + c);
        load_lanes(sum, here.sums + r * here.width + c - here.from);
        values[r] -= sum;
#pragma GCC unroll 4
        for (int m = 0; m < r; ++m) values[r] -= weights->above[m][r] * values[m];
        values[r] *= weights->inverse[r];
        store_lanes(values[r], here.all + (here.first + r) * here.width + c);
      }
    }
  }
};

/// The rows of a block from the last one up: sums taken off, then what the rows below give.
struct BackKernel {
  static inline __attribute__((always_inline)) void run(const FactorRows* rows, const BlockWeights* weights,
                                                        double* result, std::int64_t count) {
    for (std::int64_t c = 0; c < rows->width; c += lane_count) {
      Lanes values[block]{};
#pragma GCC unroll 4
      for (int r = block - 1; r >= 0; --r) {
        if (r >= count) continue;
        Lanes sum;
        load_lanes(values[r], result + r * rows->width + c);
        load_lanes(sum, rows->sums + r * rows->width + c);
        values[r] -= sum;
#pragma GCC unroll 4
        for (int m = r + 1; m < block; ++m) {
          if (m < count) values[r] -= weights->above[r][m] * values[m];
        }
        values[r] *= weights->inverse[r];
        store_lanes(values[r], result + r * rows->width + c);
      }
    }
  }
};

/// The factor of the block of rows `first` … on the diagonal, out of the entries less their sums; false for a pivot
/// that leaves too few digits.
bool factor_block(const Matrix& all, std::int64_t first, std::int64_t from, const Matrix& sums, BlockWeights& weights) {
  for (std::int64_t k = 0; k < block; ++k) {
    for (std::int64_t c = k; c < block; ++c) {
      double value = all(first + k, first + c) - sums(k, first + c - from);
      for (std::int64_t m = 0; m < k; ++m) value -= weights.above[m][k] * weights.above[m][c];
      if (c == k) {
        if (!(value > safe_pivot)) return false;
        weights.inverse[k] = 1 / std::sqrt(value);
      }
      weights.above[k][c] = value * weights.inverse[k];
    }
  }
  return true;
}

void sums_above(const Matrix& all, std::int64_t first, std::int64_t rows, std::int64_t above, Matrix& sums) {
  const std::int64_t width = all.extent(1), from = first / lane_count * lane_count;
  sums_of_products({.left = {all.data() + first, width, 1},
                    .right = all.data() + from,
                    .right_step = width,
                    .count = above,
                    .rows = rows,
                    .columns = width - from},
                   sums.data(), width);
}

/// A row by itself: those that are left when the blocks are done.
bool factor_row(Matrix& all, std::int64_t k, const Matrix& sums) {
  const std::int64_t width = all.extent(1), from = k / lane_count * lane_count;
  const double pivot = all(k, k) - sums(0, k - from);
  if (!(pivot > safe_pivot)) return false;
  const double inverse = 1 / std::sqrt(pivot);
  for (std::int64_t c = k; c < width; ++c) all(k, c) = (all(k, c) - sums(0, c - from)) * inverse;
  return true;
}

/// The upper factor of the first `past` rows, with their other columns divided by it; the rest becomes what they leave.
bool factor(Matrix& all, std::int64_t past) {
  const std::int64_t size = all.extent(0), width = all.extent(1), blocks_end = past / block * block;
  Matrix sums({std::max(block, size - past), width}, uninitialised);
  for (std::int64_t first = 0; first < blocks_end; first += block) {
    BlockWeights weights;
    const FactorRows rows{all.data(), width, first, first / lane_count * lane_count, sums.data()};
    sums_above(all, first, block, first, sums);
    if (!factor_block(all, first, rows.from, sums, weights)) return false;
    run_on<FactorKernel>(processor(), &rows, static_cast<const BlockWeights*>(&weights));
  }
  for (std::int64_t k = blocks_end; k < past; ++k) {
    sums_above(all, k, 1, k, sums);
    if (!factor_row(all, k, sums)) return false;
  }
  sums_above(all, past, size - past, past, sums);
  for (std::int64_t r = past; r < size; ++r) {
    for (std::int64_t c = r; c < size; ++c) all(r, c) -= sums(r - past, c - past / lane_count * lane_count);
  }
  return true;
}

/// Solves the upper factor times the result = its last columns, from the last row up.
Matrix substituted(const Matrix& all, std::int64_t past) {
  const std::int64_t channels = all.extent(0) - past, width = whole_lanes(channels);
  Matrix result({past, width});
  for (std::int64_t k = 0; k < past; ++k) std::copy_n(&all(k, past), channels, &result(k, 0));
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
    BlockWeights weights{};
    for (std::int64_t k = 0; k < rows; ++k) {
      weights.inverse[k] = 1 / all(first + k, first + k);
      for (std::int64_t m = k + 1; m < rows; ++m) weights.above[k][m] = all(first + k, first + m);
    }
    const FactorRows here{nullptr, width, first, 0, sums.data()};
    run_on<BackKernel>(processor(), &here, static_cast<const BlockWeights*>(&weights), &result(first, 0), rows);
    last = first;
  }
  return result;
}

}  // namespace

std::optional<RegressionFit> solve_bordered(Matrix all, const std::vector<double>& scale) {
  const auto past = static_cast<std::int64_t>(scale.size());
  const std::int64_t channels = all.extent(0) - past;
  if (!factor(all, past)) return std::nullopt;
  const Matrix solution = substituted(all, past);
  RegressionFit result{Matrix({channels, past}, uninitialised), Matrix({channels, channels}, uninitialised), true};
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t k = 0; k < past; ++k)
      result.coefficients(c, k) = solution(k, c) * scale[static_cast<std::size_t>(k)];
    for (std::int64_t r = 0; r <= c; ++r) result.left(r, c) = result.left(c, r) = all(past + r, past + c);
  }
  return result;
}

std::optional<RegressionFit> solve_normal_equations(Signal products, const std::vector<double>& scale, double ridge) {
  auto result = solve_bordered(bordered(products, scale, ridge), scale);
  if (result && ridge > 0) result->left = residual_products(products, result->coefficients);
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
