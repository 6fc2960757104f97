// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/pad.hpp"
#include "caton/signal/polyphase.hpp"
#include "signal_test.hpp"

#include <numeric>

namespace caton {

using testing::noise;

namespace {

/// Four samples before and after the values 1, 2, 4, 8.
std::vector<double> around(Pad pad) {
  const std::vector<double> x{1, 2, 4, 8};
  auto all = padded(View<const double, 1>(x.data(), {4}), 4, 4, pad);
  all.erase(all.begin() + 4, all.begin() + 8);
  return all;
}

}  // namespace

TEST_SUITE("signal") {
  TEST_CASE("pad: what stands beyond the ends, way by way") {
    using Values = std::vector<double>;
    CHECK(around(Pad::reflect) == Values{4, 8, 4, 2, 4, 2, 1, 2});
    CHECK(around(Pad::symmetric) == Values{8, 4, 2, 1, 8, 4, 2, 1});
    CHECK(around(Pad::wrap) == Values{1, 2, 4, 8, 1, 2, 4, 8});
    CHECK(around(Pad::linear_ramp) == Values{0, 0.25, 0.5, 0.75, 6, 4, 2, 0});
    CHECK(around(Pad::mean) == Values(8, 3.75));
    CHECK(around(Pad::median) == Values(8, 3));
    CHECK(around(Pad::maximum) == Values(8, 8));
    CHECK(around(Pad::minimum) == Values(8, 1));
    CHECK(around(Pad::smooth) == Values{-3, -2, -1, 0, 12, 16, 20, 24});
    CHECK(around(Pad::antisymmetric) == Values{-8, -4, -2, -1, -8, -4, -2, -1});
    CHECK(around(Pad::antireflect) == Values{-10, -6, -2, 0, 12, 14, 15, 16});
  }

  TEST_CASE("pad: one sample goes on as itself, whatever mirrors or extends it") {
    const double value = 3;
    const View<const double, 1> x(&value, {1});
    for (const Pad pad : {Pad::edge, Pad::reflect, Pad::symmetric, Pad::wrap, Pad::mean, Pad::median, Pad::maximum,
                          Pad::minimum, Pad::smooth, Pad::line, Pad::antireflect}) {
      CAPTURE(static_cast<int>(pad));
      CHECK(padded(x, 3, 2, pad) == std::vector<double>(6, 3));
    }
  }

  TEST_CASE("resample_poly: edges that go on straight keep a straight line; levels come back") {
    Matrix x({1, 60});
    for (std::int64_t t = 0; t < 60; ++t) x(0, t) = 5 - 0.25 * static_cast<double>(t);
    for (const Pad edge : {Pad::line, Pad::smooth, Pad::antireflect}) {
      const Matrix y = resample_poly(x, {.up = 3, .down = 2, .edge = edge});
      REQUIRE(y.extent(1) == 90);
      for (std::int64_t t = 0; t < 90; ++t)
        CHECK(y(0, t) == doctest::Approx(5 - 0.25 * static_cast<double>(t) * 2 / 3).epsilon(1e-3));
    }
    const Matrix z = noise(1, 80, 1e-3, 4);
    Matrix raised(z);
    for (double& value : raised) value += 100;
    for (const Pad edge : {Pad::mean, Pad::median, Pad::minimum, Pad::maximum}) {
      const Matrix low = resample_poly(z, {.up = 2, .down = 3, .edge = edge}),
                   high = resample_poly(raised, {.up = 2, .down = 3, .edge = edge});
      for (std::int64_t t = 0; t < low.extent(1); ++t) CHECK(high(0, t) - low(0, t) == doctest::Approx(100));
    }
  }
}

}  // namespace caton
