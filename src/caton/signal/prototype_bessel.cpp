// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Bessel filters: poles are the roots of the reverse Bessel polynomial, found together by Aberth's method from the
// starting points of Campos and Calderon (arXiv:1105.0957).
#include "caton/signal/prototype.hpp"

#include <cmath>

namespace caton {

namespace {

using LongComplex = std::complex<long double>;

/// The reverse Bessel polynomial over its derivative at s: a Newton step.
LongComplex newton_step(int order, LongComplex s) {
  LongComplex before = 1, value = s + 1.0L, slope_before = 0, slope = 1;
  for (int n = 2; n <= order; ++n) {
    const LongComplex factor = s * s;
    const auto weight = static_cast<long double>(2 * n - 1);
    const LongComplex next = weight * value + factor * before;
    const LongComplex next_slope = weight * slope + 2.0L * s * before + factor * slope_before;
    const long double scale = 1 / std::max(1.0L, std::abs(next));
    before = value * scale;
    value = next * scale;
    slope_before = slope * scale;
    slope = next_slope * scale;
  }
  return value / slope;
}

long double evaluate(std::initializer_list<long double> coefficients, long double at) {
  long double sum = 0, power = 1;
  for (const long double c : coefficients) {
    sum += c * power;
    power *= at;
  }
  return sum;
}

std::vector<LongComplex> starting_points(int order) {
  if (order == 1) return {-1.0L};
  const auto n = static_cast<long double>(order);
  const long double s = evaluate({0, 0, 2, 0, -3, 1}, n), r = evaluate({0, 0, 2, 1}, n);
  const long double b3 = evaluate({16, -8}, n) / s, b2 = evaluate({-24, -12, 12}, n) / s;
  const long double b1 = evaluate({8, 24, -12, -2}, n) / s, b0 = evaluate({0, -6, 0, 5, -1}, n) / s;
  const long double a1 = evaluate({-6, -6}, n) / r, a2 = 6 / r;
  std::vector<LongComplex> points;
  for (int k = 1; k <= order; ++k) {
    const auto at = static_cast<long double>(k);
    points.push_back(1.0L / LongComplex(evaluate({0, a1, a2}, at), evaluate({b0, b1, b2, b3}, at)));
  }
  return points;
}

std::vector<LongComplex> reverse_bessel_roots(int order) {
  auto roots = starting_points(order);
  for (int round = 0; round < 100; ++round) {
    long double largest = 0;
    for (std::size_t i = 0; i < roots.size(); ++i) {
      const LongComplex step = newton_step(order, roots[i]);
      LongComplex repulsion = 0;
      for (std::size_t j = 0; j < roots.size(); ++j) {
        if (j != i) repulsion += 1.0L / (roots[i] - roots[j]);
      }
      roots[i] -= step / (1.0L - step * repulsion);
      largest = std::max(largest, std::abs(step) / std::abs(roots[i]));
    }
    if (largest < 1e-18L) break;
  }
  std::vector<LongComplex> symmetric;
  for (std::size_t i = 0; i < roots.size(); ++i)
    symmetric.push_back((roots[i] + std::conj(roots[roots.size() - 1 - i])) / 2.0L);
  return symmetric;
}

/// The frequency at which the gain of a delay-normalised filter is 3 dB down, by Newton's method.
long double half_power_frequency(const std::vector<LongComplex>& poles, long double gain) {
  const auto excess = [&](long double w) {
    long double product = gain;
    for (const LongComplex p : poles) product /= std::abs(LongComplex(0, w) - p);
    return product - std::sqrt(0.5L);
  };
  long double w = 1.5L;
  for (int round = 0; round < 60; ++round) {
    constexpr long double h = 1e-7L;
    const long double step = excess(w) * 2 * h / (excess(w + h) - excess(w - h));
    w -= step;
    if (std::abs(step) < 1e-17L * w) break;
  }
  return w;
}

}  // namespace

Zpk bessel_prototype(int order, BesselNorm norm) {
  auto poles = reverse_bessel_roots(order);
  long double log_last = 0;  // of (2N)! / (N! 2^N), the last coefficient
  for (int i = 1; i <= order; ++i) log_last += std::log(static_cast<long double>(2 * i - 1));
  Zpk result;
  long double scale = 1;
  if (norm == BesselNorm::phase) {
    scale = std::exp(-log_last / order);
  } else {
    const long double last = std::exp(log_last);
    if (norm == BesselNorm::magnitude) scale = 1 / half_power_frequency(poles, last);
    result.gain = static_cast<double>(std::exp(log_last + order * std::log(scale)));
  }
  for (const LongComplex p : poles) {
    const LongComplex scaled = p * scale;
    result.poles.emplace_back(static_cast<double>(scaled.real()), static_cast<double>(scaled.imag()));
  }
  return result;
}

}  // namespace caton
