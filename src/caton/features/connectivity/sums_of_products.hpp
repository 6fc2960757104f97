// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>

namespace caton {

/// How a matrix lies in memory: entry (n, r) at data[n * step + r * row].
struct StridedRows {
  const double* data = nullptr;
  std::int64_t step = 0, row = 0;
};

/// What is summed: `count` samples of `rows` values on the left, of `columns` (a multiple of 8) side by side on the
/// right, sample n at right + n * right_step.
struct ProductSums {
  StridedRows left;
  const double* right = nullptr;
  std::int64_t right_step = 0;
  std::int64_t count = 0, rows = 0, columns = 0;
};

/// out[r * out_row + c] = sum over n of left(n, r) right(n, c), each sum in order of n: the same bits on every
/// processor and for every way to cut the matrix into pieces.
void sums_of_products(const ProductSums& sums, double* out, std::int64_t out_row);

}  // namespace caton
