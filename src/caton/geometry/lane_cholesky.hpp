// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"

#include <cstdint>

namespace caton {

/// The inverse of Cholesky's factor of eight symmetric matrices of n rows (lower triangles; entry (i, j) at
/// (i stride + j) lane_count, in `inverse` and `factor` too). `share`: the least part of a diagonal entry that the rows
/// before it leave, not above 0 (or no number) where a matrix is not positive definite.
struct CholeskyInverse {
  static inline __attribute__((always_inline)) void run(const double* matrices, std::int64_t n, std::int64_t stride,
                                                        double* factor, double* inverse, double* share) {
    const Lanes zero{}, one = zero + 1.0;
    Lanes least = one;
    for (std::int64_t i = 0; i < n; ++i) {
      const double* const row = matrices + i * stride * lane_count;
      double* const own = factor + i * stride * lane_count;
      double* const back = inverse + i * stride * lane_count;
      Lanes value, x, y, whole, rest;
      for (std::int64_t j = 0; j < i; ++j) {
        const double* const other = factor + j * stride * lane_count;
        load_lanes(value, row + j * lane_count);
        for (std::int64_t k = 0; k < j; ++k) {
          load_lanes(x, own + k * lane_count);
          load_lanes(y, other + k * lane_count);
          value -= x * y;
        }
        // What stands on the diagonal of the inverse is one over the factor's.
        load_lanes(y, inverse + (j * stride + j) * lane_count);
        value *= y;
        store_lanes(value, own + j * lane_count);
      }
      load_lanes(whole, row + i * lane_count);
      rest = whole;
      for (std::int64_t k = 0; k < i; ++k) {
        load_lanes(x, own + k * lane_count);
        rest -= x * x;
      }
      const Lanes part = rest / whole;
      // Also for what is no number: no comparison holds.
      least = part >= least ? least : part;
      root_lanes(rest);
      const Lanes scale = one / rest;
      for (std::int64_t j = 0; j < i; ++j) {
        Lanes sum = zero;
        for (std::int64_t k = j; k < i; ++k) {
          load_lanes(x, own + k * lane_count);
          load_lanes(y, inverse + (k * stride + j) * lane_count);
          sum += x * y;
        }
        store_lanes(zero - sum * scale, back + j * lane_count);
      }
      store_lanes(scale, back + i * lane_count);
    }
    store_lanes(least, share);
  }
};

/// `out` (lower triangles) = k m kᵀ for lower triangular `k` and symmetric `matrices` given by lower triangles. `half`
/// holds n rows.
struct Congruence {
  static inline __attribute__((always_inline)) void run(const double* k, const double* matrices, std::int64_t n,
                                                        std::int64_t stride, double* half, double* out) {
    const Lanes zero{};
    Lanes x, y;
    for (std::int64_t i = 0; i < n; ++i) {
      const double* const row = k + i * stride * lane_count;
      for (std::int64_t j = 0; j < n; ++j) {
        Lanes sum = zero;
        for (std::int64_t l = 0; l <= i; ++l) {
          load_lanes(x, row + l * lane_count);
          load_lanes(y, matrices + (l >= j ? l * stride + j : j * stride + l) * lane_count);
          sum += x * y;
        }
        store_lanes(sum, half + j * lane_count);
      }
      for (std::int64_t j = 0; j <= i; ++j) {
        Lanes sum = zero;
        for (std::int64_t l = 0; l <= j; ++l) {
          load_lanes(x, half + l * lane_count);
          load_lanes(y, k + (j * stride + l) * lane_count);
          sum += x * y;
        }
        store_lanes(sum, out + (i * stride + j) * lane_count);
      }
    }
  }
};

}  // namespace caton
