// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/dataset_comparison.hpp"

#include "golden_test.hpp"

#include <cmath>

using namespace caton;
using namespace caton::testing;

namespace {

/// Ten windows of two classes for each person and session; `right` of them are right.
Answers answers(const std::string& study, const std::string& pipeline, const std::vector<int>& right) {
  Answers rows;
  rows.pipeline = pipeline;
  rows.plan = "cross-subject";
  rows.classes = {"a", "b", "c"};
  for (std::size_t person = 0; person < right.size(); ++person) {
    for (int window = 0; window < 10; ++window) {
      rows.fold.push_back(static_cast<std::int64_t>(person));
      rows.sample.push_back(static_cast<std::int64_t>(rows.sample.size()));
      rows.study.push_back(study);
      rows.subject.push_back("p" + std::to_string(person));
      rows.session.push_back(std::to_string(window % 2));
      rows.trial.push_back(std::to_string(window));
      rows.label.push_back(window % 3);
      rows.predicted.push_back(window < right[person] ? window % 3 : (window + 1) % 3);
    }
  }
  rows.probability = Array<double, 2>({rows.size(), 3});
  for (std::int64_t i = 0; i < rows.size(); ++i) rows.probability(i, rows.predicted[static_cast<std::size_t>(i)]) = 1;
  return rows;
}

RunFolder run_of(const std::string& study, const std::vector<Answers>& all, bool leaky = false) {
  RunFolder run;
  run.path = study;
  Json blocks = Json::list();
  for (const Answers& one : all)
    blocks.push(Json::object({{"pipeline", one.pipeline}, {"plan", one.plan}, {"leaky", leaky}}));
  run.metrics = Json::object({{"evaluations", blocks}});
  run.study = Json::object({{"name", study}, {"channels", Json::list_of(std::vector<std::string>{"Cz", "Pz"})}});
  run.predictions = answers_table(all);
  return run;
}

std::vector<RunFolder> two_runs(bool leaky = false) {
  return {run_of("one", {answers("one", "A", {9, 8, 9, 7}), answers("one", "B", {5, 6, 5, 5})}),
          run_of("two", {answers("two", "A", {8, 7, 9}), answers("two", "B", {6, 6, 5})}, leaky)};
}

bool says(const Error& error, const std::string& word) {
  return std::string(error.what()).find(word) != std::string::npos;
}

}  // namespace

TEST_SUITE("evaluate") {
  TEST_CASE("session scores: accuracy by person and session, MOABB's columns") {
    const Answers rows = answers("one", "A", {9, 4});
    const auto scores = session_scores(rows, SessionScoreKind::accuracy);
    REQUIRE(scores.size() == 4);
    CHECK(scores[0].subject == "p0");
    CHECK(scores[0].samples == 5);
    CHECK(scores[0].score == doctest::Approx(1.0));
    CHECK(scores[1].score == doctest::Approx(0.8));
    const Table table = moabb_table(run_of("one", {rows}), {});
    CHECK(table.header.front() == "score");
    REQUIRE(table.rows.size() == 4);
    CHECK(table.rows[1][table.column("channels", "t")] == "2");
    CHECK(table.rows[1][table.column("n_sessions", "t")] == "2");
    CHECK(table.rows[1][table.column("dataset", "t")] == "one");
    CHECK(says(error_of([&] { (void)session_scores(rows, SessionScoreKind::roc_auc); }), "classes"));
    CHECK(says(error_of([&] { (void)session_score_named("auc"); }), "roc-auc"));
  }

  TEST_CASE("compared data sets: effects, means and Stouffer's p, as meta_analysis says") {
    const auto compared = compare_datasets(two_runs(), "", {});
    CHECK(compared.plan == "cross-subject");
    CHECK_FALSE(compared.leaky);
    REQUIRE(compared.pairs.size() == 1);
    const PipelineComparison& pair = compared.pairs[0];
    CHECK(pair.first == "A");
    REQUIRE(pair.datasets.size() == 2);
    CHECK(pair.datasets[0].first == doctest::Approx(0.825));
    CHECK(pair.datasets[0].second == doctest::Approx(0.525));
    // Differences 0.4 0.2 0.4 0.2: mean 0.3, deviation 0.1155.
    CHECK(pair.datasets[0].effect == doctest::Approx(0.3 / std::sqrt(0.04 / 3)));
    CHECK(pair.datasets[0].p == doctest::Approx(1.0 / 16));
    CHECK(pair.datasets[0].low < pair.datasets[0].effect);
    CHECK(pair.combined_p < pair.datasets[0].p);
    CHECK(pair.combined_effect > 1);
    CHECK(compare_datasets(two_runs(true), "", {}).leaky);
  }

  TEST_CASE("compared data sets: what cannot be compared is refused") {
    auto runs = two_runs();
    CHECK(says(error_of([&] { (void)compare_datasets({}, "", {}); }), "one run"));
    CHECK(says(error_of([&] { (void)compare_datasets({runs[0], runs[0]}, "", {}); }), "second run"));
    CHECK(says(error_of([&] { (void)compare_datasets(runs, "k-fold", {}); }), "k-fold"));
    runs[1] = run_of("two", {answers("two", "A", {8, 7, 9}), answers("two", "C", {6, 6, 5})});
    CHECK(says(error_of([&] { (void)compare_datasets(runs, "", {}); }), "fewer than two pipelines"));
  }
}
