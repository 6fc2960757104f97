// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/comparisons.hpp"

#include "caton/measure/comparison.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace caton {

namespace {

/// Two classes, ten windows of each person; `right` of them are right.
Answers answers(const std::string& pipeline, const std::string& plan, const std::vector<int>& right) {
  Answers rows;
  rows.pipeline = pipeline;
  rows.plan = plan;
  rows.classes = {"a", "b"};
  for (std::size_t person = 0; person < right.size(); ++person) {
    for (int window = 0; window < 10; ++window) {
      rows.study.push_back("s");
      rows.subject.push_back("p" + std::to_string(person));
      rows.session.push_back("1");
      rows.trial.push_back(std::to_string(window / 2));
      rows.label.push_back(window % 2);
      rows.predicted.push_back(window < right[person] ? window % 2 : 1 - window % 2);
    }
  }
  return rows;
}

Json compared(const std::vector<int>& a, const std::vector<int>& b) {
  const Json all = comparisons({answers("A", "x", a), answers("B", "x", b)}, RandomStream(1, "t"));
  REQUIRE(all.size() == 1);
  return all.items()[0];
}

}  // namespace

TEST_SUITE("evaluate") {
  TEST_CASE("comparisons: all sign flips for few people, the difference in points, Holm over the run") {
    const Json one = compared({9, 8, 9, 7}, {5, 5, 6, 5});
    CHECK(one.at("difference_points").number() == doctest::Approx(30));
    CHECK(one.at("low").number() <= 30);
    CHECK(one.at("high").number() >= 30);
    CHECK(one.at("p").number() == doctest::Approx(2.0 / 16));
    CHECK(one.at("p_holm").number() == doctest::Approx(2.0 / 16));
    CHECK(one.at("n").integer() == 4);
    const Json three = comparisons({answers("A", "x", {9, 8, 9, 7}), answers("B", "x", {5, 5, 6, 5}),
                                    answers("C", "x", {5, 6, 5, 6}), answers("A", "y", {5, 6, 5, 6})},
                                   RandomStream(1, "t"));
    REQUIRE(three.size() == 3);
    CHECK(three.items()[0].at("p_holm").number() == doctest::Approx(6.0 / 16));
  }

  TEST_CASE("comparisons: drawn flips from 14 units, signed ranks from 20") {
    const std::vector<int> high(16, 8), low(16, 5);
    const Json drawn = compared(high, low);
    CHECK(drawn.at("test").text() == "drawn sign flips");
    CHECK(drawn.at("p").number() < 0.01);
    CHECK(drawn.dump() == compared(high, low).dump());
    std::vector<int> a, b;
    for (int i = 0; i < 22; ++i) {
      a.push_back(4 + i % 6);
      b.push_back(5 + (i * 7) % 5);
    }
    const Json ranks = compared(a, b);
    CHECK(ranks.at("test").text() == "Wilcoxon signed ranks");
    std::vector<double> first, second;
    for (int i = 0; i < 22; ++i) {
      first.push_back(a[static_cast<std::size_t>(i)] / 10.0);
      second.push_back(b[static_cast<std::size_t>(i)] / 10.0);
    }
    CHECK(ranks.at("p").number() == doctest::Approx(wilcoxon_signed_rank(first, second, {}).p));
  }

  TEST_CASE("comparisons: alike in every unit, one unit, other plans: no p, and nothing invented") {
    CHECK(compared({5, 6}, {5, 6}).at("p").is_null());
    const Json person = compared({8}, {4});
    CHECK(person.at("unit").text() == "trial");
    CHECK(person.at("n").integer() == 5);
    CHECK(comparisons({answers("A", "x", {5, 6}), answers("B", "y", {5, 6})}, RandomStream(1, "t")).size() == 0);
  }
}

}  // namespace caton
