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
constexpr std::int64_t step = LaneMatrix::step;

struct EvaluateKernel {
  /// One row of `columns` entries; `entries` are those of a term.
  static inline __attribute__((always_inline)) void run(const double* terms, std::int64_t count, std::int64_t entries,
                                                        std::int64_t columns, const double* powers, double* out) {
    for (std::int64_t i = 0; i < columns; ++i) {
      Lanes re{}, im{};
      for (std::int64_t k = 0; k < count; ++k) {
        Lanes cosine, sine;
        load_lanes(cosine, powers + k * step);
        load_lanes(sine, powers + k * step + lane_count);
        re += terms[k * entries + i] * cosine;
        im += terms[k * entries + i] * sine;
      }
      store_lanes(re, out + i * step);
      store_lanes(im, out + i * step + lane_count);
    }
  }
};

constexpr std::int64_t panel_columns = 4;  // eliminated together before the rest of the matrix follows

/// Where a pivot stands: its row in the panel and its column.
struct Pivot {
  std::int64_t row, column;
};

/// The pivot's row divided by it; then taken off every other row (Gauss-Jordan, in place).
struct EliminateKernel {
  static inline __attribute__((always_inline)) void run(double* values, std::int64_t size, std::int64_t columns,
                                                        std::int64_t row_step, Pivot at) {
    double* const pivot_row = values + at.row * row_step;
    double* const pivot = pivot_row + at.column * step;
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
      if (i == at.row) continue;
      double* const row = values + i * row_step;
      Lanes factor_re, factor_im;
      load_lanes(factor_re, row + at.column * step);
      load_lanes(factor_im, row + at.column * step + lane_count);
      store_lanes(Lanes{}, row + at.column * step);
      store_lanes(Lanes{}, row + at.column * step + lane_count);
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

/// Adds the panel's row times the columns of the pivot rows (before elimination) to the matrix: two rows and two
/// columns at a time where there are two.
template <int Rows, int Columns>
struct UpdateKernel {
  static inline __attribute__((always_inline)) void run(const LaneMatrix* panel, const LaneMatrix* before,
                                                        std::int64_t i, std::int64_t first, std::int64_t last,
                                                        LaneMatrix* matrix) {
    for (std::int64_t j = first; j + Columns <= last; j += Columns) {
      Lanes re[Rows][Columns], im[Rows][Columns];
#pragma GCC unroll 2
      for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 2
        for (int c = 0; c < Columns; ++c) {
          load_lanes(re[r][c], matrix->at(i + r, j + c));
          load_lanes(im[r][c], matrix->at(i + r, j + c) + lane_count);
        }
      }
      for (std::int64_t m = 0; m < panel->columns(); ++m) {
        Lanes a[Rows], b[Rows];
#pragma GCC unroll 2
        for (int r = 0; r < Rows; ++r) {
          load_lanes(a[r], panel->at(i + r, m));
          load_lanes(b[r], panel->at(i + r, m) + lane_count);
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

/// The row from `at.row` on whose smallest share of the column's largest power, over the lanes, is best; -1 when none
/// will do.
std::int64_t common_pivot(const LaneMatrix& panel, Pivot at, Matrix& shares) {
  const std::int64_t rows = panel.size() - at.row;
  run_on<ShareKernel>(processor(), panel.at(at.row, at.column), rows, panel.row_step(), shares.data());
  std::int64_t best = -1;
  double best_share = worst_pivot_power;
  for (std::int64_t row = 0; row < rows; ++row) {
    const double* const lanes = &shares(row, 0);
    if (!std::all_of(lanes, lanes + lane_count, [&](double share) { return share > best_share; })) continue;
    best_share = *std::min_element(lanes, lanes + lane_count);
    best = at.row + row;
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

void copy_columns(const LaneMatrix& from, std::int64_t from_column, LaneMatrix& to, std::int64_t to_column,
                  std::int64_t columns) {
  for (std::int64_t row = 0; row < to.size(); ++row)
    std::copy_n(from.at(row, from_column), columns * step, to.at(row, to_column));
}

/// The rows of the pivots, as they were before elimination, leave the matrix.
void take_rows(LaneMatrix& matrix, std::int64_t first, LaneMatrix& rows) {
  for (std::int64_t m = 0; m < rows.size(); ++m) {
    std::copy_n(matrix.at(first + m, 0), matrix.columns() * step, rows.at(m, 0));
    std::fill_n(matrix.at(first + m, 0), matrix.columns() * step, 0.0);
  }
}

/// Brings the columns first … last - 1, which are not the panel's, to where the panel's are.
void follow(const LaneMatrix& panel, const LaneMatrix& before, std::int64_t first, std::int64_t last,
            LaneMatrix& matrix) {
  const std::int64_t even = first + (last - first) / 2 * 2, size = matrix.size();
  const Processor target = processor();
  std::int64_t i = 0;
  for (; i + 2 <= size; i += 2) {
    run_on<UpdateKernel<2, 2>>(target, &panel, &before, i, first, even, &matrix);
    if (even < last) run_on<UpdateKernel<2, 1>>(target, &panel, &before, i, even, last, &matrix);
  }
  if (i < size) run_on<UpdateKernel<1, 1>>(target, &panel, &before, i, first, last, &matrix);
}

/// Gauss-Jordan, a panel of columns at a time; false when the frequencies would need different exchanges of rows.
bool invert_together(LaneMatrix& matrix) {
  const std::int64_t size = matrix.size();
  std::vector<std::int64_t> exchanged;
  Matrix shares({size, lane_count}, uninitialised);
  for (std::int64_t first = 0; first < size; first += panel_columns) {
    const std::int64_t columns = std::min(panel_columns, size - first);
    LaneMatrix panel(size, columns), before(columns, size);
    copy_columns(matrix, first, panel, 0, columns);
    for (std::int64_t k = 0; k < columns; ++k) {
      const std::int64_t pivot = common_pivot(panel, {first + k, k}, shares);
      if (pivot < 0) return false;
      swap_rows(matrix, first + k, pivot);
      swap_rows(panel, first + k, pivot);
      exchanged.push_back(pivot);
      run_on<EliminateKernel>(processor(), panel.at(0, 0), size, columns, panel.row_step(), Pivot{first + k, k});
    }
    take_rows(matrix, first, before);
    follow(panel, before, 0, first, matrix);
    follow(panel, before, first + columns, size, matrix);
    copy_columns(panel, 0, matrix, first, columns);
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

Array<double, 3> characteristic_terms(Coefficients a) {
  const std::int64_t size = a.extent(1);
  Array<double, 3> terms({a.extent(0) + 1, size, size});
  for (std::int64_t i = 0; i < size; ++i) terms(0, i, i) = 1;
  for (std::int64_t k = 0; k < a.extent(0); ++k) {
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = 0; j < size; ++j) terms(k + 1, i, j) = -a(k, i, j);
    }
  }
  return terms;
}

/// L⁻¹ times each term, by forward substitution.
void substitute(Signal factor, Array<double, 3>& terms) {
  const std::int64_t size = factor.extent(0);
  for (std::int64_t k = 0; k < terms.extent(0); ++k) {
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t m = 0; m < i; ++m) {
        for (std::int64_t j = 0; j < size; ++j) terms(k, i, j) -= factor(i, m) * terms(k, m, j);
      }
      for (std::int64_t j = 0; j < size; ++j) terms(k, i, j) /= factor(i, i);
    }
  }
}

}  // namespace

void MatrixPolynomial::evaluate(std::int64_t first, LaneMatrix& out) const {
  const std::int64_t count = terms_.extent(0), period = 2 * bins_ - 1;
  Array<double, 2> powers({count * 2, lane_count}, uninitialised);
  for (std::int64_t k = 0; k < count; ++k) {
    for (std::int64_t lane = 0; lane < lane_count; ++lane) {
      const std::int64_t turn = std::min(first + lane, bins_ - 1) * k % period;
      const double angle = -2 * std::numbers::pi * static_cast<double>(turn) / static_cast<double>(period);
      powers(2 * k, lane) = std::cos(angle);
      powers(2 * k + 1, lane) = std::sin(angle);
    }
  }
  for (std::int64_t i = 0; i < out.size(); ++i) {
    run_on<EvaluateKernel>(processor(), static_cast<const double*>(terms_.data()) + i * out.size(), count,
                           out.size() * out.size(), out.size(), static_cast<const double*>(powers.data()),
                           out.at(i, 0));
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
