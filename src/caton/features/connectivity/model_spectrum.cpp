// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/model_spectrum.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/features/connectivity/lane_inverse.hpp"
#include "caton/features/connectivity/sums_of_products.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

constexpr std::int64_t step = LaneMatrix::step;

/// Terms of a row of entries: term k of the cosine of entry j at cosines[k * each + j], of the sine likewise.
struct RowTerms {
  const double *cosines, *sines;
  std::int64_t count, each;
};

/// Entries j … j + Columns - 1 of a row.
template <int Columns>
struct EvaluateKernel {
  static inline __attribute__((always_inline)) void run(const RowTerms* terms, std::int64_t j, const double* turns,
                                                        double* out) {
    const RowTerms here = *terms;
    Lanes re[Columns], im[Columns]{};
#pragma GCC unroll 4
    for (int c = 0; c < Columns; ++c) re[c] = Lanes{} + here.cosines[j + c];
    for (std::int64_t k = 1; k < here.count; ++k) {
      Lanes cosine, sine;
      load_lanes(cosine, turns + k * step);
      load_lanes(sine, turns + k * step + lane_count);
#pragma GCC unroll 4
      for (int c = 0; c < Columns; ++c) {
        re[c] += here.cosines[k * here.each + j + c] * cosine;
        im[c] += here.sines[k * here.each + j + c] * sine;
      }
    }
#pragma GCC unroll 4
    for (int c = 0; c < Columns; ++c) {
      store_lanes(re[c], out + c * step);
      store_lanes(im[c], out + c * step + lane_count);
    }
  }
};

/// Columns 0 … columns - 1 of a row.
void evaluate_row(const RowTerms& terms, std::int64_t columns, const Matrix& turns, double* out) {
  const Processor target = processor();
  std::int64_t j = 0;
  for (; j + 4 <= columns; j += 4) run_on<EvaluateKernel<4>>(target, &terms, j, turns.data(), out + j * step);
  for (; j < columns; ++j) run_on<EvaluateKernel<1>>(target, &terms, j, turns.data(), out + j * step);
}

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

/// I, -a_1, -a_2 …, rows padded with zeros to whole registers.
Array<double, 3> characteristic_terms(Coefficients a) {
  const std::int64_t size = a.extent(1);
  Array<double, 3> terms({a.extent(0) + 1, size, whole_lanes(size)});
  for (std::int64_t i = 0; i < size; ++i) {
    terms(0, i, i) = 1;
    for (std::int64_t k = 0; k < a.extent(0); ++k) {
      for (std::int64_t j = 0; j < size; ++j) terms(k + 1, i, j) = -a(k, i, j);
    }
  }
  return terms;
}

/// L⁻¹ times each term, by forward substitution.
void substitute(Signal factor, Array<double, 3>& terms) {
  const std::int64_t size = factor.extent(0), width = terms.extent(2);
  for (std::int64_t k = 0; k < terms.extent(0); ++k) {
    for (std::int64_t i = 0; i < size; ++i) {
      double* const row = &terms(k, i, 0);
      for (std::int64_t m = 0; m < i; ++m) {
        const double weight = factor(i, m);
        const double* const above = &terms(k, m, 0);
        for (std::int64_t j = 0; j < width; ++j) row[j] -= weight * above[j];
      }
      const double pivot = factor(i, i);
      for (std::int64_t j = 0; j < width; ++j) row[j] /= pivot;
    }
  }
}

}  // namespace

Circle::Circle(std::int64_t bins) : bins_(bins) {
  const std::int64_t period = 2 * bins_ - 1;
  for (std::int64_t turn = 0; turn < period; ++turn) {
    const double angle = -2 * std::numbers::pi * static_cast<double>(turn) / static_cast<double>(period);
    points_.emplace_back(std::cos(angle), std::sin(angle));
  }
}

Matrix Circle::powers(std::int64_t first, std::int64_t count) const {
  Matrix turns({count * 2, lane_count}, uninitialised);
  for (std::int64_t k = 0; k < count; ++k) {
    for (std::int64_t lane = 0; lane < lane_count; ++lane) {
      const auto& [cosine, sine] =
          points_[static_cast<std::size_t>(std::min(first + lane, bins_ - 1) * k % (2 * bins_ - 1))];
      turns(2 * k, lane) = cosine;
      turns(2 * k + 1, lane) = sine;
    }
  }
  return turns;
}

void MatrixPolynomial::evaluate(const Matrix& turns, LaneMatrix& out) const {
  const std::int64_t size = terms_.extent(1), width = terms_.extent(2);
  for (std::int64_t i = 0; i < size; ++i) {
    const double* const row = &terms_(0, i, 0);
    evaluate_row({row, row, terms_.extent(0), size * width}, size, turns, out.at(i, 0));
  }
}

void MatrixPolynomial::evaluate_inverse(const std::string& where, const Matrix& turns, LaneMatrix& out) const {
  evaluate(turns, out);
  if (invert_together(out)) return;
  evaluate(turns, out);
  invert_each(where, out);
}

GramPolynomial::GramPolynomial(const MatrixPolynomial& root)
    : cosines_(root.terms().extents(), uninitialised), sines_(cosines_.extents()) {
  const Array<double, 3>& terms = root.terms();
  const std::int64_t count = terms.extent(0), size = terms.extent(1), width = terms.extent(2);
  for (std::int64_t k = 0; k < count; ++k) {
    sums_of_products({.left = {terms.data(), width, 1},
                      .right = &terms(k, 0, 0),
                      .right_step = width,
                      .count = (count - k) * size,
                      .rows = size,
                      .columns = width},
                     &cosines_(k, 0, 0), width);
    if (k == 0) continue;
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = 0; j <= i; ++j) {
        const double below = cosines_(k, i, j), above = cosines_(k, j, i);
        cosines_(k, i, j) = cosines_(k, j, i) = below + above;
        sines_(k, i, j) = below - above;
        sines_(k, j, i) = above - below;
      }
    }
  }
}

void GramPolynomial::evaluate(const Matrix& turns, LaneMatrix& out) const {
  const std::int64_t size = cosines_.extent(1), width = cosines_.extent(2);
  for (std::int64_t i = 0; i < size; ++i) {
    evaluate_row({&cosines_(0, i, 0), &sines_(0, i, 0), cosines_.extent(0), size * width}, std::min(size, (i | 3) + 1),
                 turns, out.at(i, 0));
  }
}

MatrixPolynomial characteristic(Coefficients a) { return MatrixPolynomial(characteristic_terms(a)); }

MatrixPolynomial whitened_characteristic(const std::string& where, Coefficients a, Signal noise) {
  const auto factor = cholesky(noise);
  if (!factor) {
    throw input_error(where, "the noise covariance is not positive definite: it has not full rank",
                      "drop a channel, or look at how the model was fitted");
  }
  auto terms = characteristic_terms(a);
  substitute(*factor, terms);
  return MatrixPolynomial(std::move(terms));
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
