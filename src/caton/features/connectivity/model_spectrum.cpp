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
constexpr std::int64_t step = 2 * lane_count;  // reals of one entry

struct EvaluateKernel {
  static inline __attribute__((always_inline)) void run(const double* terms, std::int64_t count, std::int64_t entries,
                                                        const double* powers, double* out) {
    for (std::int64_t i = 0; i < entries; ++i) {
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

/// Row k divided by its pivot; then taken off every other row (Gauss-Jordan, in place).
struct EliminateKernel {
  static inline __attribute__((always_inline)) void run(double* values, std::int64_t size, std::int64_t k) {
    double* const pivot_row = values + k * size * step;
    double* const pivot = pivot_row + k * step;
    Lanes re, im;
    load_lanes(re, pivot);
    load_lanes(im, pivot + lane_count);
    const Lanes power = re * re + im * im;
    const Lanes inverse_re = re / power, inverse_im = -im / power;
    store_lanes(Lanes{} + 1.0, pivot);
    store_lanes(Lanes{}, pivot + lane_count);
    for (std::int64_t j = 0; j < size; ++j) {
      Lanes a, b;
      load_lanes(a, pivot_row + j * step);
      load_lanes(b, pivot_row + j * step + lane_count);
      store_lanes(a * inverse_re - b * inverse_im, pivot_row + j * step);
      store_lanes(a * inverse_im + b * inverse_re, pivot_row + j * step + lane_count);
    }
    for (std::int64_t i = 0; i < size; ++i) {
      if (i == k) continue;
      double* const row = values + i * size * step;
      Lanes factor_re, factor_im;
      load_lanes(factor_re, row + k * step);
      load_lanes(factor_im, row + k * step + lane_count);
      store_lanes(Lanes{}, row + k * step);
      store_lanes(Lanes{}, row + k * step + lane_count);
      for (std::int64_t j = 0; j < size; ++j) {
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

struct GramKernel {
  static inline __attribute__((always_inline)) void run(const double* values, std::int64_t size, double* out) {
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = i; j < size; ++j) {
        Lanes re{}, im{};
        for (std::int64_t m = 0; m < size; ++m) {
          const double* const left = values + (m * size + i) * step;
          const double* const right = values + (m * size + j) * step;
          Lanes a, b, c, d;
          load_lanes(a, left);
          load_lanes(b, left + lane_count);
          load_lanes(c, right);
          load_lanes(d, right + lane_count);
          re += a * c + b * d;
          im += a * d - b * c;
        }
        if (i == j)
          store_lanes(re, out + (i * size + j) * lane_count);
        else
          store_lanes(re * re + im * im, out + (i * size + j) * lane_count);
      }
    }
  }
};

/// The row from k on whose smallest share of the column's largest power, over the lanes, is best; -1 when none will do.
std::int64_t common_pivot(const LaneMatrix& matrix, std::int64_t k) {
  double largest[lane_count] = {};
  const auto power = [&](std::int64_t row, std::int64_t lane) {
    const double* const entry = matrix.at(row, k);
    return entry[lane] * entry[lane] + entry[lane + lane_count] * entry[lane + lane_count];
  };
  for (std::int64_t row = k; row < matrix.size(); ++row) {
    for (std::int64_t lane = 0; lane < lane_count; ++lane) largest[lane] = std::max(largest[lane], power(row, lane));
  }
  std::int64_t best = -1;
  double best_share = worst_pivot_power;
  for (std::int64_t row = k; row < matrix.size(); ++row) {
    double share = std::numeric_limits<double>::infinity();
    for (std::int64_t lane = 0; lane < lane_count; ++lane) share = std::min(share, power(row, lane) / largest[lane]);
    if (share > best_share) {
      best_share = share;
      best = row;
    }
  }
  return best;
}

void swap_rows(LaneMatrix& matrix, std::int64_t a, std::int64_t b) {
  if (a != b) std::swap_ranges(matrix.at(a, 0), matrix.at(a, 0) + matrix.size() * step, matrix.at(b, 0));
}

void swap_columns(LaneMatrix& matrix, std::int64_t a, std::int64_t b) {
  if (a == b) return;
  for (std::int64_t row = 0; row < matrix.size(); ++row)
    std::swap_ranges(matrix.at(row, a), matrix.at(row, a) + step, matrix.at(row, b));
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
  run_on<EvaluateKernel>(processor(), static_cast<const double*>(terms_.data()), count, out.size() * out.size(),
                         static_cast<const double*>(powers.data()), out.at(0, 0));
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

void invert(const std::string& where, LaneMatrix& matrix) {
  const std::int64_t size = matrix.size();
  const LaneMatrix before = matrix;
  std::vector<std::int64_t> exchanged;
  for (std::int64_t k = 0; k < size; ++k) {
    const std::int64_t pivot = common_pivot(matrix, k);
    if (pivot < 0) {
      matrix = before;
      return invert_each(where, matrix);
    }
    swap_rows(matrix, k, pivot);
    exchanged.push_back(pivot);
    run_on<EliminateKernel>(processor(), matrix.at(0, 0), size, k);
  }
  for (std::int64_t k = size; k-- > 0;) swap_columns(matrix, k, exchanged[static_cast<std::size_t>(k)]);
}

void gram_powers(const LaneMatrix& matrix, double* out) {
  run_on<GramKernel>(processor(), matrix.at(0, 0), matrix.size(), out);
}

std::vector<double> model_frequencies(std::int64_t bins, double rate_hz) {
  std::vector<double> freqs;
  for (std::int64_t m = 0; m < bins; ++m)
    freqs.push_back(static_cast<double>(m) * rate_hz / static_cast<double>(2 * bins - 1));
  return freqs;
}

}  // namespace caton
