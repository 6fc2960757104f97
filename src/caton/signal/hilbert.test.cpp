// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/hilbert.hpp"

#include "signal_test.hpp"

#include <numbers>

namespace caton {

using testing::error_of;
using testing::largest_difference;
using testing::noise;
using testing::says;
using testing::sine;

namespace {

Matrix imaginary(View<const Complex, 2> z) {
  Matrix y(z.extents(), uninitialised);
  for (std::int64_t c = 0; c < z.extent(0); ++c) {
    for (std::int64_t t = 0; t < z.extent(1); ++t) y(c, t) = z(c, t).imag();
  }
  return y;
}

}  // namespace

TEST_SUITE("signal") {
  TEST_CASE("hilbert: of a sine comes minus its cosine, the envelope is 1, the phase runs with the frequency") {
    const Matrix x = sine(400, 10, 200);
    const auto z = analytic_signal(x);
    const Matrix quarter_later = sine(400, 10, 200, -std::numbers::pi / 2), one = envelope(z);
    CHECK(largest_difference(imaginary(z), quarter_later) < 1e-12);
    const Matrix run = unwrapped(phase(z));
    for (std::int64_t t = 0; t < 400; ++t) {
      CHECK(one(0, t) == doctest::Approx(1).epsilon(1e-12));
      CHECK(run(0, t) - run(0, 0) ==
            doctest::Approx(2 * std::numbers::pi * 10 * static_cast<double>(t) / 200).epsilon(1e-10));
    }
  }

  TEST_CASE("hilbert: twice is minus the signal without mean, whatever the number of channels and samples") {
    for (const std::int64_t samples : {1, 2, 3, 97, 121, 300}) {
      for (const std::int64_t channels : {1, 2, 5}) {
        const Matrix x = noise(channels, samples);
        const Matrix once = imaginary(analytic_signal(x)), twice = imaginary(analytic_signal(once));
        for (std::int64_t c = 0; c < channels; ++c) {
          double mean = 0, nyquist = 0;
          for (std::int64_t t = 0; t < samples; ++t) {
            mean += x(c, t) / static_cast<double>(samples);
            nyquist += (t % 2 == 0 ? 1 : -1) * x(c, t) / static_cast<double>(samples);
          }
          if (samples % 2 == 1) nyquist = 0;
          for (std::int64_t t = 0; t < samples; ++t)
            CHECK(std::abs(twice(c, t) + x(c, t) - mean - (t % 2 == 0 ? 1 : -1) * nyquist) < 1e-12);
        }
        if (channels > 1) {
          const Matrix alone = imaginary(analytic_signal(x.view().slice(0, channels - 1, 1)));
          for (std::int64_t t = 0; t < samples; ++t) CHECK(std::abs(alone(0, t) - once(channels - 1, t)) < 1e-12);
        }
      }
    }
  }

  TEST_CASE("hilbert: the next length without factors above 5, not the one with 7 or 11 that comes before it") {
    for (const auto& [length, next] :
         {std::pair<std::int64_t, std::int64_t>{1, 1}, {7, 8}, {8, 8}, {97, 100}, {121, 125}, {4097, 4320}})
      CHECK(next_hilbert_length(length) == next);
  }

  TEST_CASE("hilbert: a longer transform keeps the signal, a shorter one is refused") {
    const Matrix x = noise(2, 97);
    const auto z = analytic_signal(x, 99);
    CHECK(z.extents() == x.extents());
    CHECK(z(1, 50).real() == x(1, 50));
    CHECK(says(error_of([&] { (void)analytic_signal(x, 96); }), "fft_samples"));
    CHECK(says(error_of([&] { (void)analytic_signal(x, std::int64_t{1} << 50); }), "fft_samples"));
    CHECK(says(error_of([&] { (void)analytic_signal(Matrix({0, 5})); }), "empty"));
    Matrix bad = x;
    bad(1, 3) = std::nan("");
    CHECK(says(error_of([&] { (void)analytic_signal(bad); }), "finite"));
  }
}

}  // namespace caton
