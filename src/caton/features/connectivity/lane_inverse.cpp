// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/lane_inverse.hpp"

#include "caton/base/error.hpp"
#include "caton/features/connectivity/lane_panel.hpp"

#include <Eigen/LU>

#include <algorithm>
#include <limits>
#include <vector>

namespace caton {

namespace {

/// A pivot's power may be this much below the largest of its column before the lanes part ways.
constexpr double worst_pivot_power = 1e-6;
/// From this share on a pivot is as good as the largest (a tenth of its size).
constexpr double good_pivot_power = 1e-2;
constexpr std::int64_t step = LaneMatrix::step;
constexpr std::int64_t panel_columns = 8;

/// Of the panel's columns: row k divided by its pivot, in column k; then taken off every other row (Gauss-Jordan, in
/// place).
struct EliminateKernel {
  static inline __attribute__((always_inline)) void run(LaneMatrix* matrix, Panel panel, std::int64_t k) {
    const std::int64_t size = matrix->size(), row_step = matrix->row_step(), columns = panel.columns;
    const std::int64_t column = k - panel.first;
    double* const values = matrix->at(0, panel.first);
    double* const pivot_row = values + k * row_step;
    double* const pivot = pivot_row + column * step;
    Lanes re, im;
    load_lanes(re, pivot);
    load_lanes(im, pivot + lane_count);
    const Lanes power = re * re + im * im;
    const Lanes inverse_re = re / power, inverse_im = -im / power;
    store_lanes(Lanes{} + 1.0, pivot);
    store_lanes(Lanes{}, pivot + lane_count);
    for (std::int64_t j = 0; j < columns; ++j) {
      Lanes a, b;
      load_lanes(a, pivot_row + j * step);
      load_lanes(b, pivot_row + j * step + lane_count);
      store_lanes(a * inverse_re - b * inverse_im, pivot_row + j * step);
      store_lanes(a * inverse_im + b * inverse_re, pivot_row + j * step + lane_count);
    }
    for (std::int64_t i = 0; i < size; ++i) {
      if (i == k) continue;
      double* const row = values + i * row_step;
      Lanes factor_re, factor_im;
      load_lanes(factor_re, row + column * step);
      load_lanes(factor_im, row + column * step + lane_count);
      store_lanes(Lanes{}, row + column * step);
      store_lanes(Lanes{}, row + column * step + lane_count);
      for (std::int64_t j = 0; j < columns; ++j) {
        Lanes a, b, c, d;
        load_lanes(a, pivot_row + j * step);
        load_lanes(b, pivot_row + j * step + lane_count);
        load_lanes(c, row + j * step);
        load_lanes(d, row + j * step + lane_count);
        store_lanes(c - (a * factor_re - b * factor_im), row + j * step);
        store_lanes(d - (a * factor_im + b * factor_re), row + j * step + lane_count);
      }
    }
  }
};

/// Of each row's entry in a column, the power as a share of the column's largest, frequency by frequency.
struct ShareKernel {
  static inline __attribute__((always_inline)) void run(const double* column, std::int64_t rows, std::int64_t row_step,
                                                        double* shares) {
    Lanes largest{};
    for (std::int64_t row = 0; row < rows; ++row) {
      Lanes re, im;
      load_lanes(re, column + row * row_step);
      load_lanes(im, column + row * row_step + lane_count);
      const Lanes power = re * re + im * im;
      largest = power > largest ? power : largest;
      store_lanes(power, shares + row * lane_count);
    }
    largest = 1.0 / largest;
    for (std::int64_t row = 0; row < rows; ++row) {
      Lanes power;
      load_lanes(power, shares + row * lane_count);
      store_lanes(power * largest, shares + row * lane_count);
    }
  }
};

/// The row from k on that serves as pivot of column k for all lanes: row k where it is not far below the largest, else
/// the one whose smallest share of the column's largest power, over the lanes, is best; -1 when none will do.
std::int64_t common_pivot(const LaneMatrix& matrix, std::int64_t k, Matrix& shares) {
  const std::int64_t rows = matrix.size() - k;
  run_on<ShareKernel>(processor(), matrix.at(k, k), rows, matrix.row_step(), shares.data());
  const auto smallest = [&](std::int64_t row) {
    const double* const lanes = &shares(row, 0);
    double least = lanes[0];
    for (std::int64_t lane = 1; lane < lane_count; ++lane) least = lanes[lane] < least ? lanes[lane] : least;
    return std::all_of(lanes, lanes + lane_count, [](double share) { return share == share; }) ? least : 0;
  };
  if (smallest(0) > good_pivot_power) return k;
  std::int64_t best = -1;
  double best_share = worst_pivot_power;
  for (std::int64_t row = 0; row < rows; ++row) {
    const double share = smallest(row);
    if (!(share > best_share)) continue;
    best_share = share;
    best = k + row;
  }
  return best;
}

void swap_rows(LaneMatrix& matrix, std::int64_t a, std::int64_t b) {
  if (a != b) std::swap_ranges(matrix.at(a, 0), matrix.at(a, 0) + matrix.columns() * step, matrix.at(b, 0));
}

void swap_columns(LaneMatrix& matrix, std::int64_t a, std::int64_t b) {
  if (a == b) return;
  for (std::int64_t row = 0; row < matrix.size(); ++row)
    std::swap_ranges(matrix.at(row, a), matrix.at(row, a) + step, matrix.at(row, b));
}

/// All columns but the panel's.
void follow_panel(LaneMatrix& matrix, LaneMatrix& before, const Panel& panel) {
  const std::int64_t size = matrix.size();
  for (std::int64_t m = 0; m < panel.columns; ++m)
    std::copy_n(matrix.at(panel.first + m, 0), size * step, before.at(m, 0));
  for (std::int64_t i = 0; i < size; i += 2) {
    const std::int64_t rows = std::min<std::int64_t>(2, size - i);
    follow(matrix, before, panel, {i, rows, 0, panel.first});
    follow(matrix, before, panel, {i, rows, panel.last(), size});
  }
}

}  // namespace

bool invert_together(LaneMatrix& matrix) {
  const std::int64_t size = matrix.size();
  std::vector<std::int64_t> exchanged;
  Matrix shares({size, lane_count}, uninitialised);
  LaneMatrix before(panel_columns, size);
  for (std::int64_t first = 0; first < size; first += panel_columns) {
    const Panel panel{first, std::min(panel_columns, size - first)};
    for (std::int64_t k = first; k < panel.last(); ++k) {
      const std::int64_t pivot = common_pivot(matrix, k, shares);
      if (pivot < 0) return false;
      swap_rows(matrix, k, pivot);
      exchanged.push_back(pivot);
      run_on<EliminateKernel>(processor(), &matrix, panel, k);
    }
    follow_panel(matrix, before, panel);
  }
  for (std::int64_t k = size; k-- > 0;) swap_columns(matrix, k, exchanged[static_cast<std::size_t>(k)]);
  return true;
}

void invert_each(const std::string& where, LaneMatrix& matrix) {
  const std::int64_t size = matrix.size();
  Eigen::MatrixXcd one(size, size);
  for (std::int64_t lane = 0; lane < lane_count; ++lane) {
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = 0; j < size; ++j) one(i, j) = {matrix.at(i, j)[lane], matrix.at(i, j)[lane + lane_count]};
    }
    const Eigen::PartialPivLU<Eigen::MatrixXcd> factor(one);
    if (!(factor.rcond() > std::numeric_limits<double>::epsilon())) {
      throw input_error(where, "the model is unstable: its transfer function has no inverse at one of the frequencies",
                        "fit with a lower order, or leave this stretch out");
    }
    const Eigen::MatrixXcd inverse = factor.inverse();
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = 0; j < size; ++j) {
        matrix.at(i, j)[lane] = inverse(i, j).real();
        matrix.at(i, j)[lane + lane_count] = inverse(i, j).imag();
      }
    }
  }
}

}  // namespace caton
