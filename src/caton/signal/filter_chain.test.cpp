// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/filter_chain.hpp"

#include "caton/signal/fir.hpp"
#include "caton/signal/notch.hpp"
#include "caton/signal/reference.hpp"
#include "signal_test.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

namespace caton {

namespace {

constexpr double rate_hz = 256;

FilterChain usual_chain() {
  return {.filters = {fir_design({.rate_hz = rate_hz, .low_hz = 1, .high_hz = 40}),
                      notch_filter({.rate_hz = rate_hz, .freqs_hz = {50}})},
          .resample = FftResample{.up = 100, .down = rate_hz},
          .average_reference = true};
}

Matrix one_after_the_other(Signal x, const FilterChain& chain) {
  Matrix y(x);
  for (const auto& h : chain.filters) y = fir_apply(y, h);
  if (chain.resample) y = resample_fft(y, *chain.resample);
  return chain.average_reference ? average_reference(y).y : y;
}

double largest(const Matrix& x) {
  double result = 0;
  for (const double value : x) result = std::max(result, std::abs(value));
  return result;
}

Array<float, 2> as_float(const Matrix& x) {
  Array<float, 2> y(x.extents(), uninitialised);
  std::transform(x.begin(), x.end(), y.begin(), [](double value) { return static_cast<float>(value); });
  return y;
}

Matrix as_double(const Array<float, 2>& x) {
  Matrix y(x.extents(), uninitialised);
  std::copy(x.begin(), x.end(), y.begin());
  return y;
}

}  // namespace

TEST_SUITE("signal") {
  TEST_CASE("filter_chain: equals its steps one after the other, at the ends too, for long and short signals") {
    for (const std::int64_t samples : {1, 2, 300, 1267, 1268, 1270, 4000, 40000}) {
      CAPTURE(samples);
      Matrix x = testing::noise(3, samples);
      for (std::int64_t t = 0; t < samples; ++t) x(1, t) += 100 + 0.01 * static_cast<double>(t);
      const FilterChain chain = usual_chain();
      const Matrix y = filter_chain(x.view(), chain), expected = one_after_the_other(x, chain);
      REQUIRE(y.extents() == expected.extents());
      CHECK(testing::largest_difference(y, expected) < 1e-12 * largest(x));
    }
  }

  TEST_CASE("filter_chain: float stays within 1e-5 of a channel's largest value") {
    const Matrix x = testing::noise(3, 30000);
    const FilterChain chain = usual_chain();
    const Matrix y = filter_chain(x.view(), chain);
    const Matrix f = as_double(filter_chain(as_float(x).view(), chain));
    CHECK(testing::largest_difference(y, f) < 1e-5 * largest(y));
    CHECK(testing::largest_difference(y, f) > 0);
  }

  TEST_CASE("filter_chain: channels fetched one by one give the same bits; bad ones are named") {
    Matrix x = testing::noise(3, 5000);
    const FilterChain chain = usual_chain();
    const ChannelSource<double> source = [&](std::int64_t channel, std::span<double> samples) {
      std::copy(&x(channel, 0), &x(channel, 0) + x.extent(1), samples.begin());
    };
    const Matrix whole = filter_chain(x.view(), chain), fetched = filter_chain(x.extents(), source, chain);
    CHECK(std::equal(whole.begin(), whole.end(), fetched.begin(), fetched.end()));
    x(2, 77) = std::nan("");
    const std::string text = testing::error_of([&] { (void)filter_chain(x.extents(), source, chain); }).what();
    CHECK(text.find("channel 2 is not finite at sample 77") != std::string::npos);
    CHECK(std::string(testing::error_of([&] {
                        (void)filter_chain({0, 9}, source, chain);
                      }).what())
              .find("empty") != std::string::npos);
  }

  TEST_CASE("filter_chain: a channel does not depend on its neighbours, and NaN and odd taps are refused") {
    Matrix x = testing::noise(3, 5000);
    FilterChain chain = usual_chain();
    chain.average_reference = false;
    const Matrix y = filter_chain(x.view(), chain);
    const Matrix alone = filter_chain(x.view().slice(0, 1, 1), chain);
    for (std::int64_t t = 0; t < y.extent(1); ++t) CHECK(y(1, t) == alone(0, t));
    x(2, 77) = std::nan("");
    const auto text = [&](const auto& call) { return std::string(testing::error_of(call).what()); };
    CHECK(text([&] { (void)filter_chain(x.view(), chain); }).find("channel 2, sample 77") != std::string::npos);
    chain.filters = {{1, 2, 3}};
    CHECK(text([&] { (void)filter_chain(alone.view(), chain); }).find("odd") != std::string::npos);
  }
}

}  // namespace caton
