// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/row_products.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace caton {

namespace {

constexpr std::int64_t tile = 4;
/// Rows of two tiles stay in the first cache.
constexpr std::int64_t chunk_samples = 512;

using Rows = std::array<const double*, tile>;
/// Sums over 4 x 4 pairs of rows, and eight partial ones of each.
using Sums = std::array<double, static_cast<std::size_t>(tile* tile)>;
using PartialSums = std::array<double, static_cast<std::size_t>(tile* tile* lane_count)>;

inline __attribute__((always_inline)) double added(const double* lanes) {
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

/// The partial sums of the first rows of `a`, and the samples that fill no register.
inline __attribute__((always_inline)) void finish(const Rows& a, const Rows& b, int rows, std::int64_t samples,
                                                  const PartialSums& partial, Sums& sums) {
  for (std::size_t k = 0; k < static_cast<std::size_t>(rows * tile); ++k) {
    const double *const u = a[k / tile], *const v = b[k % tile];
    double sum = added(&partial[k * lane_count]);
    for (std::int64_t t = samples / lane_count * lane_count; t < samples; ++t) sum = __builtin_fma(u[t], v[t], sum);
    sums[k] = sum;
  }
}

void tile_plain(const Rows& a, const Rows& b, std::int64_t samples, Sums& sums) {
  PartialSums partial{};
  for (std::int64_t t = 0; t + lane_count <= samples; t += lane_count) {
    double* sum = partial.data();
    for (const double* const x : a) {
      for (const double* const y : b) {
        for (std::int64_t k = 0; k < lane_count; ++k) sum[k] = std::fma(x[t + k], y[t + k], sum[k]);
        sum += lane_count;
      }
    }
  }
  finish(a, b, tile, samples, partial, sums);
}

#if defined(__x86_64__)
template <int rows>
__attribute__((target("avx512f"))) void tile_avx512(const Rows& a, const Rows& b, std::int64_t samples, Sums& sums) {
  __m512d sum[rows][tile];
#pragma GCC unroll 4
  for (std::size_t i = 0; i < rows; ++i) {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < tile; ++j) sum[i][j] = _mm512_setzero_pd();
  }
  for (std::int64_t t = 0; t + lane_count <= samples; t += lane_count) {
    __m512d y[tile];
#pragma GCC unroll 4
    for (std::size_t j = 0; j < tile; ++j) y[j] = _mm512_loadu_pd(b[j] + t);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < rows; ++i) {
      const __m512d x = _mm512_loadu_pd(a[i] + t);
#pragma GCC unroll 4
      for (std::size_t j = 0; j < tile; ++j) sum[i][j] = _mm512_fmadd_pd(x, y[j], sum[i][j]);
    }
  }
  PartialSums partial;
#pragma GCC unroll 16
  for (std::size_t k = 0; k < rows * tile; ++k) _mm512_storeu_pd(&partial[k * lane_count], sum[k / tile][k % tile]);
  finish(a, b, rows, samples, partial, sums);
}

/// One half of the lanes, two rows at a time: sixteen registers hold no more.
__attribute__((target("avx2,fma"))) void half_avx2(const Rows& a, const Rows& b, std::int64_t samples,
                                                   std::size_t first, std::size_t half, PartialSums& sums) {
  __m256d sum[2][tile];
#pragma GCC unroll 2
  for (std::size_t i = 0; i < 2; ++i) {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < tile; ++j) sum[i][j] = _mm256_setzero_pd();
  }
  for (std::int64_t t = 0; t + lane_count <= samples; t += lane_count) {
    const std::int64_t at = t + static_cast<std::int64_t>(half);
    __m256d y[tile];
#pragma GCC unroll 4
    for (std::size_t j = 0; j < tile; ++j) y[j] = _mm256_loadu_pd(b[j] + at);
#pragma GCC unroll 2
    for (std::size_t i = 0; i < 2; ++i) {
      const __m256d x = _mm256_loadu_pd(a[first + i] + at);
#pragma GCC unroll 4
      for (std::size_t j = 0; j < tile; ++j) sum[i][j] = _mm256_fmadd_pd(x, y[j], sum[i][j]);
    }
  }
#pragma GCC unroll 2
  for (std::size_t i = 0; i < 2; ++i) {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < tile; ++j)
      _mm256_storeu_pd(&sums[((first + i) * tile + j) * lane_count + half], sum[i][j]);
  }
}

__attribute__((target("avx2,fma"))) void tile_avx2(const Rows& a, const Rows& b, std::int64_t samples, Sums& sums) {
  PartialSums partial;
  for (const std::size_t first : {0, 2}) {
    for (const std::size_t half : {0, 4}) half_avx2(a, b, samples, first, half, partial);
  }
  finish(a, b, tile, samples, partial, sums);
}
#endif

/// Sums of the first `rows` rows of `a` with all of `b`; what stands for the others in `sums` means nothing.
void sum_tile(Processor target, const Rows& a, int rows, const Rows& b, std::int64_t samples, Sums& sums) {
#if defined(__x86_64__)
  if (target == Processor::avx512) {
    switch (rows) {
      case 1: return tile_avx512<1>(a, b, samples, sums);
      case 2: return tile_avx512<2>(a, b, samples, sums);
      case 3: return tile_avx512<3>(a, b, samples, sums);
      default: return tile_avx512<4>(a, b, samples, sums);
    }
  }
  if (target == Processor::avx2 && __builtin_cpu_supports("fma") != 0) return tile_avx2(a, b, samples, sums);
#endif
  (void)rows;
  tile_plain(a, b, samples, sums);
}

/// Four rows from `row` on, the last one again where there are fewer.
Rows rows_at(Signal x, std::int64_t row, std::int64_t t) {
  Rows rows{};
  for (std::int64_t k = 0; k < tile; ++k)
    rows[static_cast<std::size_t>(k)] = x.data() + std::min(row + k, x.extent(0) - 1) * x.stride(0) + t;
  return rows;
}

}  // namespace

void add_row_products(Signal a, Signal b, bool lower, View<double, 2> sums, Processor target) {
  if (a.stride(1) != 1 && a.extent(1) > 1) return add_row_products(Matrix(a), b, lower, sums, target);
  if (b.stride(1) != 1 && b.extent(1) > 1) return add_row_products(a, Matrix(b), lower, sums, target);
  Sums found{};
  for (std::int64_t t = 0; t < a.extent(1); t += chunk_samples) {
    const std::int64_t count = std::min(chunk_samples, a.extent(1) - t);
    for (std::int64_t i = 0; i < a.extent(0); i += tile) {
      const Rows left = rows_at(a, i, t);
      const int rows = static_cast<int>(std::min<std::int64_t>(tile, a.extent(0) - i));
      const std::int64_t end = lower ? std::min(i + rows, b.extent(0)) : b.extent(0);
      for (std::int64_t j = 0; j < end; j += tile) {
        sum_tile(target, left, rows, rows_at(b, j, t), count, found);
        for (std::int64_t p = 0; p < rows; ++p) {
          for (std::int64_t q = j; q < std::min({j + tile, b.extent(0), lower ? i + p + 1 : b.extent(0)}); ++q)
            sums(i + p, q) += found[static_cast<std::size_t>(p * tile + q - j)];
        }
      }
    }
  }
}

}  // namespace caton
