// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Fused multiply-adds with channels in the lanes: every entry sums over time in order, so that every processor gives
// the same bits (one without the instruction computes the same sums, slowly).
#include "caton/geometry/scatter_tiles.hpp"

#include <cmath>
#include <type_traits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace caton {

namespace {

void add_plain(const Tile& tile, std::int64_t panels) {
  for (std::int64_t i = 0; i < lane_count; ++i) {
    for (std::int64_t p = 0; p < panels; ++p) {
      const double* const right = tile.right + p * tile.panel_step;
      double sums[lane_count] = {};
      for (std::int64_t t = 0; t < tile.count * lane_count; t += lane_count) {
        for (std::int64_t k = 0; k < lane_count; ++k) sums[k] = std::fma(tile.left[t + i], right[t + k], sums[k]);
      }
      double* const out = tile.out + i * tile.out_row + p * lane_count;
      for (std::int64_t k = 0; k < lane_count; ++k) out[k] = tile.adds ? out[k] + sums[k] : sums[k];
    }
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f"), always_inline)) inline void put_avx512(const __m512d& sum, bool adds, double* out) {
  _mm512_storeu_pd(out, adds ? _mm512_add_pd(_mm512_loadu_pd(out), sum) : sum);
}

__attribute__((target("avx2"), always_inline)) inline void put_avx2(const __m256d& sum, bool adds, double* out) {
  _mm256_storeu_pd(out, adds ? _mm256_add_pd(_mm256_loadu_pd(out), sum) : sum);
}

/// With `diagonal` the last panel is the left one: its upper right quarter is left out.
template <int panels, bool diagonal>
__attribute__((target("avx512f,fma"))) void add_avx512(const Tile& tile) {
  constexpr int half = lane_count / 2, last = panels - 1, top = diagonal ? last : panels;
  __m512d sums[lane_count][panels], right[panels];
  __m256d corner[half];
#pragma GCC unroll 8
  for (int i = 0; i < lane_count; ++i) {
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) sums[i][p] = _mm512_setzero_pd();
  }
#pragma GCC unroll 4
  for (int i = 0; i < half; ++i) corner[i] = _mm256_setzero_pd();
  for (std::int64_t t = 0; t < tile.count; ++t) {
    if (tile.ahead.from != nullptr) _mm_prefetch(tile.ahead.from + tile.ahead.offsets[t], _MM_HINT_T1);
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) right[p] = _mm512_loadu_pd(tile.right + p * tile.panel_step + t * lane_count);
#pragma GCC unroll 8
    for (int i = 0; i < lane_count; ++i) {
      const __m512d left = _mm512_set1_pd(tile.left[t * lane_count + i]);
#pragma GCC unroll 3
      for (int p = 0; p < panels; ++p) {
        if (p < top || i >= half) sums[i][p] = _mm512_fmadd_pd(left, right[p], sums[i][p]);
      }
      if (diagonal && i < half)
        corner[i] = _mm256_fmadd_pd(__builtin_shufflevector(left, left, 0, 1, 2, 3),
                                    __builtin_shufflevector(right[last], right[last], 0, 1, 2, 3), corner[i]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < lane_count; ++i) {
    double* const out = tile.out + i * tile.out_row;
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) {
      if (p < top || i >= half) put_avx512(sums[i][p], tile.adds, out + p * lane_count);
    }
    if (diagonal && i < half) put_avx2(corner[i], tile.adds, out + top * lane_count);
  }
}

/// Four channels from `first` on times one panel: sixteen registers hold no more.
__attribute__((target("avx2,fma"))) void add_avx2(const Tile& tile, int first, std::int64_t panel) {
  constexpr int rows = 4, half = 4;
  const double* const left = tile.left + first;
  const double* const right = tile.right + panel * tile.panel_step;
  __m256d sums[rows][2];
  for (auto& row : sums) row[0] = row[1] = _mm256_setzero_pd();
  for (std::int64_t t = 0; t < tile.count * lane_count; t += lane_count) {
    const __m256d low = _mm256_loadu_pd(right + t), high = _mm256_loadu_pd(right + t + half);
#pragma GCC unroll 4
    for (int i = 0; i < rows; ++i) {
      const __m256d value = _mm256_broadcast_sd(left + t + i);
      sums[i][0] = _mm256_fmadd_pd(value, low, sums[i][0]);
      sums[i][1] = _mm256_fmadd_pd(value, high, sums[i][1]);
    }
  }
  for (int i = 0; i < rows; ++i) {
    double* const out = tile.out + (first + i) * tile.out_row + panel * lane_count;
    put_avx2(sums[i][0], tile.adds, out);
    put_avx2(sums[i][1], tile.adds, out + half);
  }
}
#endif

}  // namespace

void add_tile(Processor target, const Tile& tile, std::int64_t panels) {
#if defined(__x86_64__)
  if (target == Processor::avx512) {
    const auto add = [&]<bool diagonal>(std::bool_constant<diagonal>) {
      panels == 3   ? add_avx512<3, diagonal>(tile)
      : panels == 2 ? add_avx512<2, diagonal>(tile)
                    : add_avx512<1, diagonal>(tile);
    };
    return tile.diagonal ? add(std::true_type{}) : add(std::false_type{});
  }
  if (target == Processor::avx2 && __builtin_cpu_supports("fma") != 0) {
    for (std::int64_t p = 0; p < panels; ++p) {
      for (const int first : {0, 4}) add_avx2(tile, first, p);
    }
    return;
  }
#endif
  add_plain(tile, panels);
}

}  // namespace caton
