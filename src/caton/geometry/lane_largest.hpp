// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"

#include <cstdint>

namespace caton {

/// The largest eigenvalue of eight symmetric tridiagonal matrices of n rows by Laguerre's steps on the characteristic
/// polynomial, from the right of all roots, where they never pass the first one. Entries are at most about 1 and n
/// small enough for the polynomial not to overflow.
struct LargestRoot {
  static inline __attribute__((always_inline)) void run(const double* diagonal, const double* beside, std::int64_t n,
                                                        double* largest) {
    constexpr double eps = 2.220446049250313e-16;
    constexpr std::int64_t most_steps = 200;
    const Lanes zero{}, one = zero + 1.0;
    Lanes x = zero, bound = zero;
    enclose(diagonal, beside, n, x, bound);
    const auto degree = static_cast<double>(n);
    auto open = zero == zero;
    for (std::int64_t step = 0; step < most_steps; ++step) {
      Lanes p, slope, bend;
      evaluate(diagonal, beside, n, x, p, slope, bend);
      open = open & (p > zero);
      const Lanes divisor = open ? p : one;
      const Lanes g = slope / divisor;
      Lanes root = (degree - 1) * ((degree - 1) * g * g - degree * (bend / divisor));
      root = root > zero ? root : zero;
      root_lanes(root);
      const Lanes sum = g + root;
      const Lanes move = degree / (open ? sum : one);
      // A step that is not above rounding ends a lane; NaN does too.
      open = open & (move > eps * bound);
      bool any = false;
      for (std::int64_t lane = 0; lane < lane_count; ++lane) any = any || open[lane] != 0;
      if (!any) break;
      x = open ? x - move : x;
    }
    store_lanes(x, largest);
  }

  /// Gershgorin: `x` right of all eigenvalues, `bound` the largest magnitude among them.
  static inline __attribute__((always_inline)) void enclose(const double* diagonal, const double* beside,
                                                            std::int64_t n, Lanes& x, Lanes& bound) {
    const Lanes zero{};
    Lanes d, e, before = zero;
    for (std::int64_t k = 0; k < n; ++k) {
      load_lanes(d, diagonal + k * lane_count);
      Lanes after = zero;
      if (k + 1 < n) {
        load_lanes(e, beside + k * lane_count);
        after = e < zero ? -e : e;
      }
      const Lanes right = d + before + after, magnitude = (d < zero ? -d : d) + before + after;
      x = k == 0 ? right : (right > x ? right : x);
      bound = magnitude > bound ? magnitude : bound;
      before = after;
    }
  }

 private:
  /// The characteristic polynomial and its first two derivatives.
  static inline __attribute__((always_inline)) void evaluate(const double* diagonal, const double* beside,
                                                             std::int64_t n, const Lanes& x, Lanes& p, Lanes& slope,
                                                             Lanes& bend) {
    const Lanes zero{};
    Lanes p_before = zero + 1.0, slope_before = zero, bend_before = zero, d, e;
    load_lanes(d, diagonal);
    p = x - d;
    slope = zero + 1.0;
    bend = zero;
    for (std::int64_t k = 1; k < n; ++k) {
      load_lanes(d, diagonal + k * lane_count);
      load_lanes(e, beside + (k - 1) * lane_count);
      const Lanes away = x - d, square = e * e;
      const Lanes bend_next = 2.0 * slope + away * bend - square * bend_before;
      const Lanes slope_next = p + away * slope - square * slope_before;
      const Lanes p_next = away * p - square * p_before;
      bend_before = bend;
      slope_before = slope;
      p_before = p;
      bend = bend_next;
      slope = slope_next;
      p = p_next;
    }
  }
};

}  // namespace caton
