// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/benchmark_rows.hpp"

#include "golden_test.hpp"

#include "caton/base/error.hpp"

#include "caton/measure/comparison.hpp"
#include "caton/measure/metrics.hpp"

#include <algorithm>

using namespace caton;
using caton::testing::error_of;

namespace {

bool says(const Error& error, const char* word) { return std::string(error.what()).find(word) != std::string::npos; }

/// People with `trials` trials of `windows` windows; the first `right` trials of each are right.
Answers answers(const std::string& pipeline, const std::vector<int>& right, int trials, int windows = 1) {
  Answers rows{.pipeline = pipeline, .plan = "x", .classes = {"a", "b"}};
  const auto count = static_cast<std::int64_t>(right.size()) * trials * windows;
  rows.probability = Array<double, 2>({count, 2}, uninitialised);
  std::int64_t row = 0;
  for (std::size_t person = 0; person < right.size(); ++person) {
    for (int trial = 0; trial < trials; ++trial) {
      for (int window = 0; window < windows; ++window, ++row) {
        const std::int64_t label = trial % 2;
        const bool hit = trial < right[person];
        rows.study.push_back("s");
        rows.subject.push_back("p" + std::to_string(person));
        rows.session.push_back("1");
        rows.trial.push_back(std::to_string(trial));
        rows.fold.push_back(0);
        rows.sample.push_back(row);
        rows.label.push_back(label);
        rows.predicted.push_back(hit ? label : 1 - label);
        rows.probability(row, 1) = (rows.predicted.back() == 1 ? 0.6 : 0.3) + 0.001 * static_cast<double>(row % 7);
        rows.probability(row, 0) = 1 - rows.probability(row, 1);
      }
    }
  }
  return rows;
}

std::vector<BenchmarkRow> rows_of(const std::vector<Answers>& all, SessionScoreKind kind) {
  return benchmark_rows(all, "R", kind, RandomStream(1, "t"));
}

}  // namespace

TEST_SUITE("evaluate") {
  TEST_CASE("benchmark: single trials by McNemar, people by sign flips, intervals around the figures") {
    const auto rows =
        rows_of({answers("R", {10, 12, 11}, 20), answers("A", {16, 18, 17}, 20)}, SessionScoreKind::accuracy);
    REQUIRE(rows.size() == 2);
    CHECK_FALSE(rows[0].difference);
    CHECK(rows[0].score == doctest::Approx(11.0 / 20));
    const auto& other = *rows[1].difference;
    CHECK(other.points == doctest::Approx(30));
    CHECK(other.test == "McNemar");
    CHECK(*other.p == doctest::Approx(2.0 / (1 << 18)));  // 18 trials differ, all for A
    CHECK(*other.p_people == doctest::Approx(2.0 / 8));
    CHECK(other.interval.low > 0);
    CHECK(other.interval.low < 30);
    CHECK(other.interval.high > 30);
    CHECK(rows[1].by_person.size() == 3);
    CHECK(rows[1].trials == 60);
  }

  TEST_CASE("benchmark: windows of a trial count as one") {
    const auto single = rows_of({answers("R", {10}, 20), answers("A", {16}, 20)}, SessionScoreKind::accuracy);
    const auto many = rows_of({answers("R", {10}, 20, 50), answers("A", {16}, 20, 50)}, SessionScoreKind::accuracy);
    CHECK(many[1].difference->test == "Wilcoxon over trials");
    CHECK(many[1].interval.low == single[1].interval.low);
    CHECK(*many[1].difference->p > 0.01);
    CHECK_FALSE(many[1].difference->p_people);
  }

  TEST_CASE("benchmark: areas are means over people; a pipeline against its copy differs by nothing") {
    const auto rows = rows_of({answers("R", {10, 14}, 20), answers("A", {18, 16}, 20), answers("B", {10, 14}, 20)},
                              SessionScoreKind::roc_auc);
    double mean = 0;
    const Answers one = answers("A", {18, 16}, 20);
    for (std::int64_t person = 0; person < 2; ++person) {
      std::vector<double> score;
      std::vector<std::int64_t> label;
      for (std::int64_t i = 20 * person; i < 20 * person + 20; ++i) {
        score.push_back(one.probability(i, 1));
        label.push_back(one.label[static_cast<std::size_t>(i)]);
      }
      mean += auroc(score, label).value / 2;
    }
    CHECK(rows[1].score == doctest::Approx(mean));
    CHECK(rows[1].interval.low < rows[1].score);
    CHECK(rows[1].difference->test == "DeLong");
    CHECK(rows[1].difference->p.has_value());
    CHECK(rows[2].difference->points == 0);
    CHECK_FALSE(rows[2].difference->p);
  }

  TEST_CASE("benchmark: Holm counts every row") {
    auto rows =
        rows_of({answers("R", {10}, 20), answers("A", {18}, 20), answers("B", {12}, 20)}, SessionScoreKind::accuracy);
    adjust_for_number(rows);
    CHECK(*rows[1].difference->p_holm == doctest::Approx(2 * *rows[1].difference->p));
    CHECK(*rows[2].difference->p_holm == doctest::Approx(*rows[2].difference->p));
  }

  TEST_CASE("benchmark: what cannot be compared is refused") {
    const auto refused = [](const std::vector<Answers>& all, const char* reference, SessionScoreKind kind) {
      return error_of([&] { static_cast<void>(benchmark_rows(all, reference, kind, RandomStream(1, "t"))); });
    };
    const std::vector<Answers> unequal{answers("R", {10}, 20), answers("A", {10}, 18)};
    CHECK(says(refused(unequal, "R", SessionScoreKind::accuracy), "other trials"));
    CHECK(says(refused(unequal, "R", SessionScoreKind::roc_auc), "same tested samples"));
    CHECK(says(refused(unequal, "Q", SessionScoreKind::accuracy), "Q"));
  }
}
