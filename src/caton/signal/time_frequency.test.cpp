// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/time_frequency.hpp"

#include "caton/signal/baseline.hpp"
#include "signal_test.hpp"

namespace caton {

using testing::error_of;
using testing::noise;
using testing::says;
using testing::sine;

namespace {

Array<double, 3> epochs_of(const Matrix& rows, std::int64_t channels) {
  return Tensor::of(rows).reshaped({rows.extent(0) / channels, channels, rows.extent(1)}).array<3>();
}

/// The convolution that the definition asks for, one product at a time.
Complex centre_of_convolution(Signal x, std::int64_t row, const std::vector<Complex>& wavelet, std::int64_t t) {
  const auto length = static_cast<std::int64_t>(wavelet.size());
  Complex sum = 0;
  for (std::int64_t k = 0; k < length; ++k) {
    const std::int64_t from = t + (length - 1) / 2 - k;
    if (from >= 0 && from < x.extent(1)) sum += wavelet[static_cast<std::size_t>(k)] * x(row, from);
  }
  return sum;
}

}  // namespace

TEST_SUITE("signal") {
  TEST_CASE("morlet: norm sqrt 2, no mean, odd, mirrored") {
    const auto set = morlet_wavelets({.rate_hz = 100, .freqs_hz = {5, 10, 30}, .cycles = {3, 5, 8}});
    for (const auto& wavelet : set.wavelets) {
      double squares = 0;
      Complex sum = 0;
      for (const Complex value : wavelet) {
        squares += std::norm(value);
        sum += value;
      }
      CHECK(squares == doctest::Approx(2).epsilon(1e-12));
      CHECK(std::abs(sum) < 1e-5);
      CHECK(wavelet.size() % 2 == 1);
      CHECK(std::abs(wavelet.front() - std::conj(wavelet.back())) < 1e-15);
    }
    const auto fixed = morlet_wavelets({.rate_hz = 100, .freqs_hz = {5, 10}, .sigma_s = 0.1});
    CHECK(fixed.wavelets[0].size() == fixed.wavelets[1].size());
  }

  TEST_CASE("tfr: equals the convolution itself, for every taper, short and long signals, every decimation") {
    for (const std::int64_t samples : {150, 40000}) {
      const Matrix rows = noise(3, samples);
      const auto epochs = epochs_of(rows, 1);
      const WaveletPlan plan{.rate_hz = 100, .freqs_hz = {9, 21}, .cycles = {4}};
      for (const auto& set : {morlet_wavelets(plan), taper_wavelets(plan)}) {
        for (const std::int64_t decimate : {1, 7}) {
          const auto z = tfr_coefficients(epochs, set, {.decimate = decimate});
          REQUIRE(z.extent(4) == (samples + decimate - 1) / decimate);
          const std::int64_t step = samples > 1000 ? 397 : 1;
          for (std::int64_t t = 0; t < z.extent(4); t += step) {
            for (std::int64_t w = 0; w < set.tapers * set.freqs; ++w) {
              const auto& wavelet = set.wavelets[static_cast<std::size_t>(w)];
              const Complex expected = centre_of_convolution(rows, 2, wavelet, t * decimate);
              CHECK(std::abs(z(2, 0, w / set.freqs, w % set.freqs, t) - expected) < 1e-12);
            }
          }
        }
      }
    }
  }

  TEST_CASE("tfr: powers and coherence are those of the coefficients") {
    const auto epochs = epochs_of(noise(6, 120), 2);
    const auto set = taper_wavelets({.rate_hz = 100, .freqs_hz = {10, 20}, .cycles = {4}});
    const TimeFrequencyOptions options{.decimate = 3};
    const auto z = tfr_coefficients(epochs, set, options);
    const auto power = tfr_power(epochs, set, options);
    const auto average = tfr_average(epochs, set, options);
    double mean = 0, coherence = 0;
    for (std::int64_t k = 0; k < set.tapers; ++k) {
      Complex sum = 0;
      for (std::int64_t e = 0; e < 3; ++e) {
        const Complex value = z(e, 1, k, 0, 17);
        mean += std::norm(value) / 3 / static_cast<double>(set.tapers);
        sum += value / std::abs(value);
      }
      coherence += std::abs(sum) / 3 / static_cast<double>(set.tapers);
    }
    CHECK(average.power(1, 0, 17) == doctest::Approx(mean).epsilon(1e-12));
    CHECK(average.itc(1, 0, 17) == doctest::Approx(coherence).epsilon(1e-12));
    CHECK((power(0, 1, 0, 17) + power(1, 1, 0, 17) + power(2, 1, 0, 17)) / 3 == doctest::Approx(mean).epsilon(1e-12));
  }

  TEST_CASE("tfr: the same phase in every epoch is full coherence; a flat channel has none") {
    Matrix rows({4, 200}, 0.0);
    const Matrix tone = sine(200, 10, 100);
    for (std::int64_t e = 0; e < 4; ++e) {
      for (std::int64_t t = 0; t < 200; ++t) rows(e, t) = static_cast<double>(e + 1) * tone(0, t);
    }
    const auto set = morlet_wavelets({.rate_hz = 100, .freqs_hz = {10}, .cycles = {5}});
    CHECK(tfr_average(epochs_of(rows, 1), set, {}).itc(0, 0, 100) == doctest::Approx(1).epsilon(1e-12));
    CHECK(tfr_average(Array<double, 3>({3, 1, 200}, 0.0), set, {}).itc(0, 0, 100) == 0);
  }

  TEST_CASE("tfr: refuses what cannot be") {
    const auto word = [](const WaveletPlan& plan, const std::string& expected) {
      return says(error_of([&] { (void)taper_wavelets(plan); }), expected) ||
             says(error_of([&] { (void)morlet_wavelets(plan); }), expected);
    };
    CHECK(word({.rate_hz = 100, .freqs_hz = {50}}, "Nyquist"));
    CHECK(word({.rate_hz = 100, .freqs_hz = {-1}}, "positive"));
    CHECK(word({.rate_hz = 100, .freqs_hz = {8, 9}, .cycles = {4, 5, 6}}, "shape"));
    CHECK(word({.rate_hz = 100, .freqs_hz = {8}, .cycles = {0}}, "cycles"));
    CHECK(says(error_of([] { (void)taper_wavelets({.rate_hz = 100, .freqs_hz = {8}, .time_bandwidth = 1.9}); }),
               "bandwidth"));
    const auto set = morlet_wavelets({.rate_hz = 100, .freqs_hz = {1}});
    CHECK(says(error_of([&] { (void)tfr_power(Array<double, 3>({1, 1, 200}), set, {}); }), "short"));
  }

  TEST_CASE("baseline: what was rescaled has the baseline that its mode promises") {
    Matrix x = noise(3, 100);
    for (double& value : x) value = 2 + value * value;
    const IndexRange range{10, 40};
    const auto mean = [&](const Matrix& y) {
      double sum = 0;
      for (std::int64_t t = range.begin; t < range.end; ++t) sum += y(1, t) / 30;
      return sum;
    };
    CHECK(std::abs(mean(baseline(x, range, BaselineMode::mean))) < 1e-13);
    CHECK(mean(baseline(x, range, BaselineMode::ratio)) == doctest::Approx(1).epsilon(1e-12));
    CHECK(std::abs(mean(baseline(x, range, BaselineMode::percent))) < 1e-13);
    const Matrix scored = baseline(x, range, BaselineMode::zscore);
    double squares = 0;
    for (std::int64_t t = range.begin; t < range.end; ++t) squares += scored(1, t) * scored(1, t) / 30;
    CHECK(squares == doctest::Approx(1).epsilon(1e-12));
    const Matrix logarithm = baseline(x, range, BaselineMode::logratio),
                 ratio = baseline(x, range, BaselineMode::ratio);
    CHECK(std::pow(10, logarithm(2, 77)) == doctest::Approx(ratio(2, 77)).epsilon(1e-12));
    Matrix flat = x;
    for (std::int64_t t = 0; t < 100; ++t) flat(1, t) = 0;
    CHECK(says(error_of([&] { (void)baseline(flat, range, BaselineMode::ratio); }), "flat"));
    flat(1, 20) = 1;
    CHECK(says(error_of([&] { (void)baseline(flat, range, BaselineMode::logratio); }), "positive"));
  }

  TEST_CASE("baseline: a span holds both its ends, whatever the rounding of the times") {
    const auto times = times_from(-0.5, 100, 150);
    const auto range = samples_within("test", "baseline_s", {.begin_s = -0.45, .end_s = -0.1}, times);
    CHECK(range.begin == 5);
    CHECK(range.end == 41);
    const auto open = samples_within("test", "baseline_s", {}, times);
    CHECK(open.end - open.begin == 150);
    CHECK(says(error_of([&] { (void)samples_within("test", "baseline_s", {.begin_s = 3}, times); }), "baseline_s"));
  }
}

}  // namespace caton
