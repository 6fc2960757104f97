// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"

#include <cstdint>

namespace caton {

/// Eight symmetric matrices of n rows (lower triangles; entry (i, j) at (i stride + j) lane_count) to tridiagonal ones
/// by Householder reflections. `a` is spent; beside[k] couples k and k + 1. Where `vectors` is given, its row r becomes
/// column r of the orthogonal factor. `work` holds 3 n lanes. Entries are at most about 1: the caller scales.
struct Householder {
  static inline __attribute__((always_inline)) void run(double* a, std::int64_t n, std::int64_t stride,
                                                        double* diagonal, double* beside, double* vectors,
                                                        double* work) {
    double* const tau = work + 2 * n * lane_count;
    for (std::int64_t k = 0; k + 2 < n; ++k) {
      reflect(a, n, stride, k, beside, tau, work);
      update(a, n, stride, k, tau, work, work + n * lane_count);
    }
    Lanes value;
    for (std::int64_t k = 0; k < n; ++k) {
      load_lanes(value, a + (k * stride + k) * lane_count);
      store_lanes(value, diagonal + k * lane_count);
    }
    if (n >= 2) {
      load_lanes(value, a + ((n - 1) * stride + n - 2) * lane_count);
      store_lanes(value, beside + (n - 2) * lane_count);
    }
    if (vectors != nullptr) accumulate(a, n, stride, tau, vectors, work);
  }

 private:
  /// The reflection of column k: v (v_0 = 1) goes to work and stays below the diagonal of `a`.
  static inline __attribute__((always_inline)) void reflect(double* a, std::int64_t n, std::int64_t stride,
                                                            std::int64_t k, double* beside, double* tau, double* v) {
    const std::int64_t rows = n - k - 1;
    Lanes alpha, x, sum{}, zero{}, one = zero + 1.0;
    load_lanes(alpha, a + ((k + 1) * stride + k) * lane_count);
    for (std::int64_t i = 1; i < rows; ++i) {
      load_lanes(x, a + ((k + 1 + i) * stride + k) * lane_count);
      sum += x * x;
    }
    // What is below 1e-30 of the matrix counts as zero already: no reflection.
    const auto none = sum <= zero + 1e-60;
    Lanes length = alpha * alpha + sum;
    root_lanes(length);
    const Lanes end = none ? alpha : alpha > zero ? -length : length;
    const Lanes scale = one / (none ? one : alpha - end);
    const Lanes factor = none ? zero : (end - alpha) / (none ? one : end);
    store_lanes(end, beside + k * lane_count);
    store_lanes(factor, tau + k * lane_count);
    store_lanes(one, v);
    for (std::int64_t i = 1; i < rows; ++i) {
      double* const place = a + ((k + 1 + i) * stride + k) * lane_count;
      load_lanes(x, place);
      x = none ? zero : x * scale;
      store_lanes(x, place);
      store_lanes(x, v + i * lane_count);
    }
  }

  /// The remaining block b becomes b - v wᵀ - w vᵀ, w = tau b v - ½ tau² (vᵀ b v) v.
  static inline __attribute__((always_inline)) void update(double* a, std::int64_t n, std::int64_t stride,
                                                           std::int64_t k, const double* tau, const double* v,
                                                           double* w) {
    const std::int64_t rows = n - k - 1;
    const Lanes zero{};
    for (std::int64_t i = 0; i < rows; ++i) {
      const double* const row = a + ((k + 1 + i) * stride + k + 1) * lane_count;
      Lanes vi, sum = zero, entry, vj, wj;
      load_lanes(vi, v + i * lane_count);
      for (std::int64_t j = 0; j < i; ++j) {
        load_lanes(entry, row + j * lane_count);
        load_lanes(vj, v + j * lane_count);
        load_lanes(wj, w + j * lane_count);
        sum += entry * vj;
        wj += entry * vi;
        store_lanes(wj, w + j * lane_count);
      }
      load_lanes(entry, row + i * lane_count);
      sum += entry * vi;
      store_lanes(sum, w + i * lane_count);
    }
    Lanes factor, product = zero, x, y;
    load_lanes(factor, tau + k * lane_count);
    for (std::int64_t i = 0; i < rows; ++i) {
      load_lanes(x, w + i * lane_count);
      load_lanes(y, v + i * lane_count);
      x *= factor;
      product += x * y;
      store_lanes(x, w + i * lane_count);
    }
    product *= factor * 0.5;
    for (std::int64_t i = 0; i < rows; ++i) {
      load_lanes(x, w + i * lane_count);
      load_lanes(y, v + i * lane_count);
      x -= product * y;
      store_lanes(x, w + i * lane_count);
    }
    for (std::int64_t i = 0; i < rows; ++i) {
      double* const row = a + ((k + 1 + i) * stride + k + 1) * lane_count;
      Lanes vi, wi, entry, vj, wj;
      load_lanes(vi, v + i * lane_count);
      load_lanes(wi, w + i * lane_count);
      for (std::int64_t j = 0; j <= i; ++j) {
        load_lanes(entry, row + j * lane_count);
        load_lanes(vj, v + j * lane_count);
        load_lanes(wj, w + j * lane_count);
        entry -= vi * wj + wi * vj;
        store_lanes(entry, row + j * lane_count);
      }
    }
  }

  /// vectors = transpose of the product of all reflections: from the last one back, only what it reaches.
  static inline __attribute__((always_inline)) void accumulate(const double* a, std::int64_t n, std::int64_t stride,
                                                               const double* tau, double* vectors, double* v) {
    const Lanes zero{}, one = zero + 1.0;
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t j = 0; j < n; ++j) store_lanes(i == j ? one : zero, vectors + (i * stride + j) * lane_count);
    }
    for (std::int64_t k = n - 3; k >= 0; --k) {
      Lanes factor, x;
      load_lanes(factor, tau + k * lane_count);
      store_lanes(one, v + (k + 1) * lane_count);
      for (std::int64_t i = k + 2; i < n; ++i) {
        load_lanes(x, a + (i * stride + k) * lane_count);
        store_lanes(x, v + i * lane_count);
      }
      for (std::int64_t r = k + 1; r < n; ++r) {
        double* const row = vectors + r * stride * lane_count;
        Lanes even = zero, odd = zero, entry, vj;
        std::int64_t j = k + 1;
        for (; j + 1 < n; j += 2) {
          load_lanes(entry, row + j * lane_count);
          load_lanes(vj, v + j * lane_count);
          even += entry * vj;
          load_lanes(entry, row + (j + 1) * lane_count);
          load_lanes(vj, v + (j + 1) * lane_count);
          odd += entry * vj;
        }
        if (j < n) {
          load_lanes(entry, row + j * lane_count);
          load_lanes(vj, v + j * lane_count);
          even += entry * vj;
        }
        even = (even + odd) * factor;
        for (j = k + 1; j < n; ++j) {
          load_lanes(entry, row + j * lane_count);
          load_lanes(vj, v + j * lane_count);
          entry -= even * vj;
          store_lanes(entry, row + j * lane_count);
        }
      }
    }
  }
};

}  // namespace caton
