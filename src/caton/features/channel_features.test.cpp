// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/aperiodic.hpp"
#include "caton/features/entropies.hpp"
#include "caton/features/fractal.hpp"
#include "caton/features/hjorth.hpp"
#include "caton/features/lempel_ziv.hpp"
#include "caton/features/moments.hpp"
#include "caton/features/template_entropies.hpp"
#include "caton/features/template_matches.hpp"
#include "signal_test.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace caton {

using testing::error_of;
using testing::noise;
using testing::says;
using testing::sine;

namespace {

/// The definition, pair by pair.
std::vector<std::int64_t> matches_by_definition(const std::vector<double>& x, std::int64_t templates,
                                                const TemplateMatch& match) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(templates), 0);
  for (std::int64_t i = 0; i < templates; ++i) {
    for (std::int64_t j = 0; j < templates; ++j) {
      double farthest = 0;
      for (std::int64_t k = 0; k < match.length; ++k)
        farthest =
            std::max(farthest, std::abs(x[static_cast<std::size_t>(i + k)] - x[static_cast<std::size_t>(j + k)]));
      const bool alike = match.closed ? farthest <= match.tolerance : farthest < match.tolerance;
      counts[static_cast<std::size_t>(i)] += alike ? 1 : 0;
    }
  }
  return counts;
}

/// Lempel and Ziv's history by searching each phrase in what came before.
std::int64_t phrases_by_definition(const std::string& text) {
  std::int64_t phrases = 0;
  for (std::size_t begin = 0; begin < text.size(); ++phrases) {
    std::size_t length = 1;
    while (begin + length <= text.size() &&
           text.substr(0, begin + length - 1).find(text.substr(begin, length)) != std::string::npos)
      ++length;
    begin += length;
  }
  return phrases;
}

Matrix affine(const Matrix& x, double gain, double offset) {
  Matrix y(x);
  for (double& value : y) value = gain * value + offset;
  return y;
}

Matrix constant(double value) { return Matrix({1, 100}, value); }

}  // namespace

TEST_SUITE("features") {
  TEST_CASE("channel features: golden cases") {
    for (const char* const name : {"features", "ar-aperiodic"})
      testing::replay_case(std::string("signal-toolbox/") + name);
  }

  TEST_CASE("hjorth: a sine's mobility is its frequency, gain and offset do not matter") {
    const Matrix x = sine(4096, 4, 128);
    const auto of_sine = hjorth(x);
    CHECK(of_sine.activity[0] == doctest::Approx(0.5).epsilon(1e-3));
    CHECK(of_sine.mobility[0] == doctest::Approx(2 * std::sin(3.14159265358979 * 4 / 128)).epsilon(1e-3));
    CHECK(of_sine.complexity[0] == doctest::Approx(1).epsilon(1e-3));
    const Matrix y = noise(2, 500);
    const auto plain = hjorth(y), moved = hjorth(affine(y, -3e-6, 7e-6));
    CHECK(moved.mobility[1] == doctest::Approx(plain.mobility[1]).epsilon(1e-9));
    CHECK(moved.activity[1] == doctest::Approx(9e-12 * plain.activity[1]).epsilon(1e-9));
    CHECK(says(error_of([] { (void)hjorth(constant(3)); }), "flat"));
    CHECK(says(error_of([] { (void)hjorth(noise(1, 2)); }), "short"));
    CHECK(says(error_of([] { (void)hjorth(Matrix({0, 5})); }), "empty"));
  }

  TEST_CASE("features that stay defined for a flat channel keep their value, the others name it") {
    const Matrix flat = constant(2);
    CHECK(line_length(flat)[0] == 0);
    CHECK(permutation_entropy(flat)[0] == 0);
    CHECK(sample_entropy(flat)[0] == 0);
    CHECK(petrosian(flat)[0] == 1);
    for (const auto& call : std::vector<std::function<void()>>{
             [&] { (void)moments(flat); }, [&] { (void)katz(flat); }, [&] { (void)higuchi(flat); },
             [&] { (void)detrended_fluctuation(flat); }, [&] { (void)spectral_entropy(flat, {.rate_hz = 100}); }}) {
      const Error error = error_of(call);
      CHECK(says(error, "flat"));
      CHECK(says(error, "channel 0"));
    }
  }

  TEST_CASE("template matches: the same counts as the definition, ties, equal values and buckets at their limits") {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      const Matrix rows = noise(1, 400, 1, seed);
      std::vector<double> x(rows.begin(), rows.end());
      for (const bool coarse : {false, true}) {
        if (coarse)
          for (double& value : x) value = std::round(value * 4) / 4;  // many exact ties with the tolerance
        for (const double tolerance : {0.0, 0.25, 0.5, 1e-9, 100.0}) {
          for (const std::int64_t length : {1, 2, 3, 5}) {
            for (const bool closed : {false, true}) {
              CAPTURE(tolerance);
              CAPTURE(length);
              const TemplateMatch match{length, tolerance, closed};
              CHECK(count_matches(x, 396, match) == matches_by_definition(x, 396, match));
            }
          }
        }
      }
    }
    const std::vector<double> far{-std::numeric_limits<double>::max(), 0, std::numeric_limits<double>::max(), 0, 1, 2};
    CHECK(count_matches(far, 4, {2, 1.5, true}) == matches_by_definition(far, 4, {2, 1.5, true}));
  }

  TEST_CASE("sample entropy: nothing alike, nothing longer alike, and what an affine map leaves") {
    Matrix rising({1, 40}), pairs({1, 6});
    for (std::int64_t t = 0; t < 40; ++t) rising(0, t) = std::pow(2.0, static_cast<double>(t));
    CHECK(sample_entropy(rising, {.tolerance_v = 0.5})[0] == 0);
    const double values[] = {0, 10, 50, 0, 10, 90};
    for (std::int64_t t = 0; t < 6; ++t) pairs(0, t) = values[t];
    CHECK(std::isinf(sample_entropy(pairs, {.tolerance_v = 1})[0]));
    const Matrix x = noise(1, 700);
    CHECK(sample_entropy(affine(x, 2, 0))[0] == sample_entropy(x)[0]);
    CHECK(approximate_entropy(affine(x, 2, 0))[0] == approximate_entropy(x)[0]);
    CHECK(says(error_of([&] { (void)sample_entropy(x, {.order = 0}); }), "order"));
    CHECK(says(error_of([&] { (void)sample_entropy(x, {.tolerance_v = -1}); }), "tolerance"));
    CHECK(says(error_of([&] { (void)approximate_entropy(x.view().slice(1, 0, 3)); }), "short"));
  }

  TEST_CASE("lempel_ziv: the linear count is the exhaustive history's") {
    for (const std::string& text : {std::string("0001101001000101"), std::string("0"), std::string("01"),
                                    std::string("0000000"), std::string("0101010101"), std::string("10011100101")}) {
      std::vector<std::uint8_t> symbols;
      for (const char symbol : text) symbols.push_back(symbol == '1' ? 1 : 0);
      CAPTURE(text);
      CHECK(lempel_ziv_phrases(symbols) == phrases_by_definition(text));
    }
    RandomStream random(3, "binary text");
    for (int draw = 0; draw < 200; ++draw) {
      std::vector<std::uint8_t> symbols;
      std::string text;
      for (std::uint64_t i = 0, length = 1 + random.below(60); i < length; ++i) {
        symbols.push_back(random.below(draw % 2 == 0 ? 2 : 5) == 0 ? 1 : 0);
        text += symbols.back() == 1 ? '1' : '0';
      }
      CAPTURE(text);
      CHECK(lempel_ziv_phrases(symbols) == phrases_by_definition(text));
    }
  }

  TEST_CASE("entropies: a constant pattern has none, white noise nearly all") {
    Matrix rising({1, 50});
    for (std::int64_t t = 0; t < 50; ++t) rising(0, t) = static_cast<double>(t);
    CHECK(permutation_entropy(rising)[0] == 0);
    const Matrix white = noise(1, 20000);
    CHECK(permutation_entropy(white, {.normalize = true})[0] > 0.999);
    CHECK(spectral_entropy(white, {.rate_hz = 100, .method = EntropySpectrum::welch, .normalize = true})[0] > 0.99);
    CHECK(spectral_entropy(sine(512, 8, 128), {.rate_hz = 128})[0] < 1e-9);
    CHECK(svd_entropy(affine(white, 1e-200, 0))[0] == doctest::Approx(svd_entropy(white)[0]).epsilon(1e-9));
    CHECK(says(error_of([&] { (void)permutation_entropy(white, {.order = 21}); }), "order"));
    CHECK(says(error_of([&] { (void)svd_entropy(white, {.delay = 0}); }), "positive"));
    CHECK(says(error_of([&] { (void)permutation_entropy(rising, {.order = 5, .delay = 13}); }), "short"));
    CHECK(says(error_of([&] {
                 (void)spectral_entropy(rising,
                                        {.rate_hz = 9, .method = EntropySpectrum::welch, .segment_samples = 51});
               }),
               "short"));
  }

  TEST_CASE("fractal measures: straight lines, walks and noise") {
    Matrix rising({1, 600}), walk({1, 20000});
    const Matrix white = noise(1, 20000);
    for (std::int64_t t = 0; t < 600; ++t) rising(0, t) = static_cast<double>(t);
    for (std::int64_t t = 0; t < 20000; ++t) walk(0, t) = white(0, t) + (t > 0 ? walk(0, t - 1) : 0);
    CHECK(katz(rising)[0] == doctest::Approx(1));
    CHECK(petrosian(rising)[0] == doctest::Approx(1));
    CHECK(higuchi(walk)[0] == doctest::Approx(1.5).epsilon(0.05));
    CHECK(detrended_fluctuation(white)[0] == doctest::Approx(0.5).epsilon(0.1));
    CHECK(detrended_fluctuation(walk)[0] == doctest::Approx(1.5).epsilon(0.05));
    CHECK(says(error_of([&] { (void)higuchi(rising.view().slice(1, 0, 20)); }), "short"));
    CHECK(says(error_of([&] { (void)higuchi(rising, 1); }), "kmax"));
    CHECK(says(error_of([&] { (void)detrended_fluctuation(rising.view().slice(1, 0, 57)); }), "short"));
  }

  TEST_CASE("moments: signs of zeros, medians of even counts") {
    Matrix x({1, 4});
    x(0, 0) = -0.0, x(0, 1) = 0.0, x(0, 2) = 3, x(0, 3) = -5;
    const auto m = moments(x);
    CHECK(m.zero_crossings[0] == 2);
    CHECK(m.median[0] == 0);
    CHECK(m.mad[0] == 1.5);
    CHECK(m.mean[0] == -0.5);
    CHECK(m.peak_to_peak[0] == 8);
  }

  TEST_CASE("aperiodic fit and alpha: planted values come back") {
    std::vector<double> freqs;
    Matrix psd({2, 120});
    for (std::int64_t k = 0; k < 120; ++k) {
      const double hz = 0.5 * static_cast<double>(k);
      freqs.push_back(hz);
      psd(0, k) = k == 0 ? 1 : std::pow(10, -11 - 1.4 * std::log10(hz));
      psd(1, k) = psd(0, k) * (1 + 6 * std::exp(-(hz - 10.2) * (hz - 10.2)));
    }
    const auto plain = aperiodic_fit(psd.view().slice(0, 0, 1), freqs, {2, 40}, AperiodicMethod::ols);
    CHECK(plain.offset[0] == doctest::Approx(-11));
    CHECK(plain.exponent[0] == doctest::Approx(1.4));
    CHECK(plain.r_squared[0] == doctest::Approx(1));
    CHECK(std::abs(aperiodic_fit(psd, freqs, {2, 40}).exponent[1] - 1.4) < 0.1);
    const auto alpha = peak_alpha(psd, freqs);
    CHECK(std::isnan(alpha.peak_hz[0]));
    CHECK(std::isnan(alpha.prominence[0]));
    CHECK(alpha.peak_hz[1] == doctest::Approx(10.2).epsilon(0.01));
    const auto flattened = peak_alpha(psd, freqs, {.smooth_bins = 3, .remove_aperiodic = true});
    CHECK(std::abs(flattened.peak_hz[1] - 10.2) < std::abs(alpha.peak_hz[1] - 10.2));
    CHECK(says(error_of([&] { (void)aperiodic_fit(psd, freqs, {0, 40}); }), "positive"));
    CHECK(says(error_of([&] { (void)aperiodic_fit(psd, freqs, {10, 10.5}); }), "band"));
    CHECK(says(error_of([&] { (void)peak_alpha(psd, {1, 2}); }), "shape"));
  }
}

}  // namespace caton
