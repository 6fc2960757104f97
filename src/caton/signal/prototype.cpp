// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/prototype.hpp"

#include <cmath>
#include <numbers>

namespace caton {

namespace {

constexpr double pi = std::numbers::pi;
constexpr Complex unit_imaginary{0, 1};

/// The real part of the product of -poles over the product of -zeros: the gain that makes the gain at 0 one.
double gain_of(const Zpk& zpk) {
  Complex above = 1, below = 1;
  for (const Complex p : zpk.poles) above *= -p;
  for (const Complex z : zpk.zeros) below *= -z;
  return (above / below).real();
}

double ratio_of_db(double db) { return std::expm1(std::log(10.0) * 0.1 * db); }

}  // namespace

Zpk butterworth_prototype(int order) {
  Zpk result;
  for (int m = 1 - order; m < order; m += 2) result.poles.push_back(-std::exp(unit_imaginary * (pi * m / (2 * order))));
  return result;
}

Zpk chebyshev1_prototype(int order, double ripple_db) {
  const double epsilon = std::sqrt(ratio_of_db(ripple_db));
  const double mu = std::asinh(1 / epsilon) / order;
  Zpk result;
  for (int m = 1 - order; m < order; m += 2) result.poles.push_back(-std::sinh(Complex(mu, pi * m / (2 * order))));
  result.gain = gain_of(result);
  if (order % 2 == 0) result.gain /= std::sqrt(1 + epsilon * epsilon);
  return result;
}

Zpk chebyshev2_prototype(int order, double attenuation_db) {
  const double delta = 1 / std::sqrt(ratio_of_db(attenuation_db));
  const double mu = std::asinh(1 / delta) / order;
  Zpk result;
  for (int m = 1 - order; m < order; m += 2) {
    if (m != 0) result.zeros.push_back(-std::conj(unit_imaginary / std::sin(m * pi / (2.0 * order))));
    const Complex circle = -std::exp(unit_imaginary * (pi * m / (2 * order)));
    result.poles.push_back(1.0 / Complex(std::sinh(mu) * circle.real(), std::cosh(mu) * circle.imag()));
  }
  result.gain = gain_of(result);
  return result;
}

}  // namespace caton
