// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/roots_of_unity.hpp"

#include <cmath>
#include <numbers>

namespace caton {

namespace {

/// Exact at multiples of a quarter turn.
std::complex<long double> root(std::int64_t k, std::int64_t n) {
  const std::int64_t quarter = 4 * k / n, rest = 4 * k - quarter * n;
  const long double angle =
      std::numbers::pi_v<long double> / 2 * static_cast<long double>(rest) / static_cast<long double>(n);
  const long double c = std::cos(angle), s = std::sin(angle);
  switch (quarter) {
    case 0: return {c, -s};
    case 1: return {-s, -c};
    case 2: return {-c, s};
    default: return {s, c};
  }
}

}  // namespace

RootsOfUnity::RootsOfUnity(std::int64_t n) : n_(n), step_(1) {
  while (step_ * step_ < n) ++step_;
  for (std::int64_t k = 0; k < step_; ++k) fine_.push_back(root(k % n, n));
  for (std::int64_t k = 0; k < n; k += step_) coarse_.push_back(root(k, n));
}

std::complex<long double> RootsOfUnity::at(std::int64_t k) const {
  k %= n_;
  const auto &a = coarse_[static_cast<std::size_t>(k / step_)], &b = fine_[static_cast<std::size_t>(k % step_)];
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

}  // namespace caton
