// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/autoregression.hpp"

#include "caton/features/burg_spectrum.hpp"
#include "caton/features/fft_features.hpp"
#include "caton/features/multivariate_burg.hpp"
#include "caton/features/pair_coherence.hpp"
#include "caton/features/trial_power.hpp"
#include "signal_test.hpp"

#include <numeric>

namespace caton {

using testing::error_of;
using testing::noise;
using testing::says;

namespace {

/// x_t = 0.5 x_{t-1} - 0.3 x_{t-2} + e_t in the first channel; the second follows the first one sample later.
Matrix follower(std::int64_t samples) {
  const Matrix e = noise(2, samples);
  Matrix x({2, samples});
  for (std::int64_t t = 2; t < samples; ++t) {
    x(0, t) = 0.5 * x(0, t - 1) - 0.3 * x(0, t - 2) + e(0, t);
    x(1, t) = 0.8 * x(0, t - 1) + e(1, t);
  }
  return x;
}

}  // namespace

TEST_SUITE("features") {
  TEST_CASE("autoregression: golden cases of the workbench") {
    for (const char* const name : {"burg-psd", "coherence-strength"})
      testing::replay_case(std::string("happyfeat/") + name);
  }

  TEST_CASE("autoregression: planted coefficients come back, in both signs") {
    const Matrix x = follower(20000);
    const auto burg_model = ar_burg(x, 2), yule_walker = ar_yule_walker(x, 2);
    CHECK(std::abs(burg_model.coefficients(0, 0) + 0.5) < 0.03);
    CHECK(std::abs(burg_model.coefficients(0, 1) - 0.3) < 0.03);
    CHECK(std::abs(burg_model.variance[0] - 1) < 0.05);
    CHECK(std::abs(yule_walker.coefficients(0, 0) - burg_model.coefficients(0, 0)) < 1e-3);
    const auto turned = burg({x.data(), 20000}, 2, false);
    CHECK(turned.ar[0] == -burg_model.coefficients(0, 0));
    CHECK(burg_model.reflection(0, 1) == burg_model.coefficients(0, 1));
    const auto both = multivariate_burg(x, 2);
    CHECK(std::abs(both.ar(0, 1, 0) - 0.8) < 0.03);
    CHECK(std::abs(both.ar(0, 0, 0) - 0.5) < 0.03);
    CHECK(std::abs(both.ar(0, 0, 1)) < 0.03);
  }

  TEST_CASE("autoregression: one channel of the multivariate recursion is Burg's") {
    const Matrix x = noise(1, 200);
    const auto many = multivariate_burg(x, 6);
    const auto one = burg({x.data(), 200}, 6);
    for (std::int64_t k = 0; k < 6; ++k)
      CHECK(many.ar(k, 0, 0) == doctest::Approx(one.ar[static_cast<std::size_t>(k)]).epsilon(1e-9));
  }

  TEST_CASE("autoregression: three channels at once agree with what the recursion minimises") {
    const Matrix x = noise(3, 400);
    const auto model = multivariate_burg(x, 2);
    const auto s = multivariate_ar_spectrum(model.ar, model.variance, 16);
    for (std::int64_t f = 0; f < s.extent(0); ++f) {
      for (std::int64_t c = 0; c < 3; ++c) {
        CHECK(s(f, c, c).real() > 0);
        CHECK(std::abs(s(f, c, (c + 1) % 3) - std::conj(s(f, (c + 1) % 3, c))) < 1e-9);
      }
    }
  }

  TEST_CASE("autoregression: the density integrates to the variance of the signal") {
    const Matrix x = follower(4000);
    const auto model = burg({x.data(), 4000}, 2);
    const auto density = ar_psd_grid(model.ar, 512, {model.variance, 100});
    const double power = std::accumulate(density.begin(), density.end(), 0.0) * 100 / 512;
    double variance = 0;
    for (std::int64_t t = 0; t < 4000; ++t) variance += x(0, t) * x(0, t) / 4000;
    CHECK(power == doctest::Approx(variance).epsilon(0.02));
    const auto same = ar_psd(Matrix(Signal(ar_burg(x, 2).coefficients.data(), {1, 2})), std::vector<double>{1}, 100,
                             std::vector<double>{25});
    CHECK(same(0, 0) ==
          doctest::Approx(2 * ar_psd_grid(burg({x.data(), 4000}, 2, false).ar, 4)[1] / 100).epsilon(1e-9));
  }

  TEST_CASE("autoregression: a pattern without error is predicted, zeros and mixtures are refused") {
    Matrix alternating({1, 20});
    for (std::int64_t t = 0; t < 20; ++t) alternating(0, t) = t % 2 == 0 ? 1 : -1;
    const auto model = ar_burg(alternating, 3);
    CHECK(model.coefficients(0, 0) == 1);
    CHECK(model.coefficients(0, 2) == 0);
    CHECK(model.variance[0] == 0);
    CHECK(says(error_of([] { (void)ar_burg(Matrix({1, 30}), 2); }), "flat"));
    CHECK(says(error_of([&] { (void)ar_burg(alternating, 20); }), "short"));
    CHECK(says(error_of([&] { (void)ar_yule_walker(alternating, 0); }), "order"));
    CHECK(says(error_of([&] { (void)burg({alternating.data(), 20}, 20); }), "order"));
    Matrix same({2, 50});
    const Matrix x = noise(1, 50);
    for (std::int64_t t = 0; t < 50; ++t) same(0, t) = x(0, t), same(1, t) = -2 * x(0, t);
    CHECK(says(error_of([&] { (void)multivariate_burg(same, 2); }), "rank"));
    CHECK(says(error_of([&] { (void)connectivity_burg(same, {.order = 2, .size = 8}); }), "rank"));
    CHECK(says(error_of([&] { (void)connectivity_burg(x, {.order = 2, .size = 8}); }), "channel"));
    CHECK(says(error_of([&] { (void)ar_psd_grid(std::vector<double>{1}, 8); }), "unstable"));
    CHECK(says(error_of([&] { (void)ar_psd_grid(std::vector<double>{1}, 1); }), "size"));
    CHECK(says(
        error_of([&] { (void)ar_psd(x.view().slice(1, 0, 2), std::vector<double>{1}, 100, std::vector<double>{50}); }),
        "Nyquist"));
  }

  TEST_CASE("coherence: scale does not matter, a copy in noise goes with its source, strength is a mean") {
    const Matrix x = follower(2000);
    Matrix louder(x);
    for (std::int64_t t = 0; t < 2000; ++t) louder(1, t) *= -7;
    const auto plain = connectivity_burg(x, {.order = 4, .size = 32}),
               scaled = connectivity_burg(louder, {.order = 4, .size = 32});
    const auto by_segments = connectivity_welch(x, {.length = 32, .overlap = 16, .size = 32});
    for (std::int64_t f = 1; f < 16; ++f) {
      CHECK(scaled(f, 0, 1) == doctest::Approx(plain(f, 0, 1)).epsilon(1e-9));
      CHECK(std::abs(by_segments(f, 0, 1) - plain(f, 0, 1)) < 0.15);
      CHECK(plain(f, 1, 0) == plain(f, 0, 1));
      CHECK(node_strength(plain)(f, 0) == doctest::Approx((1 + plain(f, 0, 1)) / 2));
      CHECK(node_strength(plain, false)(f, 1) == doctest::Approx(plain(f, 0, 1)));
    }
    CHECK(says(error_of([&] { (void)connectivity_welch(x, {.length = 2000, .overlap = 0, .size = 2000}); }), "short"));
    CHECK(says(error_of([&] { (void)connectivity_welch(x, {.length = 32, .overlap = 32, .size = 32}); }), "overlap"));
    CHECK(says(error_of([&] { (void)connectivity_welch(x, {.length = 32, .overlap = 0, .size = 16}); }), "size"));
    CHECK(says(error_of([&] { (void)strongest_connections(x, 0); }), "percent"));
  }

  TEST_CASE("happyfeat: the published number of blocks, and windows that do not fit") {
    const Matrix x = noise(2, 192);
    const View<const double, 3> epochs(x.data(), {1, 2, 192});
    const HappyfeatPsd options{.rate_hz = 128, .size = 64, .window = 64, .overlap = 32, .order = 5};
    CHECK(happyfeat_burg_psd(epochs, options).time_frequency.extent(2) == 4);
    const auto word = [&](HappyfeatPsd changed, const std::string& expected) {
      return says(error_of([&] { (void)happyfeat_burg_psd(epochs, changed); }), expected);
    };
    CHECK(word({128, 64, 200, 32, 5}, "short"));
    CHECK(word({128, 64, 64, 64, 5}, "overlap"));
    CHECK(word({128, 64, 64, 32, 63}, "order"));
    CHECK(word({128, 1, 64, 32, 5}, "size"));
    CHECK(word({0, 64, 64, 32, 5}, "positive"));
  }

  TEST_CASE("trial power: an unfinished trial is left out; a baseline against itself is no change") {
    const Matrix rows = noise(11, 6);
    const TrialWindows options{.trial_s = 1, .window_s = 0.25, .shift_s = 0.25, .channels = 2, .bins = 3};
    CHECK(windows_in_trial(options) == 4);
    CHECK(windows_in_trial({}) == 18);
    const auto trials = windows_to_trials(rows, options);
    CHECK(trials.power.extent(0) == 2);
    CHECK(trials.time_frequency(1, 1, 2, 0) == rows(6, 3));
    CHECK(trials.power(0, 0, 1) == doctest::Approx((rows(0, 1) + rows(1, 1) + rows(2, 1) + rows(3, 1)) / 4));
    const Array<double, 4> even({3, 2, 4, 5}, 2.0);
    for (const double value : erd_percent_map(even, Array<double, 3>({7, 2, 5}, 1.0))) CHECK(value == 100);
    CHECK(says(error_of([&] { (void)erd_percent_map(even, Array<double, 3>({7, 2, 5})); }), "flat"));
    CHECK(says(error_of([&] { (void)windows_to_trials(rows, {1, 0.25, 0.25, 2, 4}); }), "shape"));
    CHECK(says(error_of([&] { (void)windows_to_trials(rows, {1, 1.25, 0.25, 2, 3}); }), "window"));
    CHECK(says(error_of([&] { (void)windows_to_trials(rows.view().slice(0, 0, 3), options); }), "short"));
  }

  TEST_CASE("fft_features: a gain adds its logarithm; a cell without a bin is refused") {
    const Matrix x = noise(2, 256);
    Matrix louder(x);
    for (double& value : louder) value *= 10;
    const auto plain = fft_features(x, {.rate_hz = 128}), scaled = fft_features(louder, {.rate_hz = 128});
    CHECK(plain.extent(1) == 44);
    CHECK(scaled(1, 20) - plain(1, 20) == doctest::Approx(std::log(10.0)).epsilon(1e-6));
    CHECK(says(error_of([&] { (void)fft_features(x.view().slice(1, 0, 100), {.rate_hz = 128}); }), "short"));
    CHECK(says(error_of([&] { (void)fft_features(x, {.rate_hz = 80}); }), "Nyquist"));
    CHECK(says(error_of([&] { (void)fft_features(x, {.rate_hz = 128, .low_hz = 9, .high_hz = 9}); }), "band"));
  }
}

}  // namespace caton
