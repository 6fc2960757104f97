// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/distributions.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace caton {
namespace {

using Real = long double;  // sums of logarithms of large gamma values keep 1e-16 only with the longer mantissa

constexpr Real tiny = 1e-4000L;
constexpr Real precision = 1e-19L;
constexpr int most_terms = 200000;

void check_probability(double probability) {
  if (!(probability >= 0 && probability <= 1))
    throw usage_error("distribution", number_text(probability) + " is no probability", "give a value in [0, 1]");
}

void check_freedom(double freedom) {
  if (!(freedom > 0))
    throw usage_error("distribution", number_text(freedom) + " degrees of freedom", "give a number above 0");
}

/// Logarithm of the gamma function for x > 0: Stirling's series after shifting x above 20.
Real log_gamma(Real x) {
  Real product = 1;
  while (x < 20) product *= x++;
  constexpr std::array<Real, 8> bernoulli{1.0L / 12,   -1.0L / 360,      1.0L / 1260, -1.0L / 1680,
                                          1.0L / 1188, -691.0L / 360360, 1.0L / 156,  -3617.0L / 122400};
  Real series = 0, power = 1 / x;
  for (const Real coefficient : bernoulli) {
    series += coefficient * power;
    power /= x * x;
  }
  constexpr Real half_log_two_pi = 0.918938533204672741780329736406L;
  return (x - 0.5L) * std::log(x) - x + half_log_two_pi + series - std::log(product);
}

Real away_from_zero(Real value) { return std::abs(value) < tiny ? tiny : value; }

/// Continued fraction of I_x(a, b) (Lentz), for x below its mean.
Real beta_fraction(Real x, Real a, Real b) {
  Real c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), result = d;
  for (int m = 1; m < most_terms; ++m) {
    const Real even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    result *= c * d;
    const Real odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    result *= c * d;
    if (std::abs(c * d - 1) < precision) break;
  }
  return result;
}

/// I_x(a, b) with y = 1 - x given apart, so that neither end loses digits.
Real beta_lower(Real x, Real y, Real a, Real b) {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const Real front = std::exp(a * std::log(x) + b * std::log(y) + log_gamma(a + b) - log_gamma(a) - log_gamma(b));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(y, b, a) / b;
}

Real beta_upper(Real x, Real y, Real a, Real b) { return beta_lower(y, x, b, a); }

/// Regularised upper incomplete gamma function Q(a, x).
Real gamma_upper(Real a, Real x) {
  if (x <= 0) return 1;
  const Real front = std::exp(a * std::log(x) - x - log_gamma(a));
  if (x < a + 1) {
    Real term = 1 / a, sum = term;
    for (int n = 1; n < most_terms && term > sum * precision; ++n) sum += term *= x / (a + n);
    return 1 - front * sum;
  }
  Real b = x + 1 - a, c = 1 / tiny, d = 1 / away_from_zero(b), result = d;
  for (int n = 1; n < most_terms; ++n) {
    const Real an = -n * (n - a);
    b += 2;
    d = 1 / away_from_zero(an * d + b);
    c = away_from_zero(b + an / c);
    result *= c * d;
    if (std::abs(c * d - 1) < precision) break;
  }
  return front * result;
}

/// Lower tail by bisection to neighbouring doubles: `cdf` grows on [low, high].
template <class Cdf>
double inverse(double probability, double low, double high, const Cdf& cdf) {
  for (;;) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    (cdf(middle) < probability ? low : high) = middle;
  }
}

/// Acklam's rational start for the lower half, good to 1e-9.
double normal_quantile_start(double p) {
  if (p < 0.02425) {
    const double q = std::sqrt(-2 * std::log(p));
    return (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q - 2.549732539343734) *
                 q +
             4.374664141464968) *
                q +
            2.938163982698783) /
           ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416) *
                q +
            1);
  }
  const double q = p - 0.5, r = q * q;
  return (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r +
            1.383577518672690e+02) *
               r -
           3.066479806614716e+01) *
              r +
          2.506628277459239) *
         q /
         (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r +
            6.680131188771972e+01) *
               r -
           1.328068155288572e+01) *
              r +
          1);
}

double upper_tail_of_t(double t, double freedom) {
  const Real square = Real(t) * t;
  return static_cast<double>(beta_lower(freedom / (freedom + square), square / (freedom + square), freedom / 2, 0.5L) /
                             2);
}

}  // namespace

double normal_sf(double z) noexcept { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

double normal_cdf(double z) noexcept { return normal_sf(-z); }

double normal_quantile(double probability) {
  check_probability(probability);
  if (probability == 0) return -std::numeric_limits<double>::infinity();
  if (probability == 1) return std::numeric_limits<double>::infinity();
  if (probability > 0.5) return -normal_quantile(1 - probability);
  double z = normal_quantile_start(probability);
  for (int step = 0; step < 2; ++step) {
    const double error = (normal_cdf(z) - probability) * std::sqrt(2 * std::acos(-1.0)) * std::exp(z * z / 2);
    z -= error / (1 + z * error / 2);
  }
  return z;
}

double student_t_sf(double t, double freedom) {
  check_freedom(freedom);
  const double tail = upper_tail_of_t(t, freedom);
  return t > 0 ? tail : 1 - tail;
}

double student_t_cdf(double t, double freedom) { return student_t_sf(-t, freedom); }

double student_t_quantile(double probability, double freedom) {
  check_probability(probability);
  check_freedom(freedom);
  if (probability == 0) return -std::numeric_limits<double>::infinity();
  if (probability == 1) return std::numeric_limits<double>::infinity();
  if (probability > 0.5) return -student_t_quantile(1 - probability, freedom);
  double low = -1;
  while (student_t_cdf(low, freedom) > probability) low *= 2;
  return inverse(probability, low, 0, [&](double t) { return student_t_cdf(t, freedom); });
}

double chi_square_sf(double x, double freedom) {
  check_freedom(freedom);
  return static_cast<double>(gamma_upper(Real(freedom) / 2, Real(x) / 2));
}

double f_sf(double x, double freedom_between, double freedom_within) {
  check_freedom(freedom_between);
  check_freedom(freedom_within);
  if (x <= 0) return 1;
  const Real scaled = Real(freedom_between) * x, whole = scaled + freedom_within;
  return static_cast<double>(
      beta_lower(freedom_within / whole, scaled / whole, Real(freedom_within) / 2, Real(freedom_between) / 2));
}

double beta_cdf(double x, double a, double b) {
  check_freedom(a);
  check_freedom(b);
  return static_cast<double>(beta_lower(x, 1 - Real(x), a, b));
}

double beta_sf(double x, double a, double b) {
  check_freedom(a);
  check_freedom(b);
  return static_cast<double>(beta_upper(x, 1 - Real(x), a, b));
}

double beta_quantile(double probability, double a, double b) {
  check_probability(probability);
  if (probability == 0) return 0;
  if (probability == 1) return 1;
  return inverse(probability, 0, 1, [&](double x) { return beta_cdf(x, a, b); });
}

double binomial_cdf(std::int64_t k, std::int64_t n, double p) {
  check_probability(p);
  if (k < 0) return 0;
  if (k >= n) return 1;
  return beta_sf(p, static_cast<double>(k + 1), static_cast<double>(n - k));
}

double binomial_sf(std::int64_t k, std::int64_t n, double p) {
  check_probability(p);
  if (k < 0) return 1;
  if (k >= n) return 0;
  return beta_cdf(p, static_cast<double>(k + 1), static_cast<double>(n - k));
}

std::int64_t binomial_isf(double probability, std::int64_t n, double p) {
  check_probability(probability);
  std::int64_t low = -1, high = n;  // P(X > high) <= probability holds, for low it is not known to
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (binomial_sf(middle, n, p) <= probability ? high : low) = middle;
  }
  return high;
}

}  // namespace caton
