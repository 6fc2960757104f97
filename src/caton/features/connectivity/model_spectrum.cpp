// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/model_spectrum.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"

#include <Eigen/LU>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

namespace caton {

namespace {

/// A pivot's power may be this much below the largest of its column before the lanes part ways.
constexpr double worst_pivot_power = 1e-6;
/// From this share on a pivot is as good as the largest (a tenth of its size).
constexpr double good_pivot_power = 1e-2;
constexpr std::int64_t step = LaneMatrix::step;

/// Entries j … j + Columns - 1 of a row: term k of entry j at terms[k * columns + j].
template <int Columns>
struct EvaluateKernel {
  static inline __attribute__((always_inline)) void run(const double* terms, std::int64_t count, std::int64_t columns,
                                                        const double* powers, double* out) {
    Lanes re[Columns], im[Columns]{};
#pragma GCC unroll 4
    for (int c = 0; c < Columns; ++c) re[c] = Lanes{} + terms[c];
    for (std::int64_t k = 1; k < count; ++k) {
      Lanes cosine, sine;
      load_lanes(cosine, powers + k * step);
      load_lanes(sine, powers + k * step + lane_count);
#pragma GCC unroll 4
      for (int c = 0; c < Columns; ++c) {
        re[c] += terms[k * columns + c] * cosine;
        im[c] += terms[k * columns + c] * sine;
      }
    }
#pragma GCC unroll 4
    for (int c = 0; c < Columns; ++c) {
      store_lanes(re[c], out + c * step);
      store_lanes(im[c], out + c * step + lane_count);
    }
  }
};

constexpr std::int64_t panel_columns = 4;  // eliminated together before the rest of the matrix follows

/// A panel of columns of the matrix, worked on where they are.
struct Panel {
  std::int64_t first, columns;
};

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

/// Brings other columns to where the panel's are: to each row is added the panel's row times the rows of the pivots as
/// they were `before`; the pivots' own rows become that sum.
struct Follow {
  LaneMatrix* matrix;
  const LaneMatrix* before;
  Panel panel;
};

/// Rows i …, columns from `first` on below `last`, as many at a time as the names say.
template <int Rows, int Columns>
struct FollowKernel {
  static inline __attribute__((always_inline)) void run(const Follow* follow, std::int64_t i, std::int64_t first,
                                                        std::int64_t last) {
    LaneMatrix* const matrix = follow->matrix;
    const LaneMatrix* const before = follow->before;
    const Panel panel = follow->panel;
    const bool pivots = i >= panel.first && i < panel.first + panel.columns;
    for (std::int64_t j = first; j + Columns <= last; j += Columns) {
      Lanes re[Rows][Columns]{}, im[Rows][Columns]{};
      if (!pivots) {
#pragma GCC unroll 2
        for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 2
          for (int c = 0; c < Columns; ++c) {
            load_lanes(re[r][c], matrix->at(i + r, j + c));
            load_lanes(im[r][c], matrix->at(i + r, j + c) + lane_count);
          }
        }
      }
      for (std::int64_t m = 0; m < panel.columns; ++m) {
        Lanes a[Rows], b[Rows];
#pragma GCC unroll 2
        for (int r = 0; r < Rows; ++r) {
          load_lanes(a[r], matrix->at(i + r, panel.first + m));
          load_lanes(b[r], matrix->at(i + r, panel.first + m) + lane_count);
        }
#pragma GCC unroll 2
        for (int c = 0; c < Columns; ++c) {
          Lanes x, y;
          load_lanes(x, before->at(m, j + c));
          load_lanes(y, before->at(m, j + c) + lane_count);
#pragma GCC unroll 2
          for (int r = 0; r < Rows; ++r) {
            re[r][c] += a[r] * x - b[r] * y;
            im[r][c] += a[r] * y + b[r] * x;
          }
        }
      }
#pragma GCC unroll 2
      for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 2
        for (int c = 0; c < Columns; ++c) {
          store_lanes(re[r][c], matrix->at(i + r, j + c));
          store_lanes(im[r][c], matrix->at(i + r, j + c) + lane_count);
        }
      }
    }
  }
};

/// Products of columns i, i+1, … and j, j+1, … : |sum over m of conj(M_mi) M_mj|^2, on the diagonal the sum itself.
template <int Rows, int Columns>
struct GramKernel {
  static inline __attribute__((always_inline)) void run(const LaneMatrix* matrix, std::int64_t i, std::int64_t j,
                                                        double* out) {
    const std::int64_t size = matrix->size();
    Lanes re[Rows][Columns]{}, im[Rows][Columns]{};
    for (std::int64_t m = 0; m < size; ++m) {
      Lanes a[Rows], b[Rows];
#pragma GCC unroll 2
      for (int r = 0; r < Rows; ++r) {
        load_lanes(a[r], matrix->at(m, i + r));
        load_lanes(b[r], matrix->at(m, i + r) + lane_count);
      }
#pragma GCC unroll 2
      for (int c = 0; c < Columns; ++c) {
        Lanes x, y;
        load_lanes(x, matrix->at(m, j + c));
        load_lanes(y, matrix->at(m, j + c) + lane_count);
#pragma GCC unroll 2
        for (int r = 0; r < Rows; ++r) {
          re[r][c] += a[r] * x + b[r] * y;
          im[r][c] += a[r] * y - b[r] * x;
        }
      }
    }
#pragma GCC unroll 2
    for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 2
      for (int c = 0; c < Columns; ++c) {
        double* const to = out + ((i + r) * size + j + c) * lane_count;
        if (i + r == j + c)
          store_lanes(re[r][c], to);
        else
          store_lanes(re[r][c] * re[r][c] + im[r][c] * im[r][c], to);
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
void follow_panel(LaneMatrix& matrix, LaneMatrix& before, Panel panel) {
  const std::int64_t size = matrix.size();
  for (std::int64_t m = 0; m < panel.columns; ++m)
    std::copy_n(matrix.at(panel.first + m, 0), size * step, before.at(m, 0));
  const Follow follow{&matrix, &before, panel};
  const Processor target = processor();
  for (const auto& [first, last] : {std::pair<std::int64_t, std::int64_t>{0, panel.first},
                                    std::pair<std::int64_t, std::int64_t>{panel.first + panel.columns, size}}) {
    const std::int64_t even = first + (last - first) / 2 * 2;
    std::int64_t i = 0;
    for (; i + 2 <= size; i += 2) {
      run_on<FollowKernel<2, 2>>(target, &follow, i, first, even);
      if (even < last) run_on<FollowKernel<2, 1>>(target, &follow, i, even, last);
    }
    if (i < size) run_on<FollowKernel<1, 1>>(target, &follow, i, first, last);
  }
}

/// Gauss-Jordan, a panel of columns at a time; false when the frequencies would need different exchanges of rows.
/// Panels begin at even rows, so that two rows worked on together are both of pivots or neither is.
bool invert_together(LaneMatrix& matrix) {
  const std::int64_t size = matrix.size();
  std::vector<std::int64_t> exchanged;
  Matrix shares({size, lane_count}, uninitialised);
  LaneMatrix before(panel_columns, size);
  for (std::int64_t first = 0; first < size; first += panel_columns) {
    const Panel panel{first, std::min(panel_columns, size - first)};
    for (std::int64_t k = first; k < first + panel.columns; ++k) {
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

/// I - a_1 z - … , the terms of a row side by side.
Array<double, 3> characteristic_terms(Coefficients a) {
  const std::int64_t size = a.extent(1);
  Array<double, 3> terms({size, a.extent(0) + 1, size});
  for (std::int64_t i = 0; i < size; ++i) {
    terms(i, 0, i) = 1;
    for (std::int64_t k = 0; k < a.extent(0); ++k) {
      for (std::int64_t j = 0; j < size; ++j) terms(i, k + 1, j) = -a(k, i, j);
    }
  }
  return terms;
}

/// L⁻¹ times each term, by forward substitution.
void substitute(Signal factor, Array<double, 3>& terms) {
  const std::int64_t size = factor.extent(0), width = terms.extent(1) * size;
  for (std::int64_t i = 0; i < size; ++i) {
    double* const row = terms.data() + i * width;
    for (std::int64_t m = 0; m < i; ++m) {
      const double weight = factor(i, m);
      const double* const above = terms.data() + m * width;
      for (std::int64_t k = 0; k < width; ++k) row[k] -= weight * above[k];
    }
    const double pivot = factor(i, i);
    for (std::int64_t k = 0; k < width; ++k) row[k] /= pivot;
  }
}

}  // namespace

MatrixPolynomial::MatrixPolynomial(Array<double, 3> terms, std::int64_t bins) : terms_(std::move(terms)), bins_(bins) {
  const std::int64_t period = 2 * bins_ - 1;
  for (std::int64_t turn = 0; turn < period; ++turn) {
    const double angle = -2 * std::numbers::pi * static_cast<double>(turn) / static_cast<double>(period);
    circle_.emplace_back(std::cos(angle), std::sin(angle));
  }
}

void MatrixPolynomial::evaluate(std::int64_t first, LaneMatrix& out) const {
  const std::int64_t size = out.size(), count = terms_.extent(1), period = 2 * bins_ - 1;
  Array<double, 2> powers({count * 2, lane_count}, uninitialised);
  for (std::int64_t k = 0; k < count; ++k) {
    for (std::int64_t lane = 0; lane < lane_count; ++lane) {
      const auto& [cosine, sine] = circle_[static_cast<std::size_t>(std::min(first + lane, bins_ - 1) * k % period)];
      powers(2 * k, lane) = cosine;
      powers(2 * k + 1, lane) = sine;
    }
  }
  const double* const turns = powers.data();
  for (std::int64_t i = 0; i < size; ++i) {
    const double* const row = terms_.data() + i * count * size;
    std::int64_t j = 0;
    for (; j + 4 <= size; j += 4) run_on<EvaluateKernel<4>>(processor(), row + j, count, size, turns, out.at(i, j));
    for (; j < size; ++j) run_on<EvaluateKernel<1>>(processor(), row + j, count, size, turns, out.at(i, j));
  }
}

MatrixPolynomial characteristic(Coefficients a, std::int64_t bins) { return {characteristic_terms(a), bins}; }

MatrixPolynomial whitened_characteristic(const std::string& where, Coefficients a, Signal noise, std::int64_t bins) {
  const auto factor = cholesky(noise);
  if (!factor) {
    throw input_error(where, "the noise covariance is not positive definite: it has not full rank",
                      "drop a channel, or look at how the model was fitted");
  }
  auto terms = characteristic_terms(a);
  substitute(*factor, terms);
  return {std::move(terms), bins};
}

void MatrixPolynomial::evaluate_inverse(const std::string& where, std::int64_t first, LaneMatrix& out) const {
  evaluate(first, out);
  if (invert_together(out)) return;
  evaluate(first, out);
  invert_each(where, out);
}

void gram_powers(const LaneMatrix& matrix, double* out) {
  const std::int64_t size = matrix.size(), even = size / 2 * 2;
  for (std::int64_t i = 0; i < even; i += 2) {
    for (std::int64_t j = i; j < even; j += 2) run_on<GramKernel<2, 2>>(processor(), &matrix, i, j, out);
    if (even < size) run_on<GramKernel<2, 1>>(processor(), &matrix, i, even, out);
  }
  if (even < size) run_on<GramKernel<1, 1>>(processor(), &matrix, even, even, out);
}

std::vector<double> model_frequencies(std::int64_t bins, double rate_hz) {
  std::vector<double> freqs;
  for (std::int64_t m = 0; m < bins; ++m)
    freqs.push_back(static_cast<double>(m) * rate_hz / static_cast<double>(2 * bins - 1));
  return freqs;
}

}  // namespace caton
