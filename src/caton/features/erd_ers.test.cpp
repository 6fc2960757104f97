// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/erd_ers.hpp"

#include "signal_test.hpp"

#include <numbers>

namespace caton {

using testing::error_of;
using testing::noise;
using testing::says;

TEST_SUITE("features") {
  TEST_CASE("erd_ers: power that halves is -50 percent, whatever the gain") {
    for (const double gain : {1.0, 1e-6}) {
      Array<double, 3> epochs({5, 1, 600}, 0.0);
      for (std::int64_t e = 0; e < 5; ++e) {
        for (std::int64_t t = 0; t < 600; ++t) {
          const double amplitude = t < 300 ? 1 : std::sqrt(0.5);
          epochs(e, 0, t) =
              gain * amplitude *
              std::sin(2 * std::numbers::pi * (10 * static_cast<double>(t) / 100 + static_cast<double>(e) / 5));
        }
      }
      const Matrix erd =
          erd_ers(epochs, {.rate_hz = 100, .start_s = -3, .reference = {.begin_s = -2, .end_s = -1}, .band = {8, 12}});
      CHECK(std::abs(erd(0, 150)) < 0.1);
      CHECK(erd(0, 450) == doctest::Approx(-50).epsilon(0.002));
    }
  }

  TEST_CASE("erd_ers: refuses what cannot be") {
    const Array<double, 3> x = Tensor::of(noise(2, 300)).reshaped({2, 1, 300}).array<3>();
    const auto word = [](const Array<double, 3>& epochs, const ErdErs& options, const std::string& expected) {
      return says(error_of([&] { (void)erd_ers(epochs, options); }), expected);
    };
    CHECK(word(x, {.rate_hz = 100, .reference = {.begin_s = 4}, .band = {8, 12}}, "reference"));
    CHECK(word(x, {.rate_hz = 100, .band = {12, 8}}, "band"));
    CHECK(word(x, {.rate_hz = 100, .band = {8, 50}}, "Nyquist"));
    CHECK(word(Array<double, 3>({2, 1, 20}, 1.0), {.rate_hz = 100, .band = {8, 12}}, "short"));
    CHECK(word(Array<double, 3>({2, 1, 300}, 0.0), {.rate_hz = 100, .band = {8, 12}}, "flat"));
  }
}

}  // namespace caton
