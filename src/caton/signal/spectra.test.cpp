// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/dpss.hpp"
#include "caton/signal/reference.hpp"
#include "caton/signal/resample.hpp"
#include "caton/signal/welch.hpp"
#include "caton/signal/window_function.hpp"
#include "caton/signal/windows.hpp"
#include "signal_test.hpp"

#include <numeric>

namespace caton {

using testing::combined;
using testing::error_of;
using testing::largest_difference;
using testing::noise;
using testing::says;
using testing::sine;

TEST_SUITE("signal") {
  TEST_CASE("welch: the density adds up to the variance (Parseval), a tone stands at its frequency") {
    for (const std::int64_t samples : {200, 201, 256, 331}) {
      const Matrix x = noise(2, samples);
      const auto spectrum = welch(x, {.rate_hz = 100, .fft_samples = samples, .window = "boxcar"});
      double mean = 0, variance = 0, power = 0;
      for (std::int64_t t = 0; t < samples; ++t) mean += x(1, t) / static_cast<double>(samples);
      for (std::int64_t t = 0; t < samples; ++t)
        variance += (x(1, t) - mean) * (x(1, t) - mean) / static_cast<double>(samples);
      for (std::int64_t k = 0; k < spectrum.psd.extent(1); ++k) power += spectrum.psd(1, k) * spectrum.freqs_hz[1];
      CHECK(power == doctest::Approx(variance).epsilon(1e-12));
    }
    const auto tone = welch(sine(4000, 10, 200), {.rate_hz = 200, .fft_samples = 400, .overlap_samples = 200});
    const double* const first = tone.psd.data();
    CHECK(tone.freqs_hz[static_cast<std::size_t>(std::max_element(first, first + tone.psd.extent(1)) - first)] ==
          doctest::Approx(10));
  }

  TEST_CASE("welch: what is taken from a segment does not matter to what is left") {
    const Matrix x = noise(1, 300);
    Matrix raised(x), tilted(x);
    for (std::int64_t t = 0; t < 300; ++t) {
      raised(0, t) += 7;
      tilted(0, t) += 0.3 * static_cast<double>(t) - 4;
    }
    const auto psd = [](const Matrix& signal, std::optional<Trend> detrend) {
      return welch(signal, {.rate_hz = 100, .fft_samples = 50, .overlap_samples = 10, .detrend = detrend}).psd;
    };
    CHECK(largest_difference(psd(x, Trend::constant), psd(raised, Trend::constant)) < 1e-12);
    CHECK(largest_difference(psd(x, Trend::constant), psd(tilted, Trend::constant)) > 1e-3);
    CHECK(largest_difference(psd(x, Trend::linear), psd(tilted, Trend::linear)) < 1e-12);
    CHECK(psd(raised, std::nullopt)(0, 0) > 100 * psd(raised, Trend::constant)(0, 0));
  }

  TEST_CASE("welch_psd: detrend by SciPy's names, false among them") {
    const Tensors in{{"x", Tensor::of(noise(2, 200))}};
    const auto psd = [&](Json detrend) {
      return run_operation("welch_psd", Json::object({{"length", 50}, {"detrend", std::move(detrend)}}), in)
          .at("psd")
          .doubles();
    };
    CHECK(psd(false) == psd("none"));
    CHECK(psd("constant") == psd(Json{}));
    CHECK(psd("linear") != psd("constant"));
    CHECK(psd("none") != psd("constant"));
    CHECK(says(error_of([&] { (void)psd("cubic"); }), "detrend"));
    CHECK(says(error_of([&] { (void)psd(true); }), "detrend"));
  }

  TEST_CASE("welch: refuses what cannot be") {
    const Matrix x = noise(1, 300);
    const auto word = [&](Welch options, const std::string& expected) {
      options.rate_hz = 100;
      return says(error_of([&] { (void)welch(x, options); }), expected);
    };
    CHECK(word({.fft_samples = 301}, "short"));
    CHECK(word({.fft_samples = 100, .overlap_samples = 100}, "overlap"));
    CHECK(word({.low_hz = 60}, "band"));
    CHECK(word({.window = "hanning"}, "unknown"));
    CHECK(word({.fft_samples = 0}, "positive"));
  }

  TEST_CASE("dpss: orthonormal, concentrated, the first without a change of sign") {
    const Dpss tapers = dpss(301, 3, 5, false);
    for (std::int64_t i = 0; i < 5; ++i) {
      for (std::int64_t j = 0; j <= i; ++j) {
        const double dot =
            std::inner_product(tapers.tapers[i].data(), tapers.tapers[i].data() + 301, tapers.tapers[j].data(), 0.0);
        CHECK(std::abs(dot - (i == j ? 1 : 0)) < 1e-10);
      }
      CHECK(tapers.ratios[static_cast<std::size_t>(i)] > (i < 4 ? 0.99 : 0.9));
    }
    for (std::int64_t t = 0; t < 301; ++t) CHECK(tapers.tapers(0, t) > 0);
  }

  TEST_CASE("window functions: periodic ones are the longer symmetric ones without their last value") {
    for (const char* const name : {"boxcar", "triang", "bartlett", "cosine", "hann", "hamming", "blackman", "nuttall",
                                   "blackmanharris", "flattop"}) {
      const auto periodic = window_function(name, 16, true);
      auto symmetric = window_function(name, 17, false);
      for (std::size_t i = 0; i < 8; ++i) CHECK(symmetric[i] == doctest::Approx(symmetric[16 - i]).epsilon(1e-12));
      symmetric.pop_back();
      CHECK(periodic == symmetric);
    }
  }

  TEST_CASE("resample_fft: a tone stays a tone, there and back changes nothing, linear") {
    const Matrix x = sine(1000, 7, 250), y = resample_fft(x, {.up = 2, .down = 5, .pad_samples = 0});
    REQUIRE(y.extent(1) == 400);
    CHECK(largest_difference(y, sine(400, 7, 100)) < 1e-12);
    const Matrix smooth = resample_fft(noise(2, 512), {.up = 1, .down = 2, .pad_samples = 0});
    const Matrix up = resample_fft(smooth, {.up = 3, .down = 1, .pad_samples = 0});
    CHECK(largest_difference(resample_fft(up, {.up = 1, .down = 3, .pad_samples = 0}), smooth) < 1e-12);
    const Matrix a = noise(2, 301), b = noise(2, 301, 1, 3);
    const FftResample options{.up = 128, .down = 250};
    CHECK(largest_difference(resample_fft(combined(a, b), options),
                             combined(resample_fft(a, options), resample_fft(b, options))) < 1e-12);
    CHECK(resample_fft(noise(1, 1), {.up = 3, .down = 1}).extent(1) == 3);
  }

  TEST_CASE("reference: the average leaves no mean, twice is once; linked and bipolar subtract what they say") {
    const Matrix x = noise(5, 9000);
    const auto average = average_reference(x);
    for (std::int64_t t = 0; t < 9000; t += 997) {
      double sum = 0;
      for (std::int64_t c = 0; c < 5; ++c) sum += average.y(c, t);
      CHECK(std::abs(sum) < 1e-13);
    }
    CHECK(largest_difference(average_reference(average.y).y, average.y) < 1e-14);
    const auto linked = channel_reference(x, {1, 3});
    CHECK(linked.y(0, 4100) == x(0, 4100) - (x(1, 4100) + x(3, 4100)) / 2);
    const auto pairs = bipolar_reference(x, {{0, 1}, {4, 0}});
    CHECK(pairs(1, 17) == x(4, 17) - x(0, 17));
    CHECK(says(error_of([&] { (void)bipolar_reference(x, {{0, 5}}); }), "channel"));
    CHECK(says(error_of([&] { (void)average_reference(x, {0, 1, 2, 3, 4}); }), "channel"));
  }

  TEST_CASE("reference: rest does not depend on the reference before") {
    const Matrix x = noise(6, 50), gain = noise(6, 40, 1, 5);
    const auto once = rest_reference(x, gain), after = rest_reference(channel_reference(x, {2}).y, gain);
    CHECK(largest_difference(once.y, after.y) < 1e-10);
  }

  TEST_CASE("window: every begin fits, the tail is kept when asked for") {
    const auto windows = window(1001, {.rate_hz = 100, .length_s = 2, .step_s = 0.5, .keep_tail = true});
    CHECK(windows.length == 200);
    CHECK(windows.begin.back() == 801);
    CHECK(windows.begin.size() == 18);
    CHECK(window(1000, {.rate_hz = 100, .length_s = 2, .step_s = 0.5, .keep_tail = true}).begin.size() == 17);
    CHECK(says(error_of([] { (void)window(199, {.rate_hz = 100, .length_s = 2, .step_s = 1}); }), "short"));
    CHECK(says(error_of([] { (void)window(500, {.rate_hz = 100, .length_s = 2, .step_s = 1e-9}); }), "positive"));
  }
}

}  // namespace caton
