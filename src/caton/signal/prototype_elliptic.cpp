// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Elliptic filters: the Landen transformation of Jacobi's functions (Orfanidis, Lecture Notes on Elliptic Filter
// Design).
#include "caton/base/error.hpp"
#include "caton/signal/prototype.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace caton {

namespace {

constexpr double pi = std::numbers::pi;

/// The complete elliptic integral K(m), given 1 - m.
double elliptic_k_of_complement(double complement) {
  double a = 1, b = std::sqrt(complement);
  for (int i = 0; i < 60 && std::abs(a - b) > 1e-17 * a; ++i) {
    const double mean = (a + b) / 2;
    b = std::sqrt(a * b);
    a = mean;
  }
  return pi / (2 * a);
}

struct Jacobi {
  double sn, cn, dn;
};

/// sn, cn, dn of (u | m) by descending Landen steps.
Jacobi jacobi(double u, double m) {
  if (m < 1e-9) {
    const double s = std::sin(u), c = std::cos(u), shift = 0.25 * m * (u - s * c);
    return {s - shift * c, c + shift * s, 1 - 0.5 * m * s * s};
  }
  if (m >= 0.9999999999) {
    const double shift = 0.25 * (1 - m), b = std::cosh(u), t = std::tanh(u), inverse = 1 / b, twice = b * std::sinh(u);
    return {t + shift * (twice - u) / (b * b), inverse - shift * t * inverse * (twice - u),
            inverse + shift * t * inverse * (twice + u)};
  }
  std::array<double, 20> a{}, c{};
  a[0] = 1;
  c[0] = std::sqrt(m);
  double b = std::sqrt(1 - m), power = 1;
  std::size_t i = 0;
  while (std::abs(c[i] / a[i]) > std::numeric_limits<double>::epsilon() / 2 && i + 1 < a.size()) {
    const double before = a[i];
    ++i;
    c[i] = (before - b) / 2;
    a[i] = (before + b) / 2;
    b = std::sqrt(before * b);
    power *= 2;
  }
  double phi = power * a[i] * u, last = 0;
  for (; i > 0; --i) {
    const double t = c[i] * std::sin(phi) / a[i];
    last = phi;
    phi = (std::asin(t) + phi) / 2;
  }
  const double s = std::sin(phi), t = std::cos(phi), difference = std::cos(phi - last);
  return {s, t, std::abs(difference) < 0.1 ? std::sqrt(1 - m * s * s) : t / difference};
}

/// Solves the degree equation order K(m)/K'(m) = K1(m1)/K1'(m1) for m by nomes.
double degree_parameter(int order, double m1) {
  const double nome1 = std::exp(-pi * elliptic_k_of_complement(m1) / elliptic_k_of_complement(1 - m1));
  const double nome = std::pow(nome1, 1.0 / order);
  double above = 0, below = 1;
  for (int i = 0; i <= 7; ++i) {
    above += std::pow(nome, i * (i + 1));
    below += 2 * std::pow(nome, (i + 1) * (i + 1));
  }
  return 16 * nome * std::pow(above / below, 4);
}

Complex complement_of(Complex k) { return std::sqrt((1.0 - k) * (1.0 + k)); }

/// z in w = sc(z | 1 - m), for real w.
double inverse_sc(double w, double m) {
  double k = std::sqrt(m), product = 1;
  Complex value(0, w);
  for (int i = 0; i < 10 && k != 0; ++i) {
    const double complement = std::sqrt((1 - k) * (1 + k));
    const double next = (1 - complement) / (1 + complement);
    value = 2.0 * value / ((1 + next) * (1.0 + complement_of(k * value)));
    product *= 1 + next;
    k = next;
  }
  return (product * pi / 2 * (2 / pi) * std::asin(value)).imag();
}

}  // namespace

Zpk elliptic_prototype(int order, double ripple_db, double attenuation_db) {
  const double epsilon_squared = std::expm1(std::log(10.0) * 0.1 * ripple_db), epsilon = std::sqrt(epsilon_squared);
  Zpk result;
  if (order == 1) {
    const double p = -std::sqrt(1 / epsilon_squared);
    return {{}, {p}, -p};
  }
  const double m1 = epsilon_squared / std::expm1(std::log(10.0) * 0.1 * attenuation_db);
  if (!(m1 > 0 && m1 < 1)) {
    throw usage_error("iir_design", "no elliptic filter has the ripple_db and attenuation_db given",
                      "the attenuation must be larger than the ripple");
  }
  const double m = degree_parameter(order, m1);
  const double k = elliptic_k_of_complement(1 - m);
  const double v0 = k * inverse_sc(1 / epsilon, m1) / (order * elliptic_k_of_complement(1 - m1));
  const Jacobi v = jacobi(v0, 1 - m);
  std::vector<Complex> upper_zeros, upper_poles;
  for (int j = 1 - order % 2; j < order; j += 2) {
    const Jacobi u = jacobi(j * k / order, m);
    if (std::abs(u.sn) > 2e-16) upper_zeros.emplace_back(0, 1 / (std::sqrt(m) * u.sn));
    const double below = 1 - (u.dn * v.sn) * (u.dn * v.sn);
    upper_poles.emplace_back(-(u.cn * u.dn * v.sn * v.cn) / below, -(u.sn * v.dn) / below);
  }
  result.zeros = upper_zeros;
  for (const Complex z : upper_zeros) result.zeros.push_back(std::conj(z));
  result.poles = upper_poles;
  double norm = 0;
  for (const Complex p : upper_poles) norm += std::norm(p);
  for (const Complex p : upper_poles) {
    if (order % 2 == 0 || std::abs(p.imag()) > 2e-16 * std::sqrt(norm)) result.poles.push_back(std::conj(p));
  }
  Complex above = 1, below = 1;
  for (const Complex p : result.poles) above *= -p;
  for (const Complex z : result.zeros) below *= -z;
  result.gain = (above / below).real();
  if (order % 2 == 0) result.gain /= std::sqrt(1 + epsilon_squared);
  return result;
}

}  // namespace caton
