// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// x xᵀ by fused multiply-adds: eight partial sums over time, added in one order, so that every processor gives the same
// bits (one without the instruction computes the same sums, slowly).
#include "caton/base/lanes.hpp"
#include "caton/geometry/covariance_kernels.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace caton {

namespace {

constexpr int tile = 4;
/// Rows of two tiles stay in the first cache.
constexpr std::int64_t chunk_samples = 512;

using Rows = std::array<const double*, tile>;
/// Partial sums of 4 x 4 pairs of rows.
using TileSums = std::array<double, static_cast<std::size_t>(tile* tile* lane_count)>;

void tile_plain(const Rows& a, const Rows& b, std::int64_t samples, TileSums& sums) {
  sums.fill(0);
  for (std::int64_t t = 0; t < samples; t += lane_count) {
    double* sum = sums.data();
    for (const double* const x : a) {
      for (const double* const y : b) {
        for (std::int64_t k = 0; k < lane_count; ++k) sum[k] = std::fma(x[t + k], y[t + k], sum[k]);
        sum += lane_count;
      }
    }
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) void tile_avx512(const Rows& a, const Rows& b, std::int64_t samples,
                                                    TileSums& sums) {
  __m512d sum[tile][tile];
  for (auto& row : sum) {
    for (auto& value : row) value = _mm512_setzero_pd();
  }
  for (std::int64_t t = 0; t < samples; t += lane_count) {
    __m512d y[tile];
    for (std::size_t j = 0; j < tile; ++j) y[j] = _mm512_loadu_pd(b[j] + t);
    for (std::size_t i = 0; i < tile; ++i) {
      const __m512d x = _mm512_loadu_pd(a[i] + t);
      for (std::size_t j = 0; j < tile; ++j) sum[i][j] = _mm512_fmadd_pd(x, y[j], sum[i][j]);
    }
  }
  for (std::size_t k = 0; k < tile * tile; ++k) _mm512_storeu_pd(&sums[k * lane_count], sum[k / tile][k % tile]);
}

/// One half of the lanes, two rows at a time: sixteen registers hold no more.
__attribute__((target("avx2,fma"))) void half_avx2(const Rows& a, const Rows& b, std::int64_t samples,
                                                   std::size_t first, std::size_t half, TileSums& sums) {
  __m256d sum[2][tile];
  for (auto& row : sum) {
    for (auto& value : row) value = _mm256_setzero_pd();
  }
  for (std::int64_t t = static_cast<std::int64_t>(half); t < samples; t += lane_count) {
    __m256d y[tile];
    for (std::size_t j = 0; j < tile; ++j) y[j] = _mm256_loadu_pd(b[j] + t);
    for (std::size_t i = 0; i < 2; ++i) {
      const __m256d x = _mm256_loadu_pd(a[first + i] + t);
      for (std::size_t j = 0; j < tile; ++j) sum[i][j] = _mm256_fmadd_pd(x, y[j], sum[i][j]);
    }
  }
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < tile; ++j)
      _mm256_storeu_pd(&sums[((first + i) * tile + j) * lane_count + half], sum[i][j]);
  }
}
#endif

void sum_tile(Processor target, const Rows& a, const Rows& b, std::int64_t samples, TileSums& sums) {
#if defined(__x86_64__)
  if (target == Processor::avx512) return tile_avx512(a, b, samples, sums);
  if (target == Processor::avx2 && __builtin_cpu_supports("fma") != 0) {
    for (const std::size_t first : {0, 2}) {
      for (const std::size_t half : {0, 4}) half_avx2(a, b, samples, first, half, sums);
    }
    return;
  }
#endif
  tile_plain(a, b, samples, sums);
}

double added(const double* lanes) {
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

}  // namespace

Matrix scatter(Signal x, Processor target) {
  if (x.stride(1) != 1) return scatter(Matrix(x), target);
  const std::int64_t channels = x.extent(0), samples = x.extent(1);
  Matrix result({channels, channels});
  const auto rows_at = [&](std::int64_t channel, std::int64_t t) {
    Rows rows{};
    for (std::int64_t k = 0; k < tile; ++k)
      rows[static_cast<std::size_t>(k)] = x.data() + std::min(channel + k, channels - 1) * x.stride(0) + t;
    return rows;
  };
  TileSums sums{};
  for (std::int64_t t = 0; t < samples; t += chunk_samples) {
    const std::int64_t count = std::min(chunk_samples, samples - t), whole = count / lane_count * lane_count;
    for (std::int64_t i = 0; i < channels; i += tile) {
      const Rows a = rows_at(i, t);
      for (std::int64_t j = 0; j <= i; j += tile) {
        const Rows b = rows_at(j, t);
        sum_tile(target, a, b, whole, sums);
        for (std::int64_t p = 0; p < tile && i + p < channels; ++p) {
          for (std::int64_t q = 0; q < tile && j + q <= i + p; ++q) {
            const double* const u = a[static_cast<std::size_t>(p)];
            const double* const v = b[static_cast<std::size_t>(q)];
            double sum = added(&sums[static_cast<std::size_t>((p * tile + q) * lane_count)]);
            for (std::int64_t k = whole; k < count; ++k) sum = std::fma(u[k], v[k], sum);
            result(i + p, j + q) += sum;
          }
        }
      }
    }
  }
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t j = 0; j < i; ++j) result(j, i) = result(i, j);
  }
  return result;
}

}  // namespace caton
