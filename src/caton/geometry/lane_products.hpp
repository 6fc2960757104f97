// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"

#include <cstdint>

/// Products of eight matrices at once. Tiles of entries stay in registers; every sum runs over k in order.
namespace caton {

/// `out` (lower triangles) = Σ_k left_k right_kᵀ over rows k of `left` and `right`, n x n each.
struct SymmetricProduct {
  static inline __attribute__((always_inline)) void run(const double* left, const double* right, std::int64_t n,
                                                        std::int64_t stride, double* out) {
    for (std::int64_t i = 0; i < n; i += 4) {
      for (std::int64_t j = 0; j <= i; j += 4) {
        if (i + 4 <= n) {
          tile<4, 4>(left + i * lane_count, right + j * lane_count, n, stride, out + (i * stride + j) * lane_count);
        } else {
          for (std::int64_t row = i; row < n; ++row) {
            for (std::int64_t column = j; column < j + 4 && column <= row; ++column)
              tile<1, 1>(left + row * lane_count, right + column * lane_count, n, stride,
                         out + (row * stride + column) * lane_count);
          }
        }
      }
    }
  }

 private:
  template <int rows, int columns>
  static inline __attribute__((always_inline)) void tile(const double* left, const double* right, std::int64_t n,
                                                         std::int64_t stride, double* out) {
    Lanes sums[rows][columns] = {}, a[rows], b;
    for (std::int64_t k = 0; k < n; ++k) {
#pragma GCC unroll 4
      for (int i = 0; i < rows; ++i) load_lanes(a[i], left + (k * stride + i) * lane_count);
#pragma GCC unroll 4
      for (int j = 0; j < columns; ++j) {
        load_lanes(b, right + (k * stride + j) * lane_count);
#pragma GCC unroll 4
        for (int i = 0; i < rows; ++i) sums[i][j] += a[i] * b;
      }
    }
#pragma GCC unroll 4
    for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 4
      for (int j = 0; j < columns; ++j) store_lanes(sums[i][j], out + (i * stride + j) * lane_count);
    }
  }
};

/// One matrix w that multiplies eight: n x n, and where it is `lower` triangular the zeros are passed over.
struct OneMatrix {
  const double* values;
  std::int64_t n;
  bool lower;

  /// Columns that rows up to `last` have.
  [[nodiscard]] std::int64_t columns(std::int64_t last) const { return lower ? last + 1 : n; }
};

/// Sums of `lanes` entries of eight matrices times `factors` rows of one matrix from `row` on: entries lie `entry_step`
/// apart in what is read and in `out`, the inner index `inner_step` in what is read and the rows of w in `out`.
struct TileWithOne {
  template <int lanes, int factors>
  static inline __attribute__((always_inline)) void run(const double* from, const OneMatrix& one, std::int64_t row,
                                                        std::int64_t entry_step, std::int64_t inner_step, double* out) {
    const double* const w = one.values + row * one.n;
    const std::int64_t n = one.n, inner = one.columns(row + factors - 1);
    Lanes sums[lanes][factors] = {}, value[lanes];
    for (std::int64_t k = 0; k < inner; ++k) {
#pragma GCC unroll 4
      for (int e = 0; e < lanes; ++e) load_lanes(value[e], from + (e * entry_step + k * inner_step) * lane_count);
#pragma GCC unroll 4
      for (int f = 0; f < factors; ++f) {
        const double factor = w[f * n + k];
#pragma GCC unroll 4
        for (int e = 0; e < lanes; ++e) sums[e][f] += value[e] * factor;
      }
    }
#pragma GCC unroll 4
    for (int e = 0; e < lanes; ++e) {
#pragma GCC unroll 4
      for (int f = 0; f < factors; ++f) store_lanes(sums[e][f], out + (e * entry_step + f * inner_step) * lane_count);
    }
  }
};

/// `out`(k, i) = Σ_j w(i, j) a(k, j) for whole n x n matrices `a`, w one matrix for all eight: a wᵀ.
struct ProductWithOne {
  static inline __attribute__((always_inline)) void run(const double* a, const OneMatrix* w, std::int64_t stride,
                                                        double* out) {
    const std::int64_t n = w->n;
    for (std::int64_t k = 0; k < n; k += 4) {
      for (std::int64_t i = 0; i < n; i += 4) {
        if (k + 4 <= n && i + 4 <= n) {
          TileWithOne::run<4, 4>(a + k * stride * lane_count, *w, i, stride, 1, out + (k * stride + i) * lane_count);
        } else {
          for (std::int64_t row = k; row < n && row < k + 4; ++row) {
            for (std::int64_t column = i; column < n && column < i + 4; ++column)
              TileWithOne::run<1, 1>(a + row * stride * lane_count, *w, column, stride, 1,
                                     out + (row * stride + column) * lane_count);
          }
        }
      }
    }
  }
};

/// Lower triangles of w m for m = `right`ᵀ given by its rows: out(i, j) = Σ_k w(i, k) right(k, j).
struct OneTimes {
  static inline __attribute__((always_inline)) void run(const OneMatrix* w, const double* right, std::int64_t stride,
                                                        double* out) {
    const std::int64_t n = w->n;
    for (std::int64_t i = 0; i < n; i += 4) {
      for (std::int64_t j = 0; j <= i; j += 4) {
        if (i + 4 <= n) {
          TileWithOne::run<4, 4>(right + j * lane_count, *w, i, 1, stride, out + (i * stride + j) * lane_count);
        } else {
          for (std::int64_t row = i; row < n; ++row) {
            for (std::int64_t column = j; column < j + 4 && column <= row; ++column)
              TileWithOne::run<1, 1>(right + column * lane_count, *w, row, 1, stride,
                                     out + (row * stride + column) * lane_count);
          }
        }
      }
    }
  }
};

}  // namespace caton
