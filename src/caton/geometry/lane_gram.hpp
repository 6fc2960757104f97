// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/lane_eigen.hpp"

namespace caton {

/// The lower triangle of Σ_k x_i(k) x_j(k) for eight sets of vectors side by side, as `LaneBlock::entries` holds it.
/// Vector i begins at `x + i vector_step`, its entries lie `entry_step` apart. `add`: to what stands in `out`.
struct LaneGram {
  static inline __attribute__((always_inline)) void run(const double* x, std::int64_t vectors, std::int64_t vector_step,
                                                        std::int64_t entries, std::int64_t entry_step, bool add,
                                                        double* out) {
    const std::int64_t stride = lane_stride(vectors);
    for (std::int64_t i = 0; i < vectors; i += 3) {
      for (std::int64_t j = 0; j <= i; j += 3) {
        const double *const left = x + i * vector_step, *const right = x + j * vector_step;
        double* const to = out + (i * stride + j) * lane_count;
        // Beyond the diagonal what a tile leaves is never read, but rows must be there.
        if (i + 3 <= vectors)
          tile<3, 3>(left, right, vector_step, entries, entry_step, stride, add, to);
        else if (i + 2 == vectors)
          j < i ? tile<2, 3>(left, right, vector_step, entries, entry_step, stride, add, to)
                : tile<2, 2>(left, right, vector_step, entries, entry_step, stride, add, to);
        else
          j < i ? tile<1, 3>(left, right, vector_step, entries, entry_step, stride, add, to)
                : tile<1, 1>(left, right, vector_step, entries, entry_step, stride, add, to);
      }
    }
  }

 private:
  template <int rows, int columns>
  static inline __attribute__((always_inline)) void tile(const double* left, const double* right,
                                                         std::int64_t vector_step, std::int64_t entries,
                                                         std::int64_t entry_step, std::int64_t stride, bool add,
                                                         double* out) {
    Lanes sums[rows][columns] = {}, a[rows], b;
    if (add) {
#pragma GCC unroll 4
      for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 4
        for (int j = 0; j < columns; ++j) load_lanes(sums[i][j], out + (i * stride + j) * lane_count);
      }
    }
    for (std::int64_t k = 0; k < entries; ++k) {
#pragma GCC unroll 4
      for (int i = 0; i < rows; ++i) load_lanes(a[i], left + i * vector_step + k * entry_step);
#pragma GCC unroll 4
      for (int j = 0; j < columns; ++j) {
        load_lanes(b, right + j * vector_step + k * entry_step);
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

}  // namespace caton
