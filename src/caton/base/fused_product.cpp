// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/fused_product.hpp"

#include "caton/base/lane_transpose.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace caton {

namespace {

/// Inner indices taken at once: the panels of a tile stay in the second cache, a few rows of `a` in the first.
constexpr std::int64_t inner_block = 256;
constexpr std::int64_t most_rows = 4, most_panels = 5;

/// Some rows of `a` times some panels of eight columns.
struct Tile {
  const double* a;  ///< inner index fastest
  std::int64_t a_step;
  const double* b;
  std::int64_t inner_step, panel_step;  ///< from one inner index, from one panel of eight columns to the next
  std::int64_t inner;
  double* out;
  std::int64_t out_step;
  bool add;  ///< to what stands in `out`
};

void tile_plain(const Tile& tile, std::int64_t rows, std::int64_t panels) {
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t p = 0; p < panels; ++p) {
      double* const out = tile.out + i * tile.out_step + p * lane_count;
      double sum[lane_count] = {};
      if (tile.add) std::copy_n(out, lane_count, sum);
      for (std::int64_t k = 0; k < tile.inner; ++k) {
        const double* const b = tile.b + p * tile.panel_step + k * tile.inner_step;
        const double factor = tile.a[i * tile.a_step + k];
        for (std::int64_t lane = 0; lane < lane_count; ++lane) sum[lane] = std::fma(factor, b[lane], sum[lane]);
      }
      std::copy_n(sum, lane_count, out);
    }
  }
}

#if defined(__x86_64__)
template <int rows, int panels>
__attribute__((target("avx512f"))) void tile_avx512(const Tile& tile) {
  __m512d sum[rows][panels];
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 8
    for (int p = 0; p < panels; ++p) {
      sum[i][p] = tile.add ? _mm512_loadu_pd(tile.out + i * tile.out_step + p * lane_count) : _mm512_setzero_pd();
    }
  }
  const double* b = tile.b;
  const double* a = tile.a;
  const std::int64_t a_step = tile.a_step, inner_step = tile.inner_step, panel_step = tile.panel_step;
  for (std::int64_t k = 0; k < tile.inner; ++k, b += inner_step, ++a) {
    __m512d y[panels];
#pragma GCC unroll 8
    for (int p = 0; p < panels; ++p) y[p] = _mm512_loadu_pd(b + p * panel_step);
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const __m512d x = _mm512_set1_pd(a[i * a_step]);
#pragma GCC unroll 8
      for (int p = 0; p < panels; ++p) sum[i][p] = _mm512_fmadd_pd(x, y[p], sum[i][p]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 8
    for (int p = 0; p < panels; ++p) _mm512_storeu_pd(tile.out + i * tile.out_step + p * lane_count, sum[i][p]);
  }
}

/// One panel: sixteen registers hold no more.
template <int rows>
__attribute__((target("avx2,fma"))) void panel_avx2(const Tile& tile, std::int64_t panel) {
  double* const out = tile.out + panel * lane_count;
  __m256d low[rows], high[rows];
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
    low[i] = tile.add ? _mm256_loadu_pd(out + i * tile.out_step) : _mm256_setzero_pd();
    high[i] = tile.add ? _mm256_loadu_pd(out + i * tile.out_step + 4) : _mm256_setzero_pd();
  }
  const double* b = tile.b + panel * tile.panel_step;
  const double* a = tile.a;
  for (std::int64_t k = 0; k < tile.inner; ++k, b += tile.inner_step, ++a) {
    const __m256d y = _mm256_loadu_pd(b), z = _mm256_loadu_pd(b + 4);
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const __m256d x = _mm256_set1_pd(a[i * tile.a_step]);
      low[i] = _mm256_fmadd_pd(x, y, low[i]);
      high[i] = _mm256_fmadd_pd(x, z, high[i]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
    _mm256_storeu_pd(out + i * tile.out_step, low[i]);
    _mm256_storeu_pd(out + i * tile.out_step + 4, high[i]);
  }
}

template <int rows>
void tile_avx512(const Tile& tile, std::int64_t panels) {
  switch (panels) {
    case 1: return tile_avx512<rows, 1>(tile);
    case 2: return tile_avx512<rows, 2>(tile);
    case 3: return tile_avx512<rows, 3>(tile);
    case 4: return tile_avx512<rows, 4>(tile);
    default: return tile_avx512<rows, 5>(tile);
  }
}

template <int rows>
bool tile_fused(const Tile& tile, std::int64_t panels, Processor target) {
  if (target == Processor::avx512) {
    tile_avx512<rows>(tile, panels);
    return true;
  }
  if (target != Processor::avx2 || __builtin_cpu_supports("fma") == 0) return false;
  for (std::int64_t p = 0; p < panels; ++p) panel_avx2<rows>(tile, p);
  return true;
}
#endif

void run_tile(const Tile& tile, std::int64_t rows, std::int64_t panels, Processor target) {
#if defined(__x86_64__)
  const bool done = rows == 4   ? tile_fused<4>(tile, panels, target)
                    : rows == 3 ? tile_fused<3>(tile, panels, target)
                    : rows == 2 ? tile_fused<2>(tile, panels, target)
                                : tile_fused<1>(tile, panels, target);
  if (done) return;
#endif
  tile_plain(tile, rows, panels);
}

/// All rows of `a` times `panels` panels.
void run_rows(Signal a, Tile tile, std::int64_t panels, Processor target) {
  const double* const first = tile.a;
  double* const out = tile.out;
  for (std::int64_t i = 0; i < a.extent(0); i += most_rows) {
    tile.a = first + i * tile.a_step;
    tile.out = out + i * tile.out_step;
    run_tile(tile, std::min(most_rows, a.extent(0) - i), panels, target);
  }
}

/// The last columns, fewer than eight: through a panel of its own.
void run_rest(Signal a, const Tile& tile, std::int64_t columns, Processor target) {
  Matrix whole({a.extent(0), lane_count}, 0.0);
  if (tile.add) {
    for (std::int64_t i = 0; i < a.extent(0); ++i) std::copy_n(tile.out + i * tile.out_step, columns, whole[i].data());
  }
  Tile inside = tile;
  inside.out = whole.data();
  inside.out_step = lane_count;
  run_rows(a, inside, 1, target);
  for (std::int64_t i = 0; i < a.extent(0); ++i) std::copy_n(whole[i].data(), columns, tile.out + i * tile.out_step);
}

/// b's last columns, fewer than eight, with zeros beside them.
Matrix padded_rest(Signal b, std::int64_t first) {
  Matrix rest({b.extent(0), lane_count}, 0.0);
  for (std::int64_t k = 0; k < b.extent(0); ++k)
    std::copy_n(b.data() + k * b.stride(0) + first, b.extent(1) - first, rest[k].data());
  return rest;
}

}  // namespace

void fused_product(Signal a, Signal b, View<double, 2> out, Processor target) {
  if (a.stride(1) != 1 && a.extent(1) > 1) return fused_product(Matrix(a), b, out, target);
  const std::int64_t panels = b.extent(1) / lane_count, rest = b.extent(1) % lane_count;
  const Matrix last = rest > 0 ? padded_rest(b, panels * lane_count) : Matrix();
  for (std::int64_t k = 0; k < std::max<std::int64_t>(a.extent(1), 1); k += inner_block) {
    Tile tile{.a = a.data() + k,
              .a_step = a.stride(0),
              .b = b.data() + k * b.stride(0),
              .inner_step = b.stride(0),
              .panel_step = lane_count,
              .inner = std::min(inner_block, a.extent(1) - k),
              .out = out.data(),
              .out_step = out.stride(0),
              .add = k > 0};
    for (std::int64_t p = 0; p < panels; p += most_panels) {
      run_rows(a, tile, std::min(most_panels, panels - p), target);
      tile.b += most_panels * lane_count;
      tile.out += most_panels * lane_count;
    }
    if (rest == 0) continue;
    tile.b = last.data() + k * lane_count;
    tile.inner_step = lane_count;
    tile.out = out.data() + panels * lane_count;
    run_rest(a, tile, rest, target);
  }
}

PackedFactor::PackedFactor(std::int64_t inner, std::int64_t columns)
    : columns_(columns),
      inner_(inner),
      panels_({(columns + lane_count - 1) / lane_count * inner * lane_count}, uninitialised) {}

PackedFactor::PackedFactor(Signal columns) : PackedFactor(columns.extent(1), columns.extent(0)) { put(0, columns); }

void PackedFactor::put(std::int64_t first, Signal columns) {
  const bool plain = columns.stride(1) == 1;
  for (std::int64_t j = 0; j < columns.extent(0); j += lane_count) {
    double* const panel = panels_.data() + (first + j) * inner_;
    const std::int64_t width = std::min(lane_count, columns.extent(0) - j);
    if (plain && width == lane_count) {
      rows_to_lanes(columns.data() + j * columns.stride(0), columns.stride(0), inner_, panel);
      continue;
    }
    std::fill_n(panel, inner_ * lane_count, 0.0);
    for (std::int64_t lane = 0; lane < width; ++lane) {
      const auto column = columns[j + lane];
      for (std::int64_t k = 0; k < inner_; ++k) panel[k * lane_count + lane] = column[k];
    }
  }
}

void PackedFactor::multiply(Signal a, View<double, 2> out, Processor target) const {
  if (a.stride(1) != 1 && a.extent(1) > 1) return multiply(Matrix(a), out, target);
  const std::int64_t panels = columns_ / lane_count, rest = columns_ % lane_count;
  for (std::int64_t k = 0; k < std::max<std::int64_t>(inner_, 1); k += inner_block) {
    Tile tile{.a = a.data() + k,
              .a_step = a.stride(0),
              .b = panels_.data() + k * lane_count,
              .inner_step = lane_count,
              .panel_step = inner_ * lane_count,
              .inner = std::min(inner_block, inner_ - k),
              .out = out.data(),
              .out_step = out.stride(0),
              .add = k > 0};
    for (std::int64_t p = 0; p < panels; p += most_panels) {
      run_rows(a, tile, std::min(most_panels, panels - p), target);
      tile.b += most_panels * tile.panel_step;
      tile.out += most_panels * lane_count;
    }
    if (rest == 0) continue;
    tile.b = panels_.data() + panels * tile.panel_step + k * lane_count;
    tile.out = out.data() + panels * lane_count;
    run_rest(a, tile, rest, target);
  }
}

}  // namespace caton
