// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstddef>

namespace caton::nn {

/// c (rows x columns, step `c_row`) = scale · a · b + start. a(m, k) lies at a[m·a_row + k·a_column]; b(k, n) at
/// b[k·b_row + n]; `start` (one a column) may be null. Columns are written in whole vectors.
struct Product {
  const float* a = nullptr;
  std::size_t a_row = 0, a_column = 1;
  const float* b = nullptr;
  std::size_t b_row = 0;
  float* c = nullptr;
  std::size_t c_row = 0;
  std::size_t rows = 0, inner = 0;
  float scale = 1;
  const float* start = nullptr;
};

}  // namespace caton::nn
