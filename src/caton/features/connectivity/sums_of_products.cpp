// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/sums_of_products.hpp"

#include "caton/base/lanes.hpp"

#include <algorithm>
#include <array>

namespace caton {

namespace {

constexpr std::int64_t tile_rows = 4;

/// Where the four rows of a tile begin.
using TileRows = std::array<const double*, tile_rows>;

/// Four rows times `Vectors` times eight columns, all sums in registers where the processor has enough of them.
template <int Vectors>
struct TileKernel {
  static inline __attribute__((always_inline)) void run(const TileRows* rows, std::int64_t step, const double* right,
                                                        std::int64_t right_step, std::int64_t count, double* out) {
    const double *first = (*rows)[0], *second = (*rows)[1], *third = (*rows)[2], *fourth = (*rows)[3];
    Lanes a[Vectors]{}, b[Vectors]{}, c[Vectors]{}, d[Vectors]{};
    for (std::int64_t n = 0; n < count; ++n) {
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; ++v) {
        Lanes values;
        load_lanes(values, right + n * right_step + v * lane_count);
        a[v] += first[n * step] * values;
        b[v] += second[n * step] * values;
        c[v] += third[n * step] * values;
        d[v] += fourth[n * step] * values;
      }
    }
    double* const end = out + Vectors * lane_count;
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) {
      store_lanes(a[v], out + v * lane_count);
      store_lanes(b[v], end + v * lane_count);
      store_lanes(c[v], end + (Vectors + v) * lane_count);
      store_lanes(d[v], end + (2 * Vectors + v) * lane_count);
    }
  }
};

/// One row times `Vectors` times eight columns.
template <int Vectors>
struct RowKernel {
  static inline __attribute__((always_inline)) void run(const StridedRows* left, const double* right,
                                                        std::int64_t right_step, std::int64_t count, double* out) {
    const StridedRows row = *left;
    Lanes sums[Vectors]{};
    for (std::int64_t n = 0; n < count; ++n) {
#pragma GCC unroll 8
      for (int v = 0; v < Vectors; ++v) {
        Lanes values;
        load_lanes(values, right + n * right_step + v * lane_count);
        sums[v] += row.data[n * row.step] * values;
      }
    }
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; ++v) store_lanes(sums[v], out + v * lane_count);
  }
};

void sums_of_row(const ProductSums& sums, std::int64_t row, double* out) {
  const StridedRows left{sums.left.data + row * sums.left.row, sums.left.step, 0};
  const Processor target = processor();
  std::int64_t column = 0;
  for (; column + 8 * lane_count <= sums.columns; column += 8 * lane_count)
    run_on<RowKernel<8>>(target, &left, sums.right + column, sums.right_step, sums.count, out + column);
  for (; column + 4 * lane_count <= sums.columns; column += 4 * lane_count)
    run_on<RowKernel<4>>(target, &left, sums.right + column, sums.right_step, sums.count, out + column);
  for (; column < sums.columns; column += lane_count)
    run_on<RowKernel<1>>(target, &left, sums.right + column, sums.right_step, sums.count, out + column);
}

template <int Vectors>
void tile(const ProductSums& sums, std::int64_t row, std::int64_t column, double* out, std::int64_t out_row) {
  TileRows rows;
  for (std::int64_t r = 0; r < tile_rows; ++r)
    rows[static_cast<std::size_t>(r)] = sums.left.data + std::min(row + r, sums.rows - 1) * sums.left.row;
  alignas(64) double values[tile_rows * Vectors * lane_count];
  run_on<TileKernel<Vectors>>(processor(), static_cast<const TileRows*>(&rows), sums.left.step, sums.right + column,
                              sums.right_step, sums.count, static_cast<double*>(values));
  for (std::int64_t r = 0; r < std::min(tile_rows, sums.rows - row); ++r) {
    const double* const from = values + r * Vectors * lane_count;
    std::copy(from, from + Vectors * lane_count, out + (row + r) * out_row + column);
  }
}

}  // namespace

void sums_of_products(const ProductSums& sums, double* out, std::int64_t out_row) {
  const bool wide = processor() == Processor::avx512;  // 32 registers of eight reals; elsewhere they are halves
  for (std::int64_t row = 0; row < sums.rows; row += tile_rows) {
    if (row + 1 == sums.rows) return sums_of_row(sums, row, out + row * out_row);
    std::int64_t column = 0;
    for (; wide && column + 4 * lane_count <= sums.columns; column += 4 * lane_count)
      tile<4>(sums, row, column, out, out_row);
    for (; wide && column + 2 * lane_count <= sums.columns; column += 2 * lane_count)
      tile<2>(sums, row, column, out, out_row);
    for (; column < sums.columns; column += lane_count) tile<1>(sums, row, column, out, out_row);
  }
}

}  // namespace caton
