// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/fft.hpp"

#include "caton/base/random.hpp"
#include "golden_test.hpp"

#include <cmath>
#include <numbers>

namespace caton {

namespace {

std::vector<Complex> noise(std::size_t count, const char* purpose) {
  RandomStream random(1, purpose, {count});
  std::vector<Complex> x;
  for (std::size_t i = 0; i < count; ++i) {
    const double re = random.normal();
    x.emplace_back(re, random.normal());
  }
  return x;
}

/// The definition, in long double.
std::vector<Complex> slow_transform(const std::vector<Complex>& x) {
  const std::size_t n = x.size();
  std::vector<Complex> result;
  for (std::size_t k = 0; k < n; ++k) {
    std::complex<long double> sum = 0;
    for (std::size_t t = 0; t < n; ++t) {
      const long double angle =
          -2 * std::numbers::pi_v<long double> * static_cast<long double>(k * t % n) / static_cast<long double>(n);
      sum += std::complex<long double>(x[t]) * std::complex<long double>(std::cos(angle), std::sin(angle));
    }
    result.emplace_back(static_cast<double>(sum.real()), static_cast<double>(sum.imag()));
  }
  return result;
}

double largest_difference(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace

TEST_SUITE("signal") {
  TEST_CASE("fft: equals the definition at every length up to 130 and at awkward ones") {
    std::vector<std::size_t> lengths;
    for (std::size_t n = 1; n <= 130; ++n) lengths.push_back(n);
    for (const std::size_t n : {256, 343, 512, 600, 625, 641, 720, 997, 1001, 1024}) lengths.push_back(n);
    for (const std::size_t n : lengths) {
      CAPTURE(n);
      const auto x = noise(n, "fft");
      CHECK(largest_difference(complex_fft(x), slow_transform(x)) < 3e-15 * std::sqrt(static_cast<double>(n)) * 10);
    }
  }

  TEST_CASE("fft: inverse undoes forward, real equals complex, energy is kept") {
    for (const std::size_t n : {1, 2, 3, 8, 17, 100, 101, 251, 1000, 4096, 5000, 6007}) {
      CAPTURE(n);
      const auto x = noise(n, "fft round");
      CHECK(largest_difference(inverse_complex_fft(complex_fft(x)), x) < 1e-13);
      std::vector<double> real;
      std::vector<Complex> as_complex;
      for (const Complex v : x) {
        real.push_back(v.real());
        as_complex.emplace_back(v.real(), 0);
      }
      const auto bins = real_fft(real);
      auto all = complex_fft(as_complex);
      double energy = 0, power = 0;
      for (const double v : real) energy += v * v;
      for (const Complex v : all) power += std::norm(v) / static_cast<double>(n);
      CHECK(power == doctest::Approx(energy).epsilon(1e-12));
      all.resize(bins.size());
      CHECK(largest_difference(bins, all) < 1e-12 * std::sqrt(static_cast<double>(n)));
      const auto back = inverse_real_fft(bins, static_cast<std::int64_t>(n));
      double worst = 0;
      for (std::size_t i = 0; i < n; ++i) worst = std::max(worst, std::abs(back[i] - real[i]));
      CHECK(worst < 1e-13);
    }
  }

  TEST_CASE("fft: fast lengths, and no transform of nothing") {
    CHECK(next_fast_length(1) == 1);
    CHECK(next_fast_length(13) == 14);
    CHECK(next_fast_length(1201) == 1210);
    CHECK(next_fast_length(4097) == 4116);
    CHECK(std::string(testing::error_of([] { Fft plan(0); }).what()).find("empty") != std::string::npos);
  }
}

}  // namespace caton
