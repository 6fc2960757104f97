// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"

namespace caton {

/// Swaps a's odd blocks of `width` values with b's even ones.
template <int width>
inline __attribute__((always_inline)) void exchange_lanes(Lanes& a, Lanes& b) noexcept {
  const Lanes x = a, y = b;
  if constexpr (width == 1) {
    a = __builtin_shufflevector(x, y, 0, 8, 2, 10, 4, 12, 6, 14);
    b = __builtin_shufflevector(x, y, 1, 9, 3, 11, 5, 13, 7, 15);
  } else if constexpr (width == 2) {
    a = __builtin_shufflevector(x, y, 0, 1, 8, 9, 4, 5, 12, 13);
    b = __builtin_shufflevector(x, y, 2, 3, 10, 11, 6, 7, 14, 15);
  } else {
    a = __builtin_shufflevector(x, y, 0, 1, 2, 3, 8, 9, 10, 11);
    b = __builtin_shufflevector(x, y, 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

/// Rows become columns; for kernels.
inline __attribute__((always_inline)) void transpose_lanes(Lanes (&x)[lane_count]) noexcept {
#pragma GCC unroll 4
  for (int k = 0; k < 8; k += 2) exchange_lanes<1>(x[k], x[k + 1]);
#pragma GCC unroll 4
  for (int k = 0; k < 4; ++k) exchange_lanes<2>(x[k / 2 * 4 + k % 2], x[k / 2 * 4 + k % 2 + 2]);
#pragma GCC unroll 4
  for (int k = 0; k < 4; ++k) exchange_lanes<4>(x[k], x[k + 4]);
}

/// Eight rows of `count` values, `row_step` apart, side by side: value t of row r goes to lanes[8 t + r].
void rows_to_lanes(const double* rows, std::int64_t row_step, std::int64_t count, double* lanes) noexcept;
/// The way back.
void lanes_to_rows(const double* lanes, std::int64_t count, double* rows, std::int64_t row_step) noexcept;

}  // namespace caton
