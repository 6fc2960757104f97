// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Covariance estimators that give outlying samples less weight, and the scaling of a matrix.
#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/geometry/covariance_kernels.hpp"
#include "caton/geometry/spectral.hpp"

#include <cmath>
#include <functional>
#include <limits>

namespace caton {

namespace {

const std::string where = "covariance";

/// Regularised lower incomplete gamma function P(a, x) by its series: quick where x is not far above a.
double gamma_series(double a, double x) {
  double term = 1 / a, sum = term;
  for (double n = a + 1; term > sum * 1e-18; n += 1) {
    term *= x / n;
    sum += term;
  }
  return sum * std::exp(a * std::log(x) - x - std::lgamma(a));
}

double chi_square_cdf(double x, double freedom) { return x <= 0 ? 0 : gamma_series(freedom / 2, x / 2); }

double chi_square_quantile(double probability, double freedom) {
  if (probability >= 1) return std::numeric_limits<double>::infinity();
  double low = 0, high = freedom + 1;
  while (chi_square_cdf(high, freedom) < probability) high *= 2;
  for (;;) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    (chi_square_cdf(middle, freedom) < probability ? low : high) = middle;
  }
}

/// The weight of a sample by its squared Mahalanobis distance.
std::function<double(double)> weight_function(const CovarianceOptions& options, double channels) {
  if (options.estimator == Estimator::stu) {
    return [=, nu = options.nu](double m) { return (2 * channels + nu) / (nu + 2 * m); };
  }
  if (options.estimator == Estimator::tyl) return [=](double m) { return channels / m; };
  if (options.q >= 1) return [](double) { return 1.0; };
  const double cut = chi_square_quantile(options.q, channels) / 2;
  const double scale = chi_square_cdf(2 * cut, channels + 1) + cut * (1 - options.q) / channels;
  return [=](double m) { return std::min(1.0, cut / m) / scale; };
}

/// Columns of x scaled by the roots of their weights.
Matrix weighted_samples(Signal x, Signal inverse_factor, const std::function<double(double)>& weight) {
  const Matrix white = product(inverse_factor, x);
  Matrix result(x);
  for (std::int64_t t = 0; t < x.extent(1); ++t) {
    double m = 0;
    for (std::int64_t c = 0; c < x.extent(0); ++c) m += white(c, t) * white(c, t);
    // A sample at the mean itself has no direction: nothing times any weight.
    const double root = m > 0 ? std::sqrt(weight(m)) : 0;
    for (std::int64_t c = 0; c < x.extent(0); ++c) result(c, t) *= root;
  }
  return result;
}

double log_determinant(const std::string& place, Signal c) {
  const Matrix factor = cholesky_of(place, c);
  double sum = 0;
  for (std::int64_t i = 0; i < factor.extent(0); ++i) sum += 2 * std::log(factor(i, i));
  return sum;
}

}  // namespace

Matrix robust_covariance(Signal x, const CovarianceOptions& options) {
  const double channels = static_cast<double>(x.extent(0)), samples = static_cast<double>(x.extent(1));
  (void)variances(where, x);
  const auto weight = weight_function(options, channels);
  Matrix c = scaled(scatter(x), 1 / samples);
  for (int round = 0; round < options.n_iter_max; ++round) {
    const Matrix inverse = lower_inverse(cholesky_of(where, c));
    Matrix next = scaled(scatter(weighted_samples(x, inverse, weight)), 1 / samples);
    const double change = frobenius_norm(combination(1, next, -1, c)) / frobenius_norm(c);
    c = std::move(next);
    if (change <= options.tol) break;
  }
  if (options.estimator != Estimator::tyl) return c;
  if (options.norm == MatrixNorm::determinant) return normalised(where, c, MatrixNorm::determinant);
  return scaled(normalised(where, c, MatrixNorm::trace), channels);
}

Matrix normalised(const std::string& place, Signal c, MatrixNorm norm) {
  const double size = static_cast<double>(c.extent(0));
  if (norm == MatrixNorm::trace) {
    const double sum = trace(c);
    if (sum == 0) throw input_error(place, "a matrix with trace 0 cannot be scaled to trace 1");
    return scaled(c, 1 / sum);
  }
  if (norm == MatrixNorm::determinant) return scaled(c, std::exp(-log_determinant(place, c) / size));
  Matrix result(c);
  for (std::int64_t i = 0; i < c.extent(0); ++i) {
    if (!(c(i, i) > 0)) throw input_error(place, "channel " + std::to_string(i) + " is flat: its variance is 0");
    for (std::int64_t j = 0; j < c.extent(1); ++j) result(i, j) = i == j ? 1 : c(i, j) / std::sqrt(c(i, i) * c(j, j));
  }
  return result;
}

}  // namespace caton
