// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/band_power.hpp"
#include "caton/features/differential_entropy.hpp"
#include "caton/features/tokens/trial_tokens.hpp"
#include "caton/signal/iir.hpp"
#include "caton/signal/iir_design.hpp"
#include "caton/signal/welch.hpp"
#include "own_cases.hpp"
#include "signal_test.hpp"

#include <numbers>

namespace caton {

using testing::error_of;
using testing::largest_difference;
using testing::noise;
using testing::says;

namespace {

template <class Values>
double largest_difference_of(const Values& a, const Values& b, double shift = 0) {
  REQUIRE(a.extents() == b.extents());
  double largest = 0;
  for (std::int64_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a.data()[i] - b.data()[i] + shift));
  return largest;
}

Matrix scaled(const Matrix& x, double gain, double offset = 0) {
  Matrix y(x);
  for (double& value : y) value = gain * value + offset;
  return y;
}

}  // namespace

TEST_SUITE("features") {
  TEST_CASE("features: golden cases") {
    for (const char* const name : {"signal-toolbox/differential-entropy", "rbtransformer/bde-filters",
                                   "rbtransformer/bde-baseline-length", "rbtransformer/tokens-dreamer",
                                   "rbtransformer/tokens-deap", "rbtransformer/tokens-seed", "rbtransformer/bad-input"})
      testing::replay_case(name);
  }

  TEST_CASE("features: own cases") {
    testing::replay_own_cases("signal-toolbox",
                              {"features", "ar-aperiodic", "differential-entropy", "feature-combinations"});
    testing::replay_own_cases("happyfeat", {"happyfeat", "lda"});
    testing::replay_own_cases("rbtransformer", {"rbt", "oversampling", "tokens"});
  }

  TEST_CASE("differential_entropy: base 2 may be a number or a text, other numbers are no base") {
    const Tensors in{{"x", Tensor::of(noise(2, 400))}};
    const auto de = [&](Json base) {
      return run_operation("differential_entropy", Json::object({{"rate_hz", 128}, {"base", std::move(base)}}), in)
          .at("de")
          .doubles();
    };
    CHECK(de(2) == de("2"));
    CHECK(de(2) != de("e"));
    CHECK(says(testing::error_of([&] { (void)de(10); }), "base"));
  }

  TEST_CASE("differential_entropy: a gain adds its logarithm, whatever the method") {
    const Matrix x = noise(7, 800);
    for (const EntropyMethod method : {EntropyMethod::bandpass, EntropyMethod::stft, EntropyMethod::none}) {
      DifferentialEntropy options{.rate_hz = 128, .method = method};
      const auto one = differential_entropy(x, options), micro = differential_entropy(scaled(x, 1e6), options);
      CHECK(largest_difference_of(micro.de, one.de, -std::log(1e6)) < 1e-10);
      options.base = EntropyBase::two;
      const auto bits = differential_entropy(x, options);
      CHECK(bits.de(0, 0, 0) == doctest::Approx(one.de(0, 0, 0) / std::numbers::ln2).epsilon(1e-12));
    }
  }

  TEST_CASE("differential_entropy: any windows of one filtered stretch, each channel by itself, same bits") {
    const Matrix x = noise(11, 1000);
    const DifferentialEntropy options{.rate_hz = 128, .length_s = 0.5, .step_s = 0.25};
    const auto all = differential_entropy(x, options);
    const std::vector<std::int64_t> begins{all.begin[9], all.begin[2]};
    const auto two = differential_entropy_at(x, begins, 64, options);
    const auto one = differential_entropy_at(x.view().slice(0, 10, 1), begins, 64, options);
    for (std::int64_t b = 0; b < 5; ++b) {
      CHECK(two(10, b, 0) == all.de(10, b, 9));
      CHECK(two(3, b, 1) == all.de(3, b, 2));
      CHECK(one(0, b, 0) == two(10, b, 0));
    }
  }

  TEST_CASE("differential_entropy: what it measures is the variance behind the zero-phase filter") {
    const Matrix x = noise(2, 900);
    const DifferentialEntropy options{.rate_hz = 128, .bands = {{8, 14}}, .order = 3};
    const auto de = differential_entropy(x, options).de;
    const Matrix sos = iir_design({.rate_hz = 128, .band = BandKind::bandpass, .order = 3, .cut_hz = {8, 14}});
    const Matrix y = iir_filtfilt(x, sos, iir_pad_samples(sos, 900, PadRule::scipy));
    double mean = 0, variance = 0;
    for (std::int64_t t = 128; t < 256; ++t) mean += y(1, t) / 128;
    for (std::int64_t t = 128; t < 256; ++t) variance += (y(1, t) - mean) * (y(1, t) - mean) / 128;
    CHECK(de(1, 0, 1) == doctest::Approx(0.5 * std::log(2 * std::numbers::pi * std::numbers::e * variance)));
  }

  TEST_CASE("differential_entropy: refuses what cannot be") {
    Matrix x = noise(3, 400);
    const auto word = [&](DifferentialEntropy options, const std::string& expected) {
      options.rate_hz = 128;
      return says(error_of([&] { (void)differential_entropy(x, options); }), expected);
    };
    CHECK(word({.bands = {{31, 64}}}, "Nyquist"));
    CHECK(word({.bands = {{8, 4}}}, "band"));
    CHECK(word({.bands = {}}, "empty"));
    CHECK(word({.bands = {{4.1, 4.2}}, .method = EntropyMethod::stft}, "band"));
    CHECK(word({.length_s = 4}, "short"));
    CHECK(word({.order = 101}, "order"));
    CHECK(says(error_of([&] {
                 (void)differential_entropy_at(x.view().slice(1, 0, 20), std::vector<std::int64_t>{0}, 10,
                                               {.rate_hz = 128});
               }),
               "short"));
    for (std::int64_t t = 0; t < 400; ++t) x(1, t) = 0.1;
    CHECK(word({}, "flat"));
    x(1, 7) = std::nan("");
    CHECK(word({}, "finite"));
  }

  TEST_CASE("band_power: parts add up to the whole, relative power has no unit") {
    const Matrix x = noise(2, 1200);
    const auto spectrum = welch(x, {.rate_hz = 100, .fft_samples = 200});
    const BandPower options{.bands = {{1, 10}, {10, 40}, {1, 40}}, .integral = Integral::trapezoid};
    const auto powers = band_power(spectrum.psd, spectrum.freqs_hz, options);
    CHECK(powers.power(1, 0) + powers.power(1, 1) == doctest::Approx(powers.power(1, 2)).epsilon(1e-12));
    const auto louder = band_power(scaled(spectrum.psd, 9), spectrum.freqs_hz, options);
    CHECK(louder.power(0, 0) == doctest::Approx(9 * powers.power(0, 0)));
    CHECK(louder.relative(0, 0) == doctest::Approx(powers.relative(0, 0)));
    CHECK(
        says(error_of([&] { (void)band_power(Matrix(spectrum.psd.extents()), spectrum.freqs_hz, options); }), "flat"));
  }

  TEST_CASE("tokens: z-scored windows do not see gain and offset; a window is the same alone and among others") {
    const Matrix x = noise(14, 1300, 40);
    TrialTokenOptions options;
    const auto tokens = rbt_trial_tokens(x, {}, options);
    CHECK(tokens.start.size() == 7);
    CHECK(largest_difference_of(tokens.tokens, rbt_trial_tokens(scaled(x, 3e-6, 5), {}, options).tokens) < 1e-6);
    const auto alone = rbt_trial_tokens(x.view().slice(1, tokens.start[3], 512), {}, options);
    CHECK(largest_difference(alone.tokens.view()[0], tokens.tokens.view()[3]) == 0);
    options.tokens.per_channel = true;
    const auto by_channel = rbt_trial_tokens(x, {}, options);
    const auto one = rbt_trial_tokens(x.view().slice(0, 5, 1), {}, options);
    CHECK(largest_difference(one.tokens.view()[2], by_channel.tokens.view()[2].slice(0, 5, 1)) == 0);
    options.tokens.settle = 200;
    CHECK(largest_difference_of(by_channel.tokens, rbt_trial_tokens(x, {}, options).tokens) > 1e-3);
  }

  TEST_CASE("tokens: the baseline's own tokens are taken away") {
    const Matrix x = noise(4, 700), baseline = noise(4, 7808, 1, 9);
    const auto with = rbt_trial_tokens(x, baseline.view(), TrialTokenOptions::for_dreamer());
    const auto without = rbt_trial_tokens(x, {}, TrialTokenOptions::for_seed());
    CHECK(with.tokens(1, 2, 3) == without.tokens(1, 2, 3) - with.baseline_tokens(2, 3));
    CHECK(with.baseline_mean.extent(1) == 128);
    CHECK(says(error_of([&] { (void)rbt_trial_tokens(x, {}, TrialTokenOptions::for_dreamer()); }), "baseline"));
    CHECK(says(error_of([&] {
                 (void)rbt_trial_tokens(x, baseline.view().slice(1, 0, 7807), TrialTokenOptions::for_dreamer());
               }),
               "short"));
  }

  TEST_CASE("tokens: constant channels are refused, or kept where the authors' value is finite") {
    Matrix x = noise(3, 600);
    for (std::int64_t t = 0; t < 600; ++t) x(1, t) = 2;
    TrialTokenOptions options;
    CHECK(says(error_of([&] { (void)rbt_trial_tokens(x, {}, options); }), "constant"));
    options.tokens.allow_flat = true;
    CHECK(std::isfinite(rbt_trial_tokens(x, {}, options).tokens(0, 1, 0)));
    options.tokens.per_channel = true;
    CHECK(says(error_of([&] { (void)rbt_trial_tokens(x, {}, options); }), "constant"));
    options.stride = 0;
    CHECK(says(error_of([&] { (void)rbt_trial_tokens(x, {}, options); }), "stride"));
    options.window = 0;
    CHECK(says(error_of([&] { (void)rbt_trial_tokens(x, {}, options); }), "window"));
  }

  TEST_CASE("tokens: the paper's bands differ from the code's; each is a name of the operation") {
    const Tensors in{{"x", Tensor::of(noise(2, 600))}};
    const auto paper = run_operation("rbt_trial_tokens", Json::object({{"bands_hz", "paper"}}), in).at("tokens");
    const auto code = run_operation("rbt_trial_tokens", Json::object({{"bands_hz", "code"}}), in).at("tokens");
    const auto standard = run_operation("rbt_trial_tokens", Json::object(), in).at("tokens");
    CHECK(code.doubles() == standard.doubles());
    CHECK(paper.doubles() != code.doubles());
  }
}

}  // namespace caton
