// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/zpk.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

Complex product_of_negatives(const std::vector<Complex>& values) {
  Complex product = 1;
  for (const Complex value : values) product *= -value;
  return product;
}

std::vector<Complex> scaled(const std::vector<Complex>& values, double factor) {
  std::vector<Complex> result;
  for (const Complex value : values) result.push_back(value * factor);
  return result;
}

/// v + sqrt(v^2 - centre^2) for all, then v - sqrt(…) for all.
std::vector<Complex> both_roots(const std::vector<Complex>& values, double centre) {
  std::vector<Complex> result;
  for (const Complex v : values) result.push_back(v + std::sqrt(v * v - centre * centre));
  for (const Complex v : values) result.push_back(v - std::sqrt(v * v - centre * centre));
  return result;
}

std::vector<Complex> inverted(const std::vector<Complex>& values, double factor) {
  std::vector<Complex> result;
  for (const Complex v : values) result.push_back(factor / v);
  return result;
}

std::vector<Complex> polynomial(const std::vector<Complex>& roots) {
  std::vector<Complex> coefficients{1};
  for (const Complex root : roots) {
    coefficients.push_back(0);
    for (std::size_t i = coefficients.size() - 1; i > 0; --i) coefficients[i] -= root * coefficients[i - 1];
  }
  return coefficients;
}

}  // namespace

Zpk to_lowpass(const Zpk& prototype, double cut) {
  const auto degree = static_cast<double>(prototype.poles.size()) - static_cast<double>(prototype.zeros.size());
  return {scaled(prototype.zeros, cut), scaled(prototype.poles, cut), prototype.gain * std::pow(cut, degree)};
}

Zpk to_highpass(const Zpk& prototype, double cut) {
  Zpk result{inverted(prototype.zeros, cut), inverted(prototype.poles, cut), 0};
  result.zeros.resize(result.poles.size(), 0);
  result.gain = prototype.gain * (product_of_negatives(prototype.zeros) / product_of_negatives(prototype.poles)).real();
  return result;
}

Zpk to_bandpass(const Zpk& prototype, double centre, double width) {
  const std::size_t degree = prototype.poles.size() - prototype.zeros.size();
  Zpk result{both_roots(scaled(prototype.zeros, width / 2), centre),
             both_roots(scaled(prototype.poles, width / 2), centre), 0};
  result.zeros.resize(result.zeros.size() + degree, 0);
  result.gain = prototype.gain * std::pow(width, static_cast<double>(degree));
  return result;
}

Zpk to_bandstop(const Zpk& prototype, double centre, double width) {
  const std::size_t degree = prototype.poles.size() - prototype.zeros.size();
  Zpk result{both_roots(inverted(prototype.zeros, width / 2), centre),
             both_roots(inverted(prototype.poles, width / 2), centre), 0};
  for (std::size_t i = 0; i < degree; ++i) result.zeros.emplace_back(0, centre);
  for (std::size_t i = 0; i < degree; ++i) result.zeros.emplace_back(0, -centre);
  result.gain = prototype.gain * (product_of_negatives(prototype.zeros) / product_of_negatives(prototype.poles)).real();
  return result;
}

Zpk bilinear(const Zpk& analogue) {
  constexpr double twice_rate = 4;
  Zpk result;
  Complex above = 1, below = 1;
  for (const Complex z : analogue.zeros) {
    result.zeros.push_back((twice_rate + z) / (twice_rate - z));
    above *= twice_rate - z;
  }
  for (const Complex p : analogue.poles) {
    result.poles.push_back((twice_rate + p) / (twice_rate - p));
    below *= twice_rate - p;
  }
  result.zeros.resize(std::max(result.zeros.size(), result.poles.size()), -1);
  result.gain = analogue.gain * (above / below).real();
  return result;
}

TransferFunction to_transfer_function(const Zpk& zpk) {
  TransferFunction result;
  for (const Complex c : polynomial(zpk.zeros)) result.b.push_back(zpk.gain * c.real());
  for (const Complex c : polynomial(zpk.poles)) result.a.push_back(c.real());
  return result;
}

}  // namespace caton
