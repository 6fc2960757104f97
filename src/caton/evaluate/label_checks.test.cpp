// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/label_checks.hpp"

#include "caton/base/error.hpp"
#include "caton/base/random.hpp"
#include "golden_test.hpp"

#include <algorithm>
#include <cmath>

using namespace caton;

namespace {

struct Made {
  std::int64_t classes = 2, people = 3, trials = 120;
  double right = 0.7;         ///< share of answers that agree with the label
  std::int64_t swapped = -1;  ///< a person whose first two labels stand for each other
};

Answers answers(const Made& made) {
  Answers result{.pipeline = "lda", .plan = "cross-subject"};
  for (std::int64_t k = 0; k < made.classes; ++k) result.classes.push_back("class " + std::to_string(k));
  const std::int64_t count = made.people * made.trials;
  result.probability = Array<double, 2>({count, made.classes}, 0.0);
  RandomStream random(5, "label checks");
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t person = i / made.trials, truth = i / 2 % made.classes;
    const bool right = random.uniform() < made.right;
    const auto answer =
        right ? truth : (truth + 1 + static_cast<std::int64_t>(random.below(made.classes - 1))) % made.classes;
    for (std::int64_t k = 0; k < made.classes; ++k)
      result.probability(i, k) = k == answer ? 0.8 : 0.2 / static_cast<double>(made.classes - 1);
    result.fold.push_back(person);
    result.sample.push_back(i);
    result.study.emplace_back("s");
    result.subject.push_back("person " + std::to_string(person));
    result.session.emplace_back("1");
    result.trial.push_back(std::to_string(i / 2));
    result.label.push_back(person == made.swapped && truth < 2 ? 1 - truth : truth);
    result.predicted.push_back(answer);
  }
  return result;
}

}  // namespace

TEST_SUITE("evaluate") {
  TEST_CASE("label checks: nothing to say where labels are right, or where nothing is decoded") {
    CHECK(label_findings(answers({})).empty());
    CHECK(label_findings(answers({.right = 0.5})).empty());
    CHECK(label_findings(answers({.classes = 4, .right = 0.25})).empty());
    CHECK(label_findings(answers({.classes = 4, .right = 0.6})).empty());
    CHECK(label_findings(Answers{.classes = {"a", "b"}}).empty());
  }

  TEST_CASE("label checks: the person whose labels are swapped is named, the others are not") {
    const auto findings = label_findings(answers({.swapped = 1}));
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].code == "labels/swapped");
    CHECK(findings[0].where.find("person 1") != std::string::npos);
    CHECK(findings[0].what.find("swapped between groups") != std::string::npos);
  }

  TEST_CASE("label checks: a wrong table gives the order of classes that fits") {
    auto wrong = answers({.classes = 3, .people = 1, .right = 0.9});
    for (auto& label : wrong.label) label = label == 0 ? 0 : 3 - label;
    const auto findings = label_findings(wrong);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].code == "labels/table");
    CHECK(findings[0].what.find("\"class 1\" answers to \"class 2\"") != std::string::npos);
    CHECK(findings[0].what.find("\"class 0\"") == std::string::npos);
  }

  TEST_CASE("one decision a trial: mean log probabilities, and what cannot be decided is refused") {
    const std::vector<double> values{0.9, 0.1, 0.4, 0.6, 0.2, 0.8};
    const View<const double, 2> p(values.data(), {3, 2});
    const Decided one = decided({7, 7, 3}, p);
    CHECK(one.first == std::vector<std::int64_t>{0, 2});
    const double a = std::sqrt(0.9 * 0.4), b = std::sqrt(0.1 * 0.6);
    CHECK(one.probability(0, 0) == doctest::Approx(a / (a + b)));
    CHECK(one.probability(1, 1) == doctest::Approx(0.8));
    const auto all = answers({.right = 0.65});
    const auto trials = decided_by_trial(all);
    CHECK(trials.size() == all.size() / 2);
    auto mixed = all;
    mixed.label[0] = 1 - mixed.label[1];
    CHECK_THROWS_AS((void)decided_by_trial(mixed), Error);
    mixed = all;
    mixed.trial[4] = "";
    CHECK_THROWS_AS((void)decided_by_trial(mixed), Error);
  }
}
