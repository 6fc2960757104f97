// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/lane_eigen.hpp"

#include <cstdint>

/// Loops of `SinusoidReferences` over eight epochs side by side.
namespace caton {

/// Values less their mean.
struct CentreLanes {
  static inline __attribute__((always_inline)) void run(double* lanes, std::int64_t samples) {
    Lanes sums[4] = {}, value;
    std::int64_t next = 0;
    for (; next + 4 <= samples; next += 4) {
#pragma GCC unroll 4
      for (int k = 0; k < 4; ++k) {
        load_lanes(value, lanes + (next + k) * lane_count);
        sums[k] += value;
      }
    }
    for (; next < samples; ++next) {
      load_lanes(value, lanes + next * lane_count);
      sums[0] += value;
    }
    const Lanes mean = ((sums[0] + sums[1]) + (sums[2] + sums[3])) / static_cast<double>(samples);
    for (std::int64_t t = 0; t < samples; ++t) {
      load_lanes(value, lanes + t * lane_count);
      store_lanes(value - mean, lanes + t * lane_count);
    }
  }
};

/// Products of each channel with the cosines and sines of a flicker (cosine and sine of each harmonic side by side) to
/// those with orthonormal ones: cosines first, `out` (channels x 2 harmonics). `factor`: two lower triangles, row by
/// row.
struct OrthonormalProducts {
  static inline __attribute__((always_inline)) void run(const double* products, std::int64_t channels,
                                                        std::int64_t channel_step, std::int64_t harmonics,
                                                        const double* factor, double* out) {
    for (std::int64_t c = 0; c < channels; ++c, products += channel_step) {
      const double* entry = factor;
      for (std::int64_t part = 0; part < 2; ++part) {
        for (std::int64_t i = 0; i < harmonics; ++i, out += lane_count) {
          Lanes sum{}, value;
          for (std::int64_t j = 0; j <= i; ++j, ++entry) {
            load_lanes(value, products + (2 * j + part) * lane_count);
            sum += *entry * value;
          }
          store_lanes(sum, out);
        }
      }
    }
  }
};

/// `out` = k b for lower triangular k (n x n, entry (i, j) at (i lane_stride(n) + j) lane_count) and b (n x columns, an
/// even number), eight at once.
struct LowerTimes {
  static inline __attribute__((always_inline)) void run(const double* k, const double* b, std::int64_t n,
                                                        std::int64_t columns, double* out) {
    for (std::int64_t i = 0; i < n; i += 3) {
      std::int64_t j = 0;
      for (; j + 4 <= columns; j += 4) some_rows<4>(k, b, n, columns, i, j, out);
      if (j < columns) some_rows<2>(k, b, n, columns, i, j, out);
    }
  }

 private:
  template <int width>
  static inline __attribute__((always_inline)) void some_rows(const double* k, const double* b, std::int64_t n,
                                                              std::int64_t columns, std::int64_t i, std::int64_t j,
                                                              double* out) {
    const double* const row = k + i * lane_stride(n) * lane_count;
    b += j * lane_count;
    out += (i * columns + j) * lane_count;
    if (i + 3 <= n) return tile<3, width>(row, lane_stride(n), b, columns, i, out);
    if (i + 2 == n) return tile<2, width>(row, lane_stride(n), b, columns, i, out);
    tile<1, width>(row, lane_stride(n), b, columns, i, out);
  }

  /// Rows first … first + rows - 1.
  template <int rows, int width>
  static inline __attribute__((always_inline)) void tile(const double* k, std::int64_t stride, const double* b,
                                                         std::int64_t columns, std::int64_t first, double* out) {
    Lanes sums[rows][width] = {}, factor[rows], value;
    for (std::int64_t l = 0; l <= first; ++l) {
#pragma GCC unroll 4
      for (int r = 0; r < rows; ++r) load_lanes(factor[r], k + (r * stride + l) * lane_count);
#pragma GCC unroll 4
      for (int q = 0; q < width; ++q) {
        load_lanes(value, b + (l * columns + q) * lane_count);
#pragma GCC unroll 4
        for (int r = 0; r < rows; ++r) sums[r][q] += factor[r] * value;
      }
    }
    // What lies between the first row's diagonal and those of the others.
#pragma GCC unroll 4
    for (int l = 1; l < rows; ++l) {
#pragma GCC unroll 4
      for (int r = l; r < rows; ++r) load_lanes(factor[r], k + (r * stride + first + l) * lane_count);
#pragma GCC unroll 4
      for (int q = 0; q < width; ++q) {
        load_lanes(value, b + ((first + l) * columns + q) * lane_count);
#pragma GCC unroll 4
        for (int r = l; r < rows; ++r) sums[r][q] += factor[r] * value;
      }
    }
#pragma GCC unroll 4
    for (int r = 0; r < rows; ++r) {
#pragma GCC unroll 4
      for (int q = 0; q < width; ++q) store_lanes(sums[r][q], out + (r * columns + q) * lane_count);
    }
  }
};

}  // namespace caton
