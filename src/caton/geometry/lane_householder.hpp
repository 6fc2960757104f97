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
    const std::int64_t rows = n - k - 1, step = stride * lane_count;
    double* const block = a + ((k + 1) * stride + k + 1) * lane_count;
    std::int64_t i = 0;
    for (; i + 4 <= rows; i += 4) times_vector<4>(block, step, rows, i, v, w);
    if (rows - i == 3) times_vector<3>(block, step, rows, i, v, w);
    if (rows - i == 2) times_vector<2>(block, step, rows, i, v, w);
    if (rows - i == 1) times_vector<1>(block, step, rows, i, v, w);
    Lanes factor, product{}, x, y;
    load_lanes(factor, tau + k * lane_count);
    for (i = 0; i < rows; ++i) {
      load_lanes(x, w + i * lane_count);
      load_lanes(y, v + i * lane_count);
      x *= factor;
      product += x * y;
      store_lanes(x, w + i * lane_count);
    }
    product *= factor * 0.5;
    for (i = 0; i < rows; ++i) {
      load_lanes(x, w + i * lane_count);
      load_lanes(y, v + i * lane_count);
      x -= product * y;
      store_lanes(x, w + i * lane_count);
    }
    for (i = 0; i + 4 <= rows; i += 4) subtract_products<4>(block, step, i, v, w);
    if (rows - i == 3) subtract_products<3>(block, step, i, v, w);
    if (rows - i == 2) subtract_products<2>(block, step, i, v, w);
    if (rows - i == 1) subtract_products<1>(block, step, i, v, w);
  }

  /// Some rows of b v from row `first` on; b is symmetric and given by its lower triangle.
  template <int count>
  static inline __attribute__((always_inline)) void times_vector(const double* b, std::int64_t step, std::int64_t rows,
                                                                 std::int64_t first, const double* v, double* out) {
    Lanes sum[count] = {}, vj, entry;
    for (std::int64_t j = 0; j < first; ++j) {
      load_lanes(vj, v + j * lane_count);
#pragma GCC unroll 4
      for (int q = 0; q < count; ++q) {
        load_lanes(entry, b + (first + q) * step + j * lane_count);
        sum[q] += entry * vj;
      }
    }
#pragma GCC unroll 4
    for (int p = 0; p < count; ++p) {
      load_lanes(vj, v + (first + p) * lane_count);
#pragma GCC unroll 4
      for (int q = 0; q < count; ++q) {
        load_lanes(entry, b + (first + (p < q ? q : p)) * step + (first + (p < q ? p : q)) * lane_count);
        sum[q] += entry * vj;
      }
    }
    for (std::int64_t j = first + count; j < rows; ++j) {
      load_lanes(vj, v + j * lane_count);
#pragma GCC unroll 4
      for (int q = 0; q < count; ++q) {
        load_lanes(entry, b + j * step + (first + q) * lane_count);
        sum[q] += entry * vj;
      }
    }
#pragma GCC unroll 4
    for (int q = 0; q < count; ++q) store_lanes(sum[q], out + (first + q) * lane_count);
  }

  /// Some rows of the lower triangle of b - v wᵀ - w vᵀ from row `first` on.
  template <int count>
  static inline __attribute__((always_inline)) void subtract_products(double* b, std::int64_t step, std::int64_t first,
                                                                      const double* v, const double* w) {
    Lanes own_v[count], own_w[count], vj, wj, entry;
#pragma GCC unroll 4
    for (int q = 0; q < count; ++q) {
      load_lanes(own_v[q], v + (first + q) * lane_count);
      load_lanes(own_w[q], w + (first + q) * lane_count);
    }
    for (std::int64_t j = 0; j < first + count; ++j) {
      load_lanes(vj, v + j * lane_count);
      load_lanes(wj, w + j * lane_count);
      // Above the diagonal nothing is read: what a row too long leaves there does no harm.
#pragma GCC unroll 4
      for (int q = 0; q < count; ++q) {
        double* const place = b + (first + q) * step + j * lane_count;
        load_lanes(entry, place);
        entry -= own_v[q] * wj + own_w[q] * vj;
        store_lanes(entry, place);
      }
    }
  }

 public:
  /// vectors = transpose of the product of all reflections: from the last one back, only what it reaches. `v` holds n
  /// lanes.
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

  /// The symmetric matrix s of the tridiagonal basis (lower triangle) goes back to the basis of `a`: s becomes
  /// H_0 … H_(n-3) s H_(n-3) … H_0. `v` and `w` hold n lanes.
  static inline __attribute__((always_inline)) void turn_back(const double* a, std::int64_t n, std::int64_t stride,
                                                              const double* tau, double* s, double* v, double* w) {
    const Lanes one = Lanes{} + 1.0;
    for (std::int64_t k = n - 3; k >= 0; --k) {
      const std::int64_t rows = n - k - 1;
      Lanes x;
      store_lanes(one, v);
      for (std::int64_t i = 1; i < rows; ++i) {
        load_lanes(x, a + ((k + 1 + i) * stride + k) * lane_count);
        store_lanes(x, v + i * lane_count);
      }
      update(s, n, stride, k, tau, v, w);
      std::int64_t c = 0;
      double* const beside = s + (k + 1) * stride * lane_count;
      for (; c + 4 <= k + 1; c += 4) reflect_columns<4>(beside + c * lane_count, rows, stride, tau + k * lane_count, v);
      for (; c <= k; ++c) reflect_columns<1>(beside + c * lane_count, rows, stride, tau + k * lane_count, v);
    }
  }

 private:
  /// `columns` columns become H times them.
  template <int columns>
  static inline __attribute__((always_inline)) void reflect_columns(double* at, std::int64_t rows, std::int64_t stride,
                                                                    const double* tau, const double* v) {
    Lanes sums[columns] = {}, factor, vi, value;
    for (std::int64_t i = 0; i < rows; ++i) {
      load_lanes(vi, v + i * lane_count);
#pragma GCC unroll 4
      for (int q = 0; q < columns; ++q) {
        load_lanes(value, at + (i * stride + q) * lane_count);
        sums[q] += vi * value;
      }
    }
    load_lanes(factor, tau);
#pragma GCC unroll 4
    for (int q = 0; q < columns; ++q) sums[q] *= factor;
    for (std::int64_t i = 0; i < rows; ++i) {
      load_lanes(vi, v + i * lane_count);
#pragma GCC unroll 4
      for (int q = 0; q < columns; ++q) {
        double* const place = at + (i * stride + q) * lane_count;
        load_lanes(value, place);
        value -= sums[q] * vi;
        store_lanes(value, place);
      }
    }
  }
};

/// `Householder::accumulate` alone, for reflections that were kept.
struct FormVectors {
  static inline __attribute__((always_inline)) void run(const double* a, std::int64_t n, std::int64_t stride,
                                                        const double* tau, double* vectors, double* v) {
    Householder::accumulate(a, n, stride, tau, vectors, v);
  }
};

/// `Householder::turn_back`; `work` holds 2 n lanes.
struct TurnBack {
  static inline __attribute__((always_inline)) void run(const double* a, std::int64_t n, std::int64_t stride,
                                                        const double* tau, double* s, double* work) {
    Householder::turn_back(a, n, stride, tau, s, work, work + n * lane_count);
  }
};

}  // namespace caton
