// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// A small matrix product, included by the kernels once for each instruction set (Highway's way: no usual guard).
#if defined(CATON_NN_PRODUCT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef CATON_NN_PRODUCT_INL
#undef CATON_NN_PRODUCT_INL
#else
#define CATON_NN_PRODUCT_INL
#endif

#include "caton/nn/product.hpp"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace caton::nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;

template <int kRows, int kVectors>
HWY_INLINE void product_tile(const Product& p, std::size_t row, std::size_t column) {
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  using V = hn::Vec<Floats>;
  V sums[kRows][kVectors];
#pragma GCC unroll 8
  for (int m = 0; m < kRows; ++m) {
#pragma GCC unroll 8
    for (int n = 0; n < kVectors; ++n) sums[m][n] = hn::Zero(d);
  }
  const float* a = p.a + row * p.a_row;
  const float* b = p.b + column;
  for (std::size_t k = 0; k < p.inner; ++k, a += p.a_column, b += p.b_row) {
    V values[kVectors];
#pragma GCC unroll 8
    for (int n = 0; n < kVectors; ++n) values[n] = hn::LoadU(d, b + static_cast<std::size_t>(n) * lanes);
#pragma GCC unroll 8
    for (int m = 0; m < kRows; ++m) {
      const V factor = hn::Set(d, a[static_cast<std::size_t>(m) * p.a_row]);
#pragma GCC unroll 8
      for (int n = 0; n < kVectors; ++n) sums[m][n] = hn::MulAdd(factor, values[n], sums[m][n]);
    }
  }
  const V scale = hn::Set(d, p.scale);
#pragma GCC unroll 8
  for (int m = 0; m < kRows; ++m) {
    float* const out = p.c + (row + static_cast<std::size_t>(m)) * p.c_row + column;
#pragma GCC unroll 8
    for (int n = 0; n < kVectors; ++n) {
      const std::size_t place = static_cast<std::size_t>(n) * lanes;
      const V start = p.start != nullptr ? hn::LoadU(d, p.start + column + place) : hn::Zero(d);
      hn::StoreU(hn::MulAdd(scale, sums[m][n], start), d, out + place);
    }
  }
}

template <int kVectors>
HWY_INLINE void product_columns(const Product& p, std::size_t column) {
  std::size_t row = 0;
  for (; row + 7 <= p.rows; row += 7) product_tile<7, kVectors>(p, row, column);
  switch (p.rows - row) {
    case 6: return product_tile<6, kVectors>(p, row, column);
    case 5: return product_tile<5, kVectors>(p, row, column);
    case 4: return product_tile<4, kVectors>(p, row, column);
    case 3: return product_tile<3, kVectors>(p, row, column);
    case 2: return product_tile<2, kVectors>(p, row, column);
    case 1: return product_tile<1, kVectors>(p, row, column);
    default: return;
  }
}

/// All of `columns`, rounded up to whole vectors: b and c must have room for them.
HWY_INLINE void product(const Product& p, std::size_t columns) {
  const std::size_t lanes = hn::Lanes(Floats());
  std::size_t column = 0;
  for (; column + 2 * lanes <= columns; column += 2 * lanes) product_columns<2>(p, column);
  for (; column < columns; column += lanes) product_columns<1>(p, column);
}

}  // namespace caton::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
