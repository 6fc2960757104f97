// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"

namespace caton {

/// Eight by eight reals: rows become columns. For kernels (see `lanes.hpp`).
inline __attribute__((always_inline)) void transpose_lanes(Lanes (&x)[lane_count]) {
  Lanes y[lane_count];
#pragma GCC unroll 4
  for (int k = 0; k < 8; k += 2) {
    y[k] = __builtin_shufflevector(x[k], x[k + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    y[k + 1] = __builtin_shufflevector(x[k], x[k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
#pragma GCC unroll 2
  for (int k = 0; k < 8; k += 4) {
#pragma GCC unroll 2
    for (int odd = 0; odd < 2; ++odd) {
      x[k + odd] = __builtin_shufflevector(y[k + odd], y[k + 2 + odd], 0, 1, 8, 9, 4, 5, 12, 13);
      x[k + 2 + odd] = __builtin_shufflevector(y[k + odd], y[k + 2 + odd], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
#pragma GCC unroll 4
  for (int k = 0; k < 4; ++k) {
    y[k] = __builtin_shufflevector(x[k], x[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    y[k + 4] = __builtin_shufflevector(x[k], x[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
#pragma GCC unroll 8
  for (int k = 0; k < 8; ++k) x[k] = y[k];
}

/// Eight rows of `count` values, `row_step` apart, side by side: value t of row r goes to lanes[8 t + r].
void rows_to_lanes(const double* rows, std::int64_t row_step, std::int64_t count, double* lanes) noexcept;
/// The way back.
void lanes_to_rows(const double* lanes, std::int64_t count, double* rows, std::int64_t row_step) noexcept;

}  // namespace caton
