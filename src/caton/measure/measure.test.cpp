// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "signal_test.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/random.hpp"
#include "caton/base/ranks.hpp"
#include "caton/measure/chance.hpp"
#include "caton/measure/comparison.hpp"
#include "caton/measure/interval.hpp"
#include "caton/measure/metrics.hpp"
#include "caton/measure/multiple.hpp"
#include "caton/measure/plan.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace caton;

namespace {

using Ids = std::vector<std::int64_t>;

bool near(double a, double b) { return std::abs(a - b) <= 1e-12 * std::max(1e-300, std::abs(b)) + 1e-300; }

/// A study of `subjects` x 2 sessions x `trials` with three windows each, classes by trial.
Columns small_study(std::int64_t subjects, std::int64_t trials) {
  Columns columns;
  for (std::int64_t s = 0; s < subjects; ++s) {
    for (std::int64_t e = 0; e < 2; ++e) {
      for (std::int64_t t = 0; t < trials; ++t) {
        for (std::int64_t w = 0; w < 3; ++w) {
          columns.label.push_back((t / 2) % 2);
          columns.study.push_back(0);
          columns.subject.push_back(s);
          columns.session.push_back(e);
          columns.recording.push_back(2 * s + e);
          columns.trial.push_back(t);
          columns.begin.push_back(1000 * t + 100 * w);
          columns.end.push_back(1000 * t + 100 * w + 100);
        }
      }
    }
  }
  return columns;
}

std::set<std::int64_t> units_of(const Ids& unit, const Ids& samples) {
  std::set<std::int64_t> found;
  for (const auto i : samples) found.insert(unit[i]);
  return found;
}

}  // namespace

TEST_SUITE("measure") {
  TEST_CASE("measure: golden cases") {
    for (const char* const name : {"evaluation/metrics", "evaluation/intervals-chance", "evaluation/paired-tests",
                                   "evaluation/meta-analysis", "evaluation/split-plans", "rbtransformer/metrics"})
      testing::replay_whole_case(name);
  }

  TEST_CASE("distributions: values to 1e-12") {
    CHECK(near(normal_quantile(0.975), 1.959963984540054));
    CHECK(near(normal_quantile(1e-300), -37.0470962993612));
    CHECK(near(normal_sf(10), 7.61985302416052607e-24));
    CHECK(near(student_t_sf(2, 3), 0.069662984279421599));
    CHECK(near(student_t_sf(2, 1), 0.14758361765043327));
    CHECK(near(chi_square_sf(10, 4), 0.040427681994512805));
    CHECK(near(f_sf(4, 2, 10), 0.05292214940134466));
    CHECK(near(beta_cdf(0.5, 2, 3), 0.6875));
    CHECK(near(binomial_sf(19, 40, 0.5), 0.5626853438097896));
    CHECK(binomial_isf(0.05, 40, 0.5) == 25);
    CHECK(near(student_t_quantile(0.95, 1), 6.3137515146750367));
  }

  TEST_CASE("distributions: quantiles invert, tails add to one") {
    RandomStream random(1, "distributions");
    for (int i = 0; i < 200; ++i) {
      const double p = random.uniform(), a = 0.5 + 20 * random.uniform(), b = 0.5 + 20 * random.uniform();
      CHECK(std::abs(normal_cdf(normal_quantile(p)) - p) < 1e-14);
      CHECK(std::abs(beta_cdf(beta_quantile(p, a, b), a, b) - p) < 1e-12);
      CHECK(std::abs(beta_cdf(p, a, b) + beta_sf(p, a, b) - 1) < 1e-14);
      CHECK(std::abs(student_t_cdf(student_t_quantile(p, a), a) - p) < 1e-12);
      CHECK(std::abs(f_sf(a, 1, b) - 2 * student_t_sf(std::sqrt(a), b)) < 1e-13);
    }
    CHECK(testing::error_of([] { (void)normal_quantile(1.5); }).problem().find("probability") != std::string::npos);
  }

  TEST_CASE("metrics: the order of samples changes nothing, swapping classes swaps rows") {
    RandomStream random(2, "metrics");
    Ids labels, predicted;
    Array<double, 2> probability({60, 3});
    for (std::int64_t i = 0; i < 60; ++i) {
      labels.push_back(static_cast<std::int64_t>(random.below(3)));
      double sum = 0;
      for (std::int64_t k = 0; k < 3; ++k) sum += probability(i, k) = 0.1 + random.uniform();
      for (std::int64_t k = 0; k < 3; ++k) probability(i, k) /= sum;
      predicted.push_back(static_cast<std::int64_t>(random.below(3)));
    }
    const auto metrics = evaluate_predictions(labels, predicted, probability, 3);
    Ids back(labels.rbegin(), labels.rend()), answers(predicted.rbegin(), predicted.rend());
    Array<double, 2> reversed({60, 3});
    for (std::int64_t i = 0; i < 60; ++i) {
      for (std::int64_t k = 0; k < 3; ++k) reversed(59 - i, k) = probability(i, k);
    }
    const auto again = evaluate_predictions(back, answers, reversed, 3);
    for (const auto& name : metric_names())
      CHECK(metrics.named(name).value == doctest::Approx(again.named(name).value).epsilon(1e-13));
    CHECK(metrics.named("balanced-accuracy").value == metrics.counted.balanced_accuracy.value);
  }

  TEST_CASE("metrics: undefined is told with its reason") {
    const Ids one{0, 0, 0}, answers{0, 1, 0};
    const auto metrics = evaluate_predictions(one, one, {}, 2);
    CHECK(!metrics.counted.kappa.defined());
    CHECK(std::isnan(metrics.counted.kappa.value));
    CHECK(metrics.auroc.undefined.find("probabilities") != std::string::npos);
    CHECK(metrics.counted.absent == Ids{1});
    CHECK(evaluate_predictions(one, answers, {}, 2).counted.kappa.defined());
  }

  TEST_CASE("metrics: bad input is refused") {
    const Ids labels{0, 1}, predicted{0, 1};
    const auto word = [](auto&& body) { return testing::error_of(body).problem(); };
    Array<double, 2> p({2, 2}, 0.5);
    p(1, 0) = 0.6;
    CHECK(word([&] { (void)evaluate_predictions(labels, predicted, p, 2); }).find("sum") != std::string::npos);
    p(1, 0) = 1.5;
    p(1, 1) = -0.5;
    CHECK(word([&] { (void)evaluate_predictions(labels, predicted, p, 2); }).find("outside") != std::string::npos);
    CHECK(word([&] { (void)evaluate_predictions(labels, Ids{0}, {}, 2); }).find("length") != std::string::npos);
    CHECK(word([&] { (void)evaluate_predictions(labels, predicted, {}, 1); }).find("class") != std::string::npos);
    CHECK(word([&] { (void)evaluate_predictions(labels, predicted, {}, 2).named("f9"); }).find("f9") !=
          std::string::npos);
  }

  TEST_CASE("auroc: half for ties, complement under reversal") {
    const std::vector<double> score{0.1, 0.4, 0.4, 0.8, 0.9};
    const Ids positive{0, 1, 0, 1, 0};
    const double area = auroc(score, positive).value;
    CHECK(area == doctest::Approx(3.5 / 6));
    std::vector<double> negated(score);
    for (double& s : negated) s = -s;
    CHECK(auroc(negated, positive).value == doctest::Approx(1 - area));
    CHECK(!auroc(score, Ids{1, 1, 1, 1, 1}).defined());
  }

  TEST_CASE("bootstrap: interval holds the estimate, few units are refused, windows as units are too narrow") {
    const std::vector<double> hits{3, 8, 1, 7, 2, 8, 0, 6}, samples(8, 8);
    const auto accuracy = [&](std::span<const std::int32_t> times) {
      double right = 0, all = 0;
      for (std::size_t u = 0; u < times.size(); ++u) {
        right += times[u] * hits[u];
        all += times[u] * samples[u];
      }
      return right / all;
    };
    const auto result = bootstrap_units(8, accuracy, RandomStream(1, "bootstrap"));
    CHECK(result.estimate == doctest::Approx(35.0 / 64));
    CHECK(result.interval.low < result.estimate);
    CHECK(result.interval.high > result.estimate);
    CHECK(result.interval.high - result.interval.low > 2 * 1.96 * std::sqrt(0.25 / 64));
    const auto error = testing::error_of([&] { (void)bootstrap_units(1, accuracy, RandomStream(1, "x")); });
    CHECK(error.problem().find("units") != std::string::npos);
    const auto both = bootstrap_units(
        8, 1, [&](auto times, std::span<double> out) { out[0] = accuracy(times); }, RandomStream(1, "bootstrap"));
    CHECK(both.front().interval.low == result.interval.low);
    CHECK(both.front().interval.high == result.interval.high);
  }

  TEST_CASE("proportions: Clopper-Pearson covers, Wilson lies inside [0, 1]") {
    for (std::int64_t hits = 0; hits <= 20; ++hits) {
      const auto exact = clopper_pearson(hits, 20), score = wilson(hits, 20);
      CHECK(exact.low <= score.low + 1e-12);
      CHECK(exact.high >= score.high - 1e-12);
      if (hits > 0) CHECK(binomial_sf(hits - 1, 20, exact.low) == doctest::Approx(0.025).epsilon(1e-9));
    }
  }

  TEST_CASE("chance: labels change places by trial within a person, people where they belong to people") {
    const Columns study = small_study(3, 4);
    auto random = RandomStream(5, "chance");
    const auto trials = numbered_units(study, Unit::trial), people = numbered_units(study, Unit::subject);
    const auto exchange = exchangeable(study.label, trials, people);
    CHECK(exchange.level == ExchangeLevel::unit);
    const auto labels = permuted_labels(exchange, random);
    std::map<std::int64_t, std::set<std::int64_t>> of_trial;
    std::map<std::int64_t, std::int64_t> ones_before, ones_after;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      of_trial[trials[i]].insert(labels[i]);
      ones_before[people[i]] += study.label[i];
      ones_after[people[i]] += labels[i];
    }
    for (const auto& [trial, seen] : of_trial) CHECK(seen.size() == 1);
    CHECK(ones_before == ones_after);
    Ids of_person(study.subject);
    for (auto& label : of_person) label = label == 0;
    CHECK(exchangeable(of_person, trials, people).level == ExchangeLevel::block);
    CHECK(!exchangeable(Ids(of_person.size(), 1), trials, people).possible);
  }

  TEST_CASE("tests: swapping the sides mirrors one-sided p values") {
    RandomStream random(6, "tests");
    std::vector<double> a, b;
    for (int i = 0; i < 12; ++i) {
      a.push_back(random.normal() + 0.3);
      b.push_back(random.normal());
    }
    CHECK(paired_t(a, b, Alternative::greater).p == doctest::Approx(paired_t(b, a, Alternative::less).p));
    CHECK(mann_whitney(a, b, Alternative::greater, RankMode::exact, true).p ==
          doctest::Approx(mann_whitney(b, a, Alternative::less, RankMode::exact, true).p));
    WilcoxonOptions greater{.alternative = Alternative::greater}, less{.alternative = Alternative::less};
    CHECK(wilcoxon_signed_rank(a, b, greater).p == doctest::Approx(wilcoxon_signed_rank(b, a, less).p));
    // Sharing training data makes folds less certain, never more.
    CHECK(corrected_resampled_t(a, b, 90, 10, Alternative::two_sided).p > paired_t(a, b, Alternative::two_sided).p);
    CHECK(testing::error_of([&] { (void)wilcoxon_signed_rank(a, a, {}); }).problem().find("differences") !=
          std::string::npos);
    CHECK(wilcoxon_signed_rank({{0.3, 0.5, 0.9}}, {{0.2, 0.4, 0.5}}, {.round_digits = 6}).w == 0);
  }

  TEST_CASE("tests: exact forms agree with counting all cases") {
    const std::vector<double> a{1.1, 2.3, 0.4, 3.3}, b{0.6, 2.6, 0.1, 1.2, 5.0};
    // Of the 126 ways to give four of nine ranks to `a`, how many have as large a U?
    const double u = mann_whitney(a, b, Alternative::greater, RankMode::exact, true).statistic;
    int reached = 0, all = 0;
    for (int mask = 0; mask < 512; ++mask) {
      double ranks = 0;
      int members = 0;
      for (int i = 0; i < 9; ++i) {
        if ((mask >> i & 1) == 0) continue;
        ranks += i + 1;
        ++members;
      }
      if (members != 4) continue;
      ++all;
      reached += ranks - 10 >= u;
    }
    CHECK(mann_whitney(a, b, Alternative::greater, RankMode::exact, true).p ==
          doctest::Approx(static_cast<double>(reached) / all).epsilon(1e-12));
    const std::vector<double> d{0.5, -0.2, 0.9, 0.1};
    CHECK(sign_flip_exact(d, Alternative::greater, false) == doctest::Approx(3.0 / 16));
  }

  TEST_CASE("multiple testing: adjusted values never fall below the raw ones and keep their order") {
    const std::vector<double> p{0.001, 0.2, 0.03, 0.03, 0.9, 0.04};
    for (const auto correction :
         {Correction::bonferroni, Correction::holm, Correction::benjamini_hochberg, Correction::benjamini_yekutieli}) {
      const auto adjusted = adjusted_p(p, correction);
      for (std::size_t i = 0; i < p.size(); ++i) {
        CHECK(adjusted[i] >= p[i]);
        CHECK(adjusted[i] <= 1);
        for (std::size_t j = 0; j < p.size(); ++j) CHECK((p[i] >= p[j] || adjusted[i] <= adjusted[j]));
      }
    }
    const std::vector<double> half{0.5, 0.5};
    CHECK(combined_p_stouffer(half, {}) == doctest::Approx(0.5));
  }

  TEST_CASE("plans: every plan parts its samples, grouped ones keep groups on one side") {
    const Columns study = small_study(4, 8);
    for (const PlanEntry& entry : plans()) {
      CAPTURE(entry.name);
      if (entry.name == "leave-one-study-out") continue;  // there is one study here
      const PlanOptions options{.name = entry.name};
      const auto folds = make_folds(study, options, RandomStream(7, "plan"));
      std::vector<int> tested(static_cast<std::size_t>(study.size()));
      const auto unseen = claim_of(options);
      const auto unit = numbered_units(study, unseen);
      for (const Fold& fold : folds) {
        CHECK(std::is_sorted(fold.train.begin(), fold.train.end()));
        CHECK(std::is_sorted(fold.test.begin(), fold.test.end()));
        for (const auto i : fold.test) ++tested[i];
        const auto train = units_of(unit, fold.train);
        for (const auto u : units_of(unit, fold.test)) CHECK(train.count(u) == 0);
      }
      const bool not_all = entry.name == "forward" || entry.name == "chronological";
      for (const int times : tested) CHECK((not_all ? times <= 1 : times == 1));
    }
  }

  TEST_CASE("plans: samples dealt in turn, groups dealt in turn within their class in order of time") {
    const Ids trial{0, 0, 1, 1, 2, 2, 3, 3}, label{0, 0, 1, 1, 0, 0, 1, 1}, begin{30, 40, 10, 20, 50, 60, 0, 5};
    Columns columns{.label = label, .study = Ids(8), .subject = Ids(8), .session = Ids(8), .recording = Ids(8)};
    columns.trial = trial;
    columns.begin = begin;
    columns.end = begin;
    const RandomStream random(1, "plan");
    auto folds = make_folds(columns, {.name = "k-fold", .folds = 3, .in_turn = true}, random);
    // In time the windows come 6, 7, 2, 3, 0, 1, 4, 5.
    CHECK(folds[0].test == Ids{3, 4, 6});
    CHECK(folds[2].test == Ids{1, 2});
    columns.recording = {0, 0, 0, 0, 0, 0, 1, 1};
    folds = make_folds(columns, {.name = "k-fold", .folds = 3, .in_turn = true}, random);
    CHECK(folds[0].test == Ids{1, 2, 6});
    columns.recording = Ids(8);
    // In time the trials come 3, 1, 0, 2: of class 1 first trial 3, of class 0 first trial 0.
    folds = make_folds(columns, {.name = "stratified-group-k-fold", .folds = 2, .in_turn = true}, random);
    CHECK(folds[0].test == Ids{0, 1, 6, 7});
    CHECK(folds[1].test == Ids{2, 3, 4, 5});
    folds = make_folds(columns, {.name = "group-k-fold", .folds = 2, .in_turn = true}, random);
    CHECK(folds[0].test == Ids{0, 1, 6, 7});
    columns.label[1] = 1;
    CHECK_THROWS_AS((void)make_folds(columns, {.name = "stratified-group-k-fold", .folds = 2, .in_turn = true}, random),
                    Error);
    CHECK_THROWS_AS((void)make_folds(columns, {.name = "cross-subject", .in_turn = true}, random), Error);
  }

  TEST_CASE("plans: chronological trains on the first share of each recording") {
    const Ids recording{0, 0, 0, 0, 1, 1, 1, 1, 1}, begin{3, 2, 1, 0, 0, 1, 2, 3, 4};
    Columns columns{.study = Ids(9), .subject = Ids(9), .session = Ids(9), .recording = recording};
    columns.begin = begin;
    columns.end = begin;
    const auto folds = make_folds(columns, {.name = "chronological", .train_share = 0.5}, RandomStream(1, "plan"));
    REQUIRE(folds.size() == 1);
    CHECK(folds[0].train == Ids{2, 3, 4, 5});
    CHECK(folds[0].test == Ids{0, 1, 6, 7, 8});
    for (const double share : {0.0, 1.0, -1.0, 0.01})
      CHECK_THROWS_AS((void)make_folds(columns, {.name = "chronological", .train_share = share}, RandomStream(1, "p")),
                      Error);
    CHECK_THROWS_AS((void)make_folds(columns, {.name = "chronological", .folds = 2}, RandomStream(1, "p")), Error);
  }

  TEST_CASE("plans: aliases, twins and claims") {
    CHECK(plan_named("leave-one-subject-out").name == "cross-subject");
    CHECK(leak_free_twins({.name = "random-windows", .folds = 7}).front().folds == 7);
    CHECK(leak_free_twins({.name = "k-fold"}).front().name == "stratified-group-k-fold");
    CHECK(leak_free_twins({.name = "cross-session"}).front().name == "cross-subject");
    CHECK(leak_free_twins({.name = "cross-subject"}).empty());
    CHECK(claim_of({.name = "group-k-fold", .group = Unit::subject}) == Unit::subject);
  }

  TEST_CASE("plans: forward trains on earlier sessions only, blocks keep their gap") {
    const Columns study = small_study(3, 8);
    for (const Fold& fold : make_folds(study, {.name = "forward"}, RandomStream(7, "plan"))) {
      for (const auto i : fold.train) CHECK(study.session[i] < study.session[fold.test.front()]);
    }
    for (const Fold& fold :
         make_folds(study, {.name = "blocked-k-fold", .folds = 4, .gap_samples = 900}, RandomStream(7, "plan"))) {
      for (const auto i : fold.train) {
        for (const auto j : fold.test) {
          if (study.recording[i] != study.recording[j]) continue;
          CHECK((study.begin[i] >= study.end[j] + 900 || study.begin[j] >= study.end[i] + 900));
        }
      }
    }
  }

  TEST_CASE("plans: strictly alternating groups are told about, absent classes refused") {
    Columns study;
    for (std::int64_t t = 0; t < 12; ++t) {
      for (int w = 0; w < 3; ++w) {
        study.trial.push_back(t);
        study.label.push_back(t % 2);
      }
    }
    const auto folds = make_folds(study, {.name = "group-k-fold", .folds = 4}, RandomStream(1, "plan"));
    const auto findings = class_mix_findings(study, folds, "group-k-fold");
    REQUIRE(!findings.empty());
    CHECK(findings.front().code == "plan/class-mix");
    const auto balanced = make_folds(study, {.name = "stratified-group-k-fold", .folds = 3}, RandomStream(1, "plan"));
    CHECK(class_mix_findings(study, balanced, "stratified-group-k-fold").empty());
    const auto two = make_folds(study, {.name = "group-k-fold", .folds = 2}, RandomStream(1, "plan"));
    CHECK(testing::error_of([&] { refuse_absent_classes(study, two, "group-k-fold"); }).problem().find("class") !=
          std::string::npos);
  }

  TEST_CASE("plans: what cannot be split is refused with its word") {
    const Columns study = small_study(2, 4);
    const auto word = [&](const Columns& columns, const PlanOptions& options) {
      return testing::error_of([&] { (void)make_folds(columns, options, RandomStream(1, "plan")); }).problem();
    };
    CHECK(word(study, {.name = "k-fold", .folds = 49}).find("folds") != std::string::npos);
    CHECK(word(study, {.name = "group-k-fold", .folds = 17}).find("groups") != std::string::npos);
    CHECK(word(study, {.name = "random"}).find("plan") != std::string::npos);
    CHECK(word({}, {.name = "k-fold"}).find("empty") != std::string::npos);
    Columns unknown = study;
    unknown.subject.clear();
    CHECK(word(unknown, {.name = "cross-subject"}).find("subject") != std::string::npos);
    CHECK(word(study, {.name = "blocked-k-fold", .folds = 2, .gap_samples = 100000}).find("empty") !=
          std::string::npos);
  }
}
