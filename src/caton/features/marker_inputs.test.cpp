// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// The recipe's inputs `samples` and `band-ratio`.
#include "caton/features/feature.hpp"
#include "signal_test.hpp"

#include <cmath>
#include <numbers>

namespace caton {

using testing::error_of;

namespace {

/// A sine of each frequency in its own channel, volts.
Matrix sines(const std::vector<double>& hz, double rate_hz, std::int64_t samples) {
  Matrix x({static_cast<std::int64_t>(hz.size()), samples}, 0.0);
  for (std::int64_t c = 0; c < x.extent(0); ++c)
    for (std::int64_t t = 0; t < samples; ++t)
      x(c, t) =
          1e-5 * std::sin(2 * std::numbers::pi * hz[static_cast<std::size_t>(c)] * static_cast<double>(t) / rate_hz);
  return x;
}

FeatureWindows measured(const Json& input, const Matrix& x, const std::vector<TrialStretch>& trials) {
  const FeatureChoice choice = feature_choice(input);
  FeatureRequest request;
  request.signal = x.view();
  request.rate_hz = 160;
  request.continuous = {{0, x.extent(1)}};
  request.trials = trials;
  return choice.entry->measure(request, choice.options);
}

}  // namespace

TEST_SUITE("features") {
  TEST_CASE("input samples: every moment of a trial in microvolts, far ones left out and told") {
    Matrix x({2, 100}, 4.2e-3);
    x(1, 30) += 600e-6;
    x(0, 95) -= 600e-6;
    const Json all = "samples", some = Json::object({{"name", "samples"}, {"reject_uv", 500}, {"every", 10}});
    const auto windows = measured(all, x, {{0, 20, 40}, {1, 40, 45}});
    REQUIRE(windows.begin.size() == 25);
    CHECK(windows.begin[24] == 44);
    CHECK(windows.end[24] == 45);
    CHECK(windows.values(10, 1, 0) == doctest::Approx(4800));
    CHECK(windows.findings.empty());
    const auto fewer = measured(some, x, {{0, 20, 41}});
    CHECK(fewer.begin == std::vector<std::int64_t>{20, 40});  // 30 is far from its channel's median
    REQUIRE(fewer.findings.size() == 1);
    CHECK(fewer.findings[0].what.find("1 samples") != std::string::npos);
    for (const char* const key : {"every", "reject_uv"})
      CHECK(error_of([&] {
              (void)measured(Json::object({{"name", "samples"}, {key, 0}}), x, {{0, 0, 9}});
            }).kind() == ErrorKind::usage);
  }

  TEST_CASE("input band-ratio: a sine within the band is all of it, one outside nothing, edges belong to the band") {
    const Matrix x = sines({10, 20, 13, 30}, 160, 320);
    const auto windows = measured("band-ratio", x, {{0, 0, 320}});
    REQUIRE(windows.begin.size() == 1);
    CHECK(windows.values(0, 0, 0) == doctest::Approx(1).epsilon(1e-6));
    CHECK(windows.values(0, 1, 0) < 1e-6);
    // A Hann window spreads a line over three bins, 1/6, 2/3 and 1/6 of its power: of 12, 13 and 14 Hz two count.
    CHECK(windows.values(0, 2, 0) == doctest::Approx(5.0 / 6).epsilon(1e-3));
    CHECK(feature_choice("band-ratio").entry->names(feature_choice("band-ratio").options).at(0) ==
          "alpha 8-13 Hz of 2-40 Hz");
    // A gain of the signal changes nothing.
    Matrix louder(x);
    for (double& value : louder) value *= 7;
    CHECK(measured("band-ratio", louder, {{0, 0, 320}}).values(0, 2, 0) ==
          doctest::Approx(windows.values(0, 2, 0)).epsilon(1e-6));
  }

  TEST_CASE("input band-ratio: bad bands and segments are refused, flat windows left out and told") {
    const Matrix x = sines({10}, 160, 320);
    const auto refused = [&](const char* key, const Json& value) {
      return error_of([&] {
               (void)measured(Json::object({{"name", "band-ratio"}, {key, value}}), x, {{0, 0, 320}});
             })
          .kind();
    };
    CHECK(refused("band_hz", Json(Json::List{8})) == ErrorKind::usage);
    CHECK(refused("segment_s", 0) == ErrorKind::usage);
    const auto flat = measured("band-ratio", Matrix({1, 320}, 0.0), {{0, 0, 320}});
    CHECK(flat.begin.empty());
    CHECK(flat.findings.size() == 1);
  }
}

}  // namespace caton
