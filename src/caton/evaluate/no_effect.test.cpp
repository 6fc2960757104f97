// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/no_effect.hpp"

#include "golden_test.hpp"

#include "caton/decode/decoder.hpp"
#include "caton/evaluate/audit.hpp"
#include "caton/measure/metrics.hpp"
#include "caton/measure/plan.hpp"
#include "caton/samples/neighbours.hpp"
#include "caton/samples/oversampling.hpp"

#include <algorithm>
#include <cmath>

using namespace caton;

namespace {

constexpr int seeds = 20;

struct Outcome {
  double score = 0;
  AuditReport report;
};

Json neighbours5() { return Json::object({{"name", "nearest-neighbours"}, {"neighbours", 5}}); }

Json pipeline(Json decoder, Json::List steps = {}) {
  return Json::object({{"steps", Json(std::move(steps))}, {"decoder", std::move(decoder)}});
}

Json step(const char* name) { return Json::object({{"name", name}}); }

std::vector<Fold> folds_of(const SampleSet& set, const PlanOptions& plan, std::uint64_t seed) {
  return make_folds(columns_of(set.origins, set.label), plan, RandomStream(seed, "no-effect folds"));
}

/// Balanced accuracy of all answers together, and the audit of what was done. `before` is what was learned before the
/// split.
Outcome evaluated(const SampleSet& set, const PlanOptions& plan, const Json& recipe, std::uint64_t seed,
                  const Claim& claim = {Unit::trial}, const FitRecord& before = {}) {
  const auto folds = folds_of(set, plan, seed);
  std::vector<FitRecord> records(folds.size(), before);
  std::vector<AuditFold> audited;
  std::vector<std::int64_t> label, predicted;
  for (std::size_t f = 0; f < folds.size(); ++f) {
    const auto decoder = make_pipeline(recipe);
    FitContext context{.random = RandomStream(seed, "no-effect fit", {f}), .record = &records[f]};
    decoder->fit(set.selected(folds[f].train), context);
    const auto answers = decoder->predict(set.selected(folds[f].test)).label;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      label.push_back(set.label[folds[f].test[i]]);
      predicted.push_back(answers[i]);
    }
    audited.push_back({.number = static_cast<std::int64_t>(f),
                       .train = folds[f].train,
                       .test = folds[f].test,
                       .record = &records[f]});
  }
  const auto metrics = evaluate_predictions(label, predicted, {}, 2);
  return {metrics.counted.balanced_accuracy.value, audit(set.origins, set.label, audited, claim, {})};
}

/// Mean over seeds inside three standard errors of the difference from the reference (mean and deviation of 20 seeds).
template <class Run>
void reproduces(double mean, double deviation, bool leaky, const Run& run) {
  double sum = 0;
  for (int seed = 0; seed < seeds; ++seed) {
    const Outcome outcome = run(static_cast<std::uint64_t>(seed));
    sum += outcome.score / seeds;
    const bool flagged = std::any_of(outcome.report.findings.begin(), outcome.report.findings.end(),
                                     [](const AuditFinding& finding) { return finding.severity != Severity::note; });
    CHECK(flagged == leaky);
  }
  CHECK_MESSAGE(std::abs(sum - mean) <= 3 * deviation * std::sqrt(2.0 / seeds), "mean " << sum << ", wanted " << mean);
}

RandomStream data(char letter, std::uint64_t seed) { return RandomStream(seed, std::string("no-effect/") + letter); }

const PlanOptions random_folds{.name = "random-windows"};
const PlanOptions stratified{.name = "stratified-k-fold", .shuffle = true};

}  // namespace

TEST_SUITE("evaluate") {
  TEST_CASE("no-effect/A: people in training and test") {
    const PlanOptions by_person{.name = "group-k-fold", .group = Unit::subject};
    const Json logistic = pipeline("logistic-regression", {step("standardise")});
    reproduces(0.920, 0.019, true, [&](auto seed) {
      return evaluated(no_effect_people(data('A', seed)), random_folds, pipeline(neighbours5()), seed);
    });
    reproduces(0.758, 0.041, true,
               [&](auto seed) { return evaluated(no_effect_people(data('A', seed)), random_folds, logistic, seed); });
    reproduces(0.460, 0.081, false, [&](auto seed) {
      return evaluated(no_effect_people(data('A', seed)), by_person, pipeline(neighbours5()), seed, {Unit::subject});
    });
    reproduces(0.472, 0.119, false, [&](auto seed) {
      return evaluated(no_effect_people(data('A', seed)), by_person, logistic, seed, {Unit::subject});
    });
  }

  TEST_CASE("no-effect/B: windows that overlap") {
    const PlanOptions by_trial{.name = "group-k-fold"};
    reproduces(0.910, 0.015, true, [&](auto seed) {
      return evaluated(no_effect_trials(data('B', seed), 64), random_folds, pipeline(neighbours5()), seed);
    });
    reproduces(0.485, 0.045, false, [&](auto seed) {
      return evaluated(no_effect_trials(data('B', seed), 64), by_trial, pipeline(neighbours5()), seed);
    });
    // White noise forgets at once, so that these windows of one trial do not help; origins alone cannot know that, and
    // the rule that keeps trials whole holds.
    reproduces(0.493, 0.048, true, [&](auto seed) {
      return evaluated(no_effect_trials(data('B', seed), 256), random_folds, pipeline(neighbours5()), seed);
    });
  }

  TEST_CASE("no-effect/C: samples made before the split") {
    reproduces(0.728, 0.026, true, [&](auto seed) {
      const SampleSet set = no_effect_minority(data('C', seed));
      const auto made = smote(as_double(set.flat()), set.label, {5, static_cast<std::int64_t>(seed)});
      return evaluated(with_made(set, made), stratified, pipeline(neighbours5()), seed);
    });
    reproduces(0.489, 0.042, false, [&](auto seed) {
      return evaluated(no_effect_minority(data('C', seed)), stratified, pipeline(neighbours5(), {step("smote")}), seed);
    });
  }

  TEST_CASE("no-effect/D: classes shown in blocks") {
    reproduces(0.789, 0.036, true, [&](auto seed) {
      return evaluated(no_effect_drift(data('D', seed), false), random_folds, pipeline(neighbours5()), seed);
    });
    reproduces(0.496, 0.027, false, [&](auto seed) {
      return evaluated(no_effect_drift(data('D', seed), true), random_folds, pipeline(neighbours5()), seed);
    });
  }

  TEST_CASE("no-effect/E: features chosen on all data") {
    const Json lda = Json::object({{"name", "shrinkage-lda"}, {"solver", "svd"}});
    const Json best = Json::object({{"name", "select-by-f"}, {"count", 20}});
    reproduces(0.883, 0.030, true, [&](auto seed) {
      const SampleSet set = no_effect_features(data('E', seed));
      FitRecord before;
      FitContext context{.random = RandomStream(seed, "all"), .record = &before};
      const auto transform = make_transform(best);
      transform->fit(set, context);
      return evaluated(transform->apply(set), stratified, pipeline(lda), seed, {Unit::trial}, before);
    });
    reproduces(0.499, 0.062, false, [&](auto seed) {
      return evaluated(no_effect_features(data('E', seed)), stratified, pipeline(lda, {best}), seed);
    });
  }

  TEST_CASE("no-effect/F and G: the best of many looks at the test set") {
    const auto mean_best = [](auto&& accuracies, int runs) {
      double best = 0, last = 0;
      for (int run = 0; run < runs; ++run) {
        const std::vector<double> all = accuracies(static_cast<std::uint64_t>(run));
        best += *std::max_element(all.begin(), all.end()) / runs;
        last += all.back() / runs;
      }
      return std::pair(best, last);
    };
    for (const auto& [tested, wanted] : {std::pair<int, double>{20, 0.691}, {40, 0.629}, {100, 0.585}, {400, 0.542}}) {
      CAPTURE(tested);
      const auto [best, last] =
          mean_best([tested = tested](auto seed) { return no_effect_epochs(data('F', seed), tested); }, 200);
      const double error = 0.5 / std::sqrt(tested * 200.0);
      CHECK(std::abs(best - wanted) < 4.5 * error);
      CHECK(std::abs(last - 0.5) < 4.5 * error);
    }
    for (const auto& [count, wanted] : {std::pair<int, double>{5, 0.558}, {10, 0.577}, {50, 0.613}}) {
      CAPTURE(count);
      const auto best =
          mean_best([count = count](auto seed) { return no_effect_seeds(data('G', seed), count); }, 2000).first;
      CHECK(std::abs(best - wanted) < 4.5 * 0.05 / std::sqrt(2000.0));
    }
    // The audit sees it by what the trainer recorded: the choice was scored on tested samples.
    const SampleSet set = no_effect_minority(data('F', 0));
    const auto folds = folds_of(set, stratified, 0);
    for (const bool on_test : {true, false}) {
      FitRecord record;
      FitRecord::Selection choice{"epoch", "37", {}};
      for (const auto i : on_test ? folds[0].test : folds[0].train) choice.scored_on.push_back(set.origins.id[i]);
      record.selections.push_back(choice);
      const auto report =
          audit(set.origins, set.label, {{.train = folds[0].train, .test = folds[0].test, .record = &record}},
                {Unit::trial}, {});
      CHECK((report.verdict == Verdict::leaks) == on_test);
    }
  }
}
