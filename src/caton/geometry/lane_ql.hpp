// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"

#include <cstdint>

namespace caton {

/// Eigenvalues of eight symmetric tridiagonal matrices of n rows by implicit QL steps, in `diagonal`, in no order.
/// Turns the rows of `vectors` (n columns, `stride` apart) along where given. Lanes that are done are turned by
/// nothing. `beside` and `work` hold n and 2 n lanes. False when a lane did not come to an end in 60 n steps (it holds
/// NaN).
struct ImplicitQl {
  static inline __attribute__((always_inline)) void run(double* diagonal, double* beside, std::int64_t n,
                                                        std::int64_t stride, double* vectors, double* work,
                                                        bool* converged) {
    const Lanes zero{};
    store_lanes(zero, beside + (n - 1) * lane_count);
    *converged = true;
    for (std::int64_t l = 0; l < n; ++l) {
      std::int64_t step = 0;
      for (; step < 60; ++step) {
        Block block;
        if (!find_block(diagonal, beside, n, l, block)) break;
        turn(diagonal, beside, n, l, block, work);
        if (vectors != nullptr) turn_rows(vectors, n, stride, l, block.last, work);
      }
      if (step == 60) *converged = false;
    }
  }

 private:
  using Mask = decltype(Lanes{} < Lanes{});

  /// Rows l … end of a lane are coupled (end = l: it is done); `last` is the largest end.
  struct Block {
    Mask end;
    std::int64_t last = 0;
  };

  static inline __attribute__((always_inline)) bool find_block(const double* diagonal, const double* beside,
                                                               std::int64_t n, std::int64_t l, Block& block) {
    constexpr double eps = 2.220446049250313e-16, nothing = 1e-30;
    const Lanes zero{};
    Lanes a, b, e;
    Mask open = zero == zero, end = open & 0;
    load_lanes(a, diagonal + l * lane_count);
    std::int64_t m = l;
    for (; m < n; ++m) {
      load_lanes(e, beside + m * lane_count);
      load_lanes(b, diagonal + (m + 1 < n ? m + 1 : m) * lane_count);
      const Lanes size = e < zero ? -e : e;
      const Lanes near = ((a < zero ? -a : a) + (b < zero ? -b : b)) * eps;
      const Mask small = (size <= near) | (size <= zero + nothing);
      end = (open & small) ? end * 0 + m : end;
      open = open & ~small;
      bool any = false;
      for (std::int64_t lane = 0; lane < lane_count; ++lane) any = any || open[lane] != 0;
      if (!any) break;
      a = b;
    }
    // A lane of NaN never closes: it is left alone.
    block.end = open ? end * 0 + l : end;
    block.last = l;
    for (std::int64_t lane = 0; lane < lane_count; ++lane) {
      if (block.end[lane] > block.last) block.last = block.end[lane];
    }
    return block.last > l;
  }

  /// One step: the sines and cosines of the turns of rows i, i + 1 go to work[2 i], work[2 i + 1].
  static inline __attribute__((always_inline)) void turn(double* diagonal, double* beside, std::int64_t n,
                                                         std::int64_t l, const Block& block, double* work) {
    const Lanes zero{}, one = zero + 1.0;
    const Mask working = block.end > (block.end * 0 + l);
    Lanes first, second, e, end_value = zero;
    load_lanes(first, diagonal + l * lane_count);
    load_lanes(second, diagonal + (l + 1) * lane_count);
    load_lanes(e, beside + l * lane_count);
    for (std::int64_t lane = 0; lane < lane_count; ++lane)
      end_value[lane] = diagonal[block.end[lane] * lane_count + lane];
    const Lanes ratio = (second - first) / (working ? 2.0 * e : one);
    Lanes root = ratio * ratio + 1.0;
    root_lanes(root);
    const Lanes divisor = ratio + (ratio < zero ? -root : root);
    Lanes g = end_value - first + e / (working ? divisor : one);
    Lanes s = one, c = one, p = zero;
    Mask alive = working;
    for (std::int64_t i = block.last - 1; i >= l; --i) {
      const Mask active = alive & (block.end > (block.end * 0 + i));
      Lanes d_next, d_here, e_here;
      load_lanes(e_here, beside + i * lane_count);
      load_lanes(d_next, diagonal + (i + 1) * lane_count);
      load_lanes(d_here, diagonal + i * lane_count);
      const Lanes f = s * e_here, b = c * e_here;
      Lanes r = f * f + g * g;
      root_lanes(r);
      const Mask gone = active & (r == zero);
      const Mask turned = active & ~gone;
      const Lanes inverse = one / (turned ? r : one);
      const Lanes s_new = f * inverse, c_new = g * inverse;
      const Lanes base = d_next - p;
      const Lanes t = (d_here - base) * s_new + 2.0 * c_new * b;
      const Lanes p_new = s_new * t;
      const Lanes d_new = base + p_new;
      // beside[i + 1] becomes r; where nothing is left to turn the step ends here for that lane.
      Lanes e_next;
      load_lanes(e_next, beside + (i + 1) * lane_count);
      e_next = active ? r : e_next;
      store_lanes(e_next, beside + (i + 1) * lane_count);
      d_next = gone ? base : turned ? d_new : d_next;
      store_lanes(d_next, diagonal + (i + 1) * lane_count);
      store_lanes(turned ? s_new : zero, work + 2 * i * lane_count);
      store_lanes(turned ? c_new : one, work + (2 * i + 1) * lane_count);
      s = turned ? s_new : s;
      c = turned ? c_new : c;
      p = turned ? p_new : p;
      g = turned ? c_new * t - b : g;
      alive = alive & ~gone;
    }
    Lanes value;
    load_lanes(value, diagonal + l * lane_count);
    store_lanes(alive ? value - p : value, diagonal + l * lane_count);
    load_lanes(value, beside + l * lane_count);
    store_lanes(alive ? g : value, beside + l * lane_count);
    for (std::int64_t lane = 0; lane < lane_count; ++lane) {
      if (working[lane] != 0 && block.end[lane] < n) beside[block.end[lane] * lane_count + lane] = 0;
    }
  }

  /// Applies the turns of rows last … l, each value read and written once: a few columns stay in registers.
  static inline __attribute__((always_inline)) void turn_rows(double* vectors, std::int64_t n, std::int64_t stride,
                                                              std::int64_t l, std::int64_t last, const double* work) {
    std::int64_t k = 0;
    for (; k + 4 <= n; k += 4) turn_columns<4>(vectors + k * lane_count, stride, l, last, work);
    for (; k < n; ++k) turn_columns<1>(vectors + k * lane_count, stride, l, last, work);
  }

  template <int columns>
  static inline __attribute__((always_inline)) void turn_columns(double* at, std::int64_t stride, std::int64_t l,
                                                                 std::int64_t last, const double* work) {
    Lanes carried[columns];
#pragma GCC unroll 4
    for (int q = 0; q < columns; ++q) load_lanes(carried[q], at + (last * stride + q) * lane_count);
    for (std::int64_t i = last - 1; i >= l; --i) {
      Lanes s, c, value;
      load_lanes(s, work + 2 * i * lane_count);
      load_lanes(c, work + (2 * i + 1) * lane_count);
#pragma GCC unroll 4
      for (int q = 0; q < columns; ++q) {
        load_lanes(value, at + (i * stride + q) * lane_count);
        store_lanes(s * value + c * carried[q], at + ((i + 1) * stride + q) * lane_count);
        carried[q] = c * value - s * carried[q];
      }
    }
#pragma GCC unroll 4
    for (int q = 0; q < columns; ++q) store_lanes(carried[q], at + (l * stride + q) * lane_count);
  }
};

}  // namespace caton
