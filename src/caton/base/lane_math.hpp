// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"

/// Functions of eight reals at once, made of plain IEEE operations without fused multiply-add: the same bits on every
/// processor. For kernels (see `lanes.hpp`): everything is inlined and works in place.
namespace caton {

/// |x|, lane by lane.
inline __attribute__((always_inline)) void absolute_lanes(Lanes& x) noexcept {
  using Bits = long long __attribute__((vector_size(64)));
  Bits bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits &= 0x7fffffffffffffffLL;
  std::memcpy(&x, &bits, sizeof bits);
}

/// e^x within 2 ULP for -708 <= x <= 708; outside, the value at the nearer end.
inline __attribute__((always_inline)) void exp_lanes(Lanes& x) noexcept {
  constexpr double round = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to an integer held in the low bits
  constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
  using Integers = long long __attribute__((vector_size(64)));
  x = x > 708.0 ? x - x + 708.0 : x;
  x = x < -708.0 ? x - x - 708.0 : x;
  const Lanes shifted = x * 1.4426950408889634 + round;
  const Lanes whole = shifted - round;
  const Lanes rest = (x - whole * ln2_high) - whole * ln2_low;
  // The series in groups of four, so that few steps wait for each other; 1 and the rest come last.
  const Lanes square = rest * rest, fourth = square * square;
  const Lanes low = (0.5 + rest * (1.0 / 6)) + (1.0 / 24 + rest * (1.0 / 120)) * square;
  const Lanes middle = (1.0 / 720 + rest * (1.0 / 5040)) + (1.0 / 40320 + rest * (1.0 / 362880)) * square;
  const Lanes high =
      (1.0 / 3628800 + rest * (1.0 / 39916800)) + (1.0 / 479001600 + rest * (1.0 / 6227020800.0)) * square;
  const Lanes sum = 1.0 + (rest + square * (low + fourth * (middle + fourth * high)));
  Integers bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 1023) << 52;
  Lanes power;
  std::memcpy(&power, &bits, sizeof power);
  x = sum * power;
}

/// ln(1 + x) within 2 ULP of 1 for 0 <= x <= 1.
inline __attribute__((always_inline)) void log1p_lanes(Lanes& x) noexcept {
  const Lanes s = x / (x + 2.0), square = s * s;
  constexpr double coefficients[] = {1.0 / 33, 1.0 / 31, 1.0 / 29, 1.0 / 27, 1.0 / 25, 1.0 / 23,
                                     1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11,
                                     1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3,  1.0};
  Lanes sum = square * (1.0 / 35) + coefficients[0];
#pragma GCC unroll 16
  for (int i = 1; i < 17; ++i) sum = sum * square + coefficients[i];
  x = 2.0 * s * sum;
}

}  // namespace caton
