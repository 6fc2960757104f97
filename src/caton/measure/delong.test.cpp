// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/delong.hpp"

#include "golden_test.hpp"

#include "caton/base/error.hpp"

#include "caton/base/random.hpp"
#include "caton/measure/metrics.hpp"

#include <cmath>

using namespace caton;
using caton::testing::error_of;

namespace {

bool says(const Error& error, const char* word) { return std::string(error.what()).find(word) != std::string::npos; }

}  // namespace

namespace {

Array<double, 2> rows_of(std::int64_t methods, const std::vector<double>& values) {
  return Array<double, 2>(
      View<const double, 2>(values.data(), {methods, static_cast<std::int64_t>(values.size()) / methods}));
}

}  // namespace

TEST_SUITE("measure") {
  TEST_CASE("DeLong: areas as the rank statistic, half for ties") {
    const auto scores = rows_of(2, {1, 2, 3, 3, 4, 5, 5, 4, 3, 3, 2, 1});
    const std::vector<std::int64_t> positive{0, 0, 1, 0, 1, 1};
    const auto found = delong_areas(scores, positive);
    for (std::int64_t m = 0; m < 2; ++m) {
      const std::vector<double> row(scores.begin() + 6 * m, scores.begin() + 6 * m + 6);
      CHECK(found.area[static_cast<std::size_t>(m)] == doctest::Approx(auroc(row, positive).value));
    }
    CHECK(found.area[0] + found.area[1] == doctest::Approx(1));
    CHECK(found.covariance(0, 0) == doctest::Approx(found.covariance(1, 1)));
    CHECK(found.covariance(0, 1) == doctest::Approx(-found.covariance(0, 0)));
  }

  TEST_CASE("DeLong: the variance is that of areas drawn again and again") {
    constexpr int draws = 400;
    RandomStream random(3, "delong test");
    double sum = 0, squares = 0, told = 0;
    for (int d = 0; d < draws; ++d) {
      Array<double, 2> scores({1, 120}, uninitialised);
      std::vector<std::int64_t> positive;
      for (std::int64_t i = 0; i < 120; ++i) {
        positive.push_back(i % 3 == 0 ? 1 : 0);
        scores(0, i) = random.normal() + 0.8 * static_cast<double>(positive.back());
      }
      const auto found = delong_areas(scores, positive);
      sum += found.area[0];
      squares += found.area[0] * found.area[0];
      told += found.covariance(0, 0) / draws;
    }
    const double variance = squares / draws - sum / draws * sum / draws;
    CHECK(told / variance > 0.8);
    CHECK(told / variance < 1.25);
  }

  TEST_CASE("DeLong refuses other lengths and a missing class") {
    const auto scores = rows_of(1, {1, 2, 3});
    CHECK(says(error_of([&] { static_cast<void>(delong_areas(scores, std::vector<std::int64_t>{0, 1})); }), "length"));
    CHECK(says(error_of([&] {
                 static_cast<void>(delong_areas(scores, std::vector<std::int64_t>{0, 0, 1}));
               }),
               "class"));
  }
}
