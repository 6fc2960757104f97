// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/matrix_product.hpp"

#include <algorithm>
#include <cstring>

namespace caton {

namespace {

/// Inner indices taken at once: a tile's rows and two panels of that length stay in the first cache.
constexpr std::int64_t inner_block = 256;
/// Columns taken at once: their panels stay in the second cache.
constexpr std::int64_t column_block = 256;
constexpr std::int64_t tile_rows = 4;

/// Rows of `a` from `rows` on times panels of eight columns, added to what stands in `out`.
struct Tile {
  const double* rows;  ///< inner index fastest
  std::int64_t row_stride;
  const double* panel;  ///< inner x 8; the next panel follows
  std::int64_t inner;
  double* out;  ///< rows x (8 panels)
  std::int64_t out_stride;
};

template <int rows, int panels>
struct AddTile {
  static inline __attribute__((always_inline)) void run(const Tile* tile) {
    Lanes sums[rows][panels], b[panels];
    const double* a[rows];
    for (int i = 0; i < rows; ++i) {
      a[i] = tile->rows + i * tile->row_stride;
      for (int p = 0; p < panels; ++p) load_lanes(sums[i][p], tile->out + i * tile->out_stride + p * lane_count);
    }
    const double* const second = tile->panel + tile->inner * lane_count;
    for (std::int64_t k = 0; k < tile->inner; ++k) {
      load_lanes(b[0], tile->panel + k * lane_count);
      if constexpr (panels == 2) load_lanes(b[1], second + k * lane_count);
#pragma GCC unroll 4
      for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 2
        for (int p = 0; p < panels; ++p) sums[i][p] += a[i][k] * b[p];
      }
    }
    for (int i = 0; i < rows; ++i) {
      for (int p = 0; p < panels; ++p) store_lanes(sums[i][p], tile->out + i * tile->out_stride + p * lane_count);
    }
  }
};

template <int panels>
void add_rows(Processor target, std::int64_t rows, const Tile& tile) {
  if (rows == 4) return run_on<AddTile<4, panels>>(target, &tile);
  if (rows == 3) return run_on<AddTile<3, panels>>(target, &tile);
  if (rows == 2) return run_on<AddTile<2, panels>>(target, &tile);
  run_on<AddTile<1, panels>>(target, &tile);
}

/// Columns of b in panels of eight, inner index first; missing columns are 0.
void pack_panels(Signal b, double* to) {
  const std::int64_t inner = b.extent(0), step = b.stride(0);
  for (std::int64_t j = 0; j < b.extent(1); j += lane_count, to += inner * lane_count) {
    const std::int64_t width = std::min(lane_count, b.extent(1) - j);
    const double* const first = b.data() + j * b.stride(1);
    if (width == lane_count && b.stride(1) == 1) {
      for (std::int64_t k = 0; k < inner; ++k)
        std::memcpy(to + k * lane_count, first + k * step, lane_count * sizeof(double));
      continue;
    }
    if (width < lane_count) std::fill_n(to, inner * lane_count, 0.0);
    for (std::int64_t lane = 0; lane < width; ++lane) {
      const double* const from = first + lane * b.stride(1);
      for (std::int64_t k = 0; k < inner; ++k) to[k * lane_count + lane] = from[k * step];
    }
  }
}

/// All tiles of a block of rows against packed panels; `out` has whole panels of columns.
void add_product(Signal a, const double* panels, View<double, 2> out, Processor target) {
  // Two panels at once need more registers than narrower processors have.
  const std::int64_t step = target == Processor::avx512 ? 2 * lane_count : lane_count;
  for (std::int64_t j = 0; j < out.extent(1); j += step) {
    const bool pair = step > lane_count && j + lane_count < out.extent(1);
    for (std::int64_t i = 0; i < a.extent(0); i += tile_rows) {
      const Tile tile{.rows = a.data() + i * a.stride(0),
                      .row_stride = a.stride(0),
                      .panel = panels + j * a.extent(1),
                      .inner = a.extent(1),
                      .out = out.data() + i * out.stride(0) + j,
                      .out_stride = out.stride(0)};
      const std::int64_t rows = std::min(tile_rows, a.extent(0) - i);
      pair ? add_rows<2>(target, rows, tile) : add_rows<1>(target, rows, tile);
    }
  }
}

}  // namespace

void multiply(Signal a, Signal b, View<double, 2> out, Processor target) {
  if (a.stride(1) != 1 && a.extent(1) > 1) return multiply(Matrix(a), b, out, target);
  const std::int64_t inner = a.extent(1), columns = b.extent(1);
  const std::int64_t width = std::min(columns, column_block),
                     padded = (width + lane_count - 1) / lane_count * lane_count;
  Vector panels({padded * std::min(inner, inner_block)}, uninitialised);
  Matrix sums({a.extent(0), padded}, uninitialised);
  for (std::int64_t j = 0; j < columns; j += column_block) {
    const std::int64_t count = std::min(column_block, columns - j);
    const auto wide = sums.view().slice(1, 0, (count + lane_count - 1) / lane_count * lane_count);
    sums.fill(0);
    for (std::int64_t k = 0; k < inner; k += inner_block) {
      const std::int64_t depth = std::min(inner_block, inner - k);
      pack_panels(b.slice(0, k, depth).slice(1, j, count), panels.data());
      add_product(a.slice(1, k, depth), panels.data(), wide, target);
    }
    for (std::int64_t i = 0; i < a.extent(0); ++i)
      std::memcpy(out.data() + i * out.stride(0) + j, sums[i].data(), static_cast<std::size_t>(count) * sizeof(double));
  }
}

}  // namespace caton
