// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/hermitian_inverse.hpp"

#include "caton/features/connectivity/lane_panel.hpp"

#include <algorithm>

namespace caton {

namespace {

constexpr std::int64_t step = LaneMatrix::step;
constexpr std::int64_t panel_columns = 4;

/// The rows of the panel as they are, outside it: what stands above the diagonal is known from below it.
struct CopyKernel {
  static inline __attribute__((always_inline)) void run(const LaneMatrix* matrix, const Panel* panel,
                                                        LaneMatrix* before) {
    for (std::int64_t m = 0; m < panel->columns; ++m) {
      const std::int64_t row = panel->first + m;
      for (std::int64_t j = 0; j < matrix->size(); ++j) {
        if (panel->holds(j)) continue;
        const bool above = j > row;
        const double* const from = above ? matrix->at(j, row) : matrix->at(row, j);
        Lanes re, im;
        load_lanes(re, from);
        load_lanes(im, from + lane_count);
        store_lanes(re, before->at(m, j));
        store_lanes(above ? -im : im, before->at(m, j) + lane_count);
      }
    }
  }
};

/// Takes row k, divided by its pivot, off all rows below it, within the panel; in the place of column k the same is
/// done to a unit matrix.
struct EliminateKernel {
  static inline __attribute__((always_inline)) void run(LaneMatrix* matrix, const Panel* panel, std::int64_t k,
                                                        double* pivots) {
    const std::int64_t first = panel->first, own = k - first;
    Lanes row_re[panel_columns], row_im[panel_columns];
    for (std::int64_t j = 0; j < panel_columns && j < panel->columns; ++j) {
      const double* const from = j > own ? matrix->at(first + j, k) : matrix->at(k, first + j);
      load_lanes(row_re[j], from);
      load_lanes(row_im[j], from + lane_count);
      if (j > own) row_im[j] = -row_im[j];
      if (j < own) continue;
      if (j == own) store_lanes(row_re[j], pivots + k * lane_count);
      store_lanes(j == own ? Lanes{} + 1.0 : Lanes{}, matrix->at(k, first + j));
      store_lanes(Lanes{}, matrix->at(k, first + j) + lane_count);
    }
    Lanes inverse;
    load_lanes(inverse, pivots + k * lane_count);
    inverse = -1.0 / inverse;
    for (std::int64_t i = k + 1; i < matrix->size(); ++i) {
      double* const row = matrix->at(i, first);
      Lanes re, im;
      load_lanes(re, row + own * step);
      load_lanes(im, row + own * step + lane_count);
      re *= inverse;
      im *= inverse;
      for (std::int64_t j = 0; j < panel_columns && j < panel->columns; ++j) {
        Lanes a = re, b = im;
        if (j != own) {
          load_lanes(a, row + j * step);
          load_lanes(b, row + j * step + lane_count);
          a += re * row_re[j] - im * row_im[j];
          b += re * row_im[j] + im * row_re[j];
        }
        store_lanes(a, row + j * step);
        store_lanes(b, row + j * step + lane_count);
      }
    }
  }
};

/// Sums down the columns of |(L⁻¹)_kj|^2 / D_k.
struct DiagonalKernel {
  static inline __attribute__((always_inline)) void run(const LaneMatrix* matrix, const double* pivots,
                                                        double* diagonal) {
    for (std::int64_t k = 0; k < matrix->size(); ++k) {
      Lanes pivot;
      load_lanes(pivot, pivots + k * lane_count);
      const Lanes weight = 1.0 / pivot;
      for (std::int64_t j = 0; j <= k; ++j) {
        Lanes re, im, sum{};
        load_lanes(re, matrix->at(k, j));
        load_lanes(im, matrix->at(k, j) + lane_count);
        if (j < k) load_lanes(sum, diagonal + j * lane_count);
        store_lanes(sum + (re * re + im * im) * weight, diagonal + j * lane_count);
      }
    }
  }
};

}  // namespace

bool inverse_diagonal(LaneMatrix& matrix, double* diagonal) {
  const std::int64_t size = matrix.size();
  const Processor target = processor();
  LaneMatrix before(panel_columns, size);
  Matrix pivots({size, lane_count}, uninitialised);
  for (std::int64_t first = 0; first < size; first += panel_columns) {
    const Panel panel{first, std::min(panel_columns, size - first)};
    run_on<CopyKernel>(target, static_cast<const LaneMatrix*>(&matrix), &panel, &before);
    for (std::int64_t k = first; k < panel.last(); ++k)
      run_on<EliminateKernel>(target, &matrix, &panel, k, pivots.data());
    for (std::int64_t i = first; i < size; i += 2) {
      const std::int64_t rows = std::min<std::int64_t>(2, size - i);
      follow(matrix, before, panel, {i, rows, 0, first});
      if (!panel.holds(i)) follow(matrix, before, panel, {i, rows, panel.last(), i + rows});
    }
  }
  if (!std::all_of(pivots.begin(), pivots.end(), [](double pivot) { return pivot > 0; })) return false;
  run_on<DiagonalKernel>(target, static_cast<const LaneMatrix*>(&matrix), static_cast<const double*>(pivots.data()),
                         diagonal);
  return true;
}

}  // namespace caton
