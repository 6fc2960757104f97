// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/random.hpp"
#include "caton/measure/area_interval.hpp"
#include "caton/measure/best_order.hpp"
#include "caton/measure/metrics.hpp"
#include "golden_test.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace caton;

namespace {

using Ids = std::vector<std::int64_t>;

/// DeLong's interval from all pairs, as its definition says.
AreaInterval by_pairs(const std::vector<double>& score, const Ids& positive) {
  std::vector<double> high, low;
  for (std::size_t i = 0; i < score.size(); ++i) (positive[i] != 0 ? high : low).push_back(score[i]);
  const auto kernel = [](double x, double y) { return x > y ? 1.0 : x == y ? 0.5 : 0.0; };
  std::vector<double> v10, v01;
  for (const double x : high) {
    double sum = 0;
    for (const double y : low) sum += kernel(x, y);
    v10.push_back(sum / static_cast<double>(low.size()));
  }
  for (const double y : low) {
    double sum = 0;
    for (const double x : high) sum += kernel(x, y);
    v01.push_back(sum / static_cast<double>(high.size()));
  }
  const double area = std::accumulate(v10.begin(), v10.end(), 0.0) / static_cast<double>(v10.size());
  const auto part = [&](const std::vector<double>& v) {
    double sum = 0;
    for (const double value : v) sum += (value - area) * (value - area);
    return sum / static_cast<double>(v.size() - 1) / static_cast<double>(v.size());
  };
  return {.value = area, .deviation = std::sqrt(part(v10) + part(v01)), .defined = true};
}

std::int64_t total(const Array<std::int64_t, 2>& counts, const Ids& order) {
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < order.size(); ++k) sum += counts(static_cast<std::int64_t>(k), order[k]);
  return sum;
}

}  // namespace

TEST_SUITE("measure") {
  TEST_CASE("area under the curve: value as the rank statistic, deviation as DeLong's definition, ties half") {
    RandomStream random(4, "areas");
    for (int round = 0; round < 20; ++round) {
      std::vector<double> score;
      Ids positive;
      for (int i = 0; i < 60; ++i) {
        positive.push_back(static_cast<std::int64_t>(random.below(2)));
        score.push_back(std::round(4 * (random.normal() + static_cast<double>(positive.back()))) / 4);
      }
      const auto found = area_interval(score, positive), wanted = by_pairs(score, positive);
      CHECK(found.value == doctest::Approx(auroc(score, positive).value));
      CHECK(found.deviation == doctest::Approx(wanted.deviation).epsilon(1e-12));
      CHECK(found.high - found.value == doctest::Approx(1.959964 * found.deviation).epsilon(1e-5));
    }
  }

  TEST_CASE("area under the curve: what has no interval, and what is refused") {
    const std::vector<double> score{1, 2, 3};
    CHECK_FALSE(area_interval(score, Ids{1, 0, 0}).defined);
    CHECK(area_interval(std::vector<double>{1, 2, 3, 4}, Ids{0, 0, 1, 1}).high == 1);
    CHECK_THROWS_AS((void)area_interval(score, Ids{1, 0}), Error);
    CHECK_THROWS_AS((void)area_interval(score, Ids{1, 0, 0}, 1.0), Error);
  }

  TEST_CASE("best order of classes: as good as the best of all orders, the given one on ties") {
    RandomStream random(4, "orders");
    for (int round = 0; round < 60; ++round) {
      const std::int64_t size = 1 + static_cast<std::int64_t>(random.below(6));
      Array<std::int64_t, 2> counts({size, size}, 0);
      for (auto& count : counts) count = static_cast<std::int64_t>(random.below(12));
      Ids order(static_cast<std::size_t>(size));
      std::iota(order.begin(), order.end(), 0);
      const std::int64_t given = total(counts, order);
      std::int64_t best = given;
      do best = std::max(best, total(counts, order));
      while (std::next_permutation(order.begin(), order.end()));
      const Ids found = best_order(counts.view());
      CHECK(total(counts, found) == best);
      if (best == given) CHECK(std::is_sorted(found.begin(), found.end()));
    }
    CHECK_THROWS_AS((void)best_order(Array<std::int64_t, 2>({2, 3}, 0).view()), Error);
  }
}
