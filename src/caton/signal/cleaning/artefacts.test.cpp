// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/asr.hpp"
#include "caton/signal/cleaning/bad_channels.hpp"
#include "caton/signal/cleaning/microstates.hpp"
#include "caton/signal/cleaning/reject_threshold.hpp"
#include "cleaning.test.hpp"

#include <complex>

namespace caton {

using testing::error_of;
using testing::noise;
using testing::says;

namespace {

double magnitude(const TransferFunction& filter, double hz, double rate_hz) {
  Complex above = 0, below = 0;
  for (std::size_t i = 0; i < filter.b.size(); ++i) {
    const Complex turn = std::polar(1.0, -2 * 3.14159265358979323846 * hz / rate_hz * static_cast<double>(i));
    above += filter.b[i] * turn;
    below += filter.a[i] * turn;
  }
  return std::abs(above / below);
}

/// Five channels of noise that share two sources, as neighbours on a head do [uV].
Matrix alike(std::int64_t channels, std::int64_t samples, std::uint64_t seed) {
  Matrix x = noise(channels, samples, 2, seed);
  const Matrix shared = noise(2, samples, 10, seed + 100);
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t t = 0; t < samples; ++t) x(c, t) += shared(0, t) + 0.1 * static_cast<double>(c) * shared(1, t);
  }
  return x;
}

double deviation(Signal x, std::int64_t begin, std::int64_t end) {
  double square = 0;
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::int64_t t = begin; t < end; ++t) square += x(c, t) * x(c, t);
  }
  return std::sqrt(square / static_cast<double>(x.extent(0) * (end - begin)));
}

}  // namespace

TEST_SUITE("signal") {
  TEST_CASE("asr: the filter listens below 3 Hz and above 40 Hz") {
    for (const double rate_hz : {128.0, 250.0}) {
      const TransferFunction filter = asr_filter_design(rate_hz);
      CHECK(magnitude(filter, 0.2, rate_hz) > 3 * magnitude(filter, 8, rate_hz));
      CHECK(magnitude(filter, 0.47 * rate_hz, rate_hz) > 1.5 * magnitude(filter, 25, rate_hz));
      CHECK(magnitude(filter, 25, rate_hz) > 1.5 * magnitude(filter, 8, rate_hz));
    }
    CHECK(says(error_of([] { (void)asr_filter_design(64); }), "Nyquist"));
  }

  TEST_CASE("asr: the bulk of RMS values is found beside outliers, the gamma function inverted") {
    std::vector<double> rms;
    RandomStream random(1, "test rms");
    for (int i = 0; i < 2000; ++i) rms.push_back(i % 5 == 0 ? 40 + 10 * random.uniform() : 10 + random.normal());
    const RmsFit fit = fit_rms(rms, 0.25, 0.1);
    CHECK(fit.mean == doctest::Approx(10).epsilon(0.05));
    CHECK(fit.deviation == doctest::Approx(1).epsilon(0.35));
    for (const double x : {0.01, 0.3, 1.7, 4.0}) {
      const double p = std::erf(std::sqrt(x));
      CHECK(inverse_incomplete_gamma(0.5, p) == doctest::Approx(x).epsilon(1e-12));
    }
    CHECK(inverse_incomplete_gamma(0.5, 0) == 0);
  }

  TEST_CASE("asr: a burst is taken down, clean signal stays as it is") {
    const double rate_hz = 100;
    const Matrix clean = alike(5, 6000, 51);
    const AsrCalibration calibration = asr_calibrate(clean, {.rate_hz = rate_hz});
    CHECK(calibration.findings.empty());
    const Matrix fresh = alike(5, 3001, 52);
    Matrix dirty(fresh);
    for (std::int64_t t = 1000; t < 1200; ++t) dirty(2, t) += 3000 * std::sin(0.9 * static_cast<double>(t));
    const AsrProcess options{.rate_hz = rate_hz, .splits = 0};
    const Matrix left = asr_process(fresh, calibration.mixing, calibration.threshold, options);
    const Matrix cleaned = asr_process(dirty, calibration.mixing, calibration.threshold, options);
    const std::int64_t delay = 25;
    for (std::int64_t t = delay; t < 3001; ++t) CHECK(left(1, t) == fresh(1, t - delay));
    CHECK(deviation(cleaned, 1040 + delay, 1160 + delay) < 0.05 * deviation(dirty, 1040, 1160));
    for (std::int64_t t = delay; t < 900; ++t) CHECK(cleaned(3, t) == fresh(3, t - delay));
    CHECK(asr_calibrate(clean.view().slice(1, 0, 1000), {.rate_hz = rate_hz}).findings.size() == 1);
    CHECK(says(error_of([&] { (void)asr_calibrate(clean.view().slice(1, 0, 400), {.rate_hz = rate_hz}); }), "short"));
    CHECK(says(error_of([&] { (void)asr_calibrate(clean, {.rate_hz = 4e18}); }), "short"));
    CHECK(says(error_of([&] { (void)asr_calibrate(clean, {.rate_hz = rate_hz, .window_s = 1e300}); }), "short"));
  }

  TEST_CASE("bad_channels: dead, loud, humming and lonely channels are told apart") {
    Matrix x = alike(12, 3840, 61);
    const Matrix own = noise(1, 3840, 10, 62);
    for (std::int64_t t = 0; t < 3840; ++t) {
      x(1, t) = 7;
      x(4, t) *= 40;
      x(7, t) += 60 * std::sin(2 * 3.14159265358979323846 * 60 * static_cast<double>(t) / 128);
      x(9, t) = own(0, t);
    }
    for (double& value : x) value *= 1e-6;
    const BadChannels bad = bad_channels(x, {.rate_hz = 128});
    CHECK(bad.reason[1] == bad_flat);
    CHECK((bad.reason[4] & bad_deviation) != 0);
    CHECK((bad.reason[7] & bad_noise) != 0);
    CHECK((bad.reason[9] & bad_correlation) != 0);
    for (const std::size_t c : {0U, 2U, 3U, 5U, 6U, 8U, 10U, 11U}) CHECK(bad.reason[c] == 0);
    CHECK(says(error_of([&] { (void)bad_channels(Matrix({4, 500}, 1.0), {.rate_hz = 128}); }), "channels"));
  }

  TEST_CASE("reject_threshold: lies between ordinary epochs and wild ones") {
    Array<double, 3> epochs({40, 2, 50}, uninitialised);
    const Matrix x = noise(80, 50, 1, 71);
    for (std::int64_t e = 0; e < 40; ++e) {
      for (std::int64_t c = 0; c < 2; ++c) {
        for (std::int64_t t = 0; t < 50; ++t)
          epochs(e, c, t) = x(2 * e + c, t) + std::sin(0.2 * static_cast<double>(t)) + (e % 8 == 3 && t > 30 ? 60 : 0);
      }
    }
    for (const auto scope : {ThresholdScope::global, ThresholdScope::channel}) {
      const RejectThreshold result = reject_threshold(epochs, 5, scope);
      REQUIRE(result.threshold.size() == (scope == ThresholdScope::global ? 1 : 2));
      for (const double threshold : result.threshold) {
        CHECK(threshold > 3);
        CHECK(threshold < 50);
      }
    }
    CHECK(says(error_of([&] { (void)reject_threshold(epochs, 1); }), "folds"));
  }

  TEST_CASE("microstates: planted maps are found, and their statistics") {
    const Matrix maps = noise(3, 16, 1, 81);
    Matrix x = noise(16, 1500, 0.05, 82);
    for (std::int64_t t = 0; t < 1500; ++t) {
      const double strength = std::sin(0.3 * static_cast<double>(t)) * 3;
      for (std::int64_t c = 0; c < 16; ++c) x(c, t) += strength * maps(t / 50 % 3, c);
    }
    for (std::int64_t t = 0; t < 1500; ++t) {
      double mean = 0;
      for (std::int64_t c = 0; c < 16; ++c) mean += x(c, t) / 16;
      for (std::int64_t c = 0; c < 16; ++c) x(c, t) -= mean;
    }
    const Microstates result = microstates(x, {0, 6, 11});
    CHECK(result.explained > 0.9);
    std::int64_t steady = 0;
    for (std::int64_t t = 1; t < 1500; ++t) steady += result.labels[t] == result.labels[t - 1] ? 1 : 0;
    CHECK(steady > 1300);
    CHECK(says(error_of([&] { (void)microstates(x, {100000}); }), "start"));
    CHECK(find_peaks({0, 1, 0, 2, 2, 2, 0, 5, 0}, 1) == std::vector<std::int64_t>{1, 4, 7});
    CHECK(find_peaks({0, 1, 0, 2, 2, 2, 0, 5, 0}, 4) == std::vector<std::int64_t>{1, 7});

    const MicrostateStatistics told = microstate_statistics({0, 0, 1, 1, 1, 0, 2, 2}, 4, 4);
    CHECK(told.coverage == std::vector<double>{0.375, 0.375, 0.25, 0});
    CHECK(told.duration_s == std::vector<double>{0.375, 0.75, 0.5, 0});
    CHECK(told.occurrence_hz == std::vector<double>{1, 0.5, 0.5, 0});
    CHECK(told.transitions(0, 1) == 0.5);
    CHECK(told.transitions(1, 0) == 1);
    CHECK(told.transitions(2, 0) == 0);
  }
}

}  // namespace caton
