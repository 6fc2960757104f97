// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/multitaper.hpp"

#include "caton/signal/stft.hpp"
#include "signal_test.hpp"

#include <algorithm>

namespace caton {

using testing::error_of;
using testing::largest_difference;
using testing::noise;
using testing::says;
using testing::sine;

TEST_SUITE("signal") {
  TEST_CASE("multitaper: the density of noise adds up to its variance, a tone stands in its band") {
    const Matrix x = noise(1, 4000);
    double variance = 0;
    for (std::int64_t t = 0; t < 4000; ++t) variance += x(0, t) * x(0, t) / 4000;
    for (const bool adaptive : {false, true}) {
      const auto spectrum = multitaper(x, {.rate_hz = 200, .bandwidth_hz = 2, .adaptive = adaptive, .density = true});
      double power = 0;
      for (std::int64_t k = 0; k < spectrum.psd.extent(1); ++k) power += spectrum.psd(0, k) * spectrum.freqs_hz[1];
      CHECK(power == doctest::Approx(variance).epsilon(0.02));
    }
    const auto tone = multitaper(sine(1000, 10, 200), {.rate_hz = 200});
    const double* const first = tone.psd.data();
    const auto top = static_cast<std::size_t>(std::max_element(first, first + tone.psd.extent(1)) - first);
    CHECK(std::abs(tone.freqs_hz[top] - 10) <= 0.8);
  }

  TEST_CASE("multitaper: scales with the square of the signal, a constant has no power, a range is a part") {
    const Matrix x = noise(2, 301);
    Matrix twice = x, constant({1, 301}, 5.0);
    for (double& value : twice) value *= 2;
    const auto a = multitaper(x, {.rate_hz = 100, .adaptive = true});
    const auto b = multitaper(twice, {.rate_hz = 100, .adaptive = true});
    for (std::int64_t k = 0; k < a.psd.extent(1); ++k)
      CHECK(b.psd(1, k) == doctest::Approx(4 * a.psd(1, k)).epsilon(1e-9));
    for (const double value : multitaper(constant, {.rate_hz = 100, .adaptive = true}).psd) CHECK(value < 1e-20);
    const auto part = multitaper(x, {.rate_hz = 100, .low_hz = 10, .high_hz = 20});
    const auto whole = multitaper(x, {.rate_hz = 100});
    const auto from = std::find(whole.freqs_hz.begin(), whole.freqs_hz.end(), part.freqs_hz[0]);
    CHECK(part.psd(0, 0) == whole.psd(0, from - whole.freqs_hz.begin()));
    CHECK(part.freqs_hz.back() <= 20);
  }

  TEST_CASE("multitaper: refuses what cannot be") {
    // The product of half bandwidth and samples must be less than half the samples, as in SciPy.
    CHECK(says(error_of([] { (void)multitaper(noise(1, 8), {.rate_hz = 100}); }), "short"));
    CHECK(says(error_of([] { (void)multitaper(noise(1, 40), {.rate_hz = 100, .bandwidth_hz = 100}); }), "bandwidth"));
    CHECK(multitaper(noise(1, 9), {.rate_hz = 100}).psd.extent(1) == 5);
    const Matrix x = noise(1, 300);
    const auto word = [&](Multitaper options, const std::string& expected) {
      options.rate_hz = 100;
      return says(error_of([&] { (void)multitaper(x, options); }), expected);
    };
    CHECK(word({.bandwidth_hz = 0.3}, "bandwidth"));
    CHECK(word({.bandwidth_hz = 101}, "short"));
    CHECK(word({.low_hz = 51}, "band"));
    CHECK(says(error_of([&] { (void)multitaper(x, {.rate_hz = 0}); }), "positive"));
  }

  TEST_CASE("stft and back: the signal again, whatever segment, overlap and window") {
    for (const std::int64_t segment : {16, 63, 100}) {
      for (const std::int64_t overlap : {segment / 2, 3 * segment / 4}) {
        for (const char* const window : {"hann", "hamming", "boxcar"}) {
          const Matrix x = noise(2, 501);
          const auto z =
              stft(x, {.rate_hz = 100, .window = window, .segment_samples = segment, .overlap_samples = overlap});
          const Matrix y = istft(z.z, {.window = window, .segment_samples = segment, .overlap_samples = overlap});
          REQUIRE(y.extent(1) >= 501);
          CHECK(largest_difference(y.view().slice(1, 0, 501), x) < 1e-12);
          for (std::int64_t t = 501; t < y.extent(1); ++t) CHECK(std::abs(y(1, t)) < 1e-12);
        }
      }
    }
  }

  TEST_CASE("stft: a tone of amplitude 1 has half of it in its bin, at the time of the middles") {
    const auto z = stft(sine(1000, 10, 100), {.rate_hz = 100, .segment_samples = 50, .boundary = false, .pad = false});
    CHECK(z.freqs_hz[5] == 10);
    CHECK(std::abs(z.z(0, 5, 7)) == doctest::Approx(0.5).epsilon(1e-10));
    CHECK(z.times_s[0] == 0.25);
    CHECK(z.times_s[1] == 0.5);
    CHECK(z.z.extent(2) == 39);
  }

  TEST_CASE("stft: refuses what cannot be") {
    const Matrix x = noise(1, 100);
    CHECK(says(error_of([&] { (void)stft(x, {.rate_hz = 100, .segment_samples = 101}); }), "short"));
    CHECK(says(error_of([&] { (void)stft(x, {.rate_hz = 100, .segment_samples = 50, .overlap_samples = 50}); }),
               "overlap"));
    CHECK(says(error_of([&] { (void)stft(x, {.rate_hz = 100, .segment_samples = 50, .fft_samples = 49}); }),
               "fft_samples"));
    const auto z = stft(x, {.rate_hz = 100, .segment_samples = 50});
    CHECK(says(error_of([&] { (void)istft(z.z, {.segment_samples = 52}); }), "shape"));
  }
}

}  // namespace caton
