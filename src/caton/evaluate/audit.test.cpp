// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/audit.hpp"

#include "golden_test.hpp"

#include "caton/base/random.hpp"
#include "caton/measure/plan.hpp"

#include <algorithm>
#include <set>

using namespace caton;

namespace {

using Ids = std::vector<std::int64_t>;

/// How a made-up study is laid out.
struct Layout {
  std::int64_t subjects = 3, sessions = 2, trials = 6, windows = 4;
  std::int64_t step = 64, length = 128;  ///< samples; a step below the length overlaps
  bool label_of_subject = false;
};

struct Study {
  Origins origins;
  Ids labels;
  Layout layout;

  [[nodiscard]] Columns columns() const { return columns_of(origins, labels); }
};

void add_window(Study& study, const std::string& subject, const std::string& session, std::int64_t trial,
                std::int64_t begin, std::int64_t label) {
  auto& o = study.origins;
  const auto add = [](NameColumn& column, const std::string& name) { column.index.push_back(column.id(name)); };
  add(o.study, "study");
  add(o.subject, subject);
  add(o.session, session);
  add(o.recording, subject + "-" + session);
  add(o.trial, std::to_string(trial));
  o.begin.push_back(begin);
  o.end.push_back(begin + study.layout.length);
  o.parents.push_back({-1, -1});
  o.id.push_back(1000 + static_cast<std::int64_t>(o.id.size()));
  study.labels.push_back(label);
}

Study made_up(const Layout& layout) {
  Study study{.layout = layout};
  for (std::int64_t s = 0; s < layout.subjects; ++s) {
    for (std::int64_t e = 0; e < layout.sessions; ++e) {
      for (std::int64_t t = 0; t < layout.trials; ++t) {
        const auto label = layout.label_of_subject ? s % 2 : t % 2;
        for (std::int64_t w = 0; w < layout.windows; ++w)
          add_window(study, "s" + std::to_string(s), "e" + std::to_string(e), t, t * 5000 + w * layout.step, label);
      }
    }
  }
  return study;
}

/// Folds with the records of an honest fit: everything was learned from training alone.
struct Evaluation {
  Study study;
  std::vector<AuditFold> folds;
  std::vector<FitRecord> records;
  Claim claim;
  AuditInputs inputs;

  [[nodiscard]] AuditReport report() {
    for (std::size_t f = 0; f < folds.size(); ++f) folds[f].record = &records[f];
    return audit(study.origins, study.labels, folds, claim, inputs);
  }
};

FitRecord honest_record(const Study& study, const Fold& fold, RandomStream& random) {
  Ids ids;
  for (const auto i : fold.train) ids.push_back(study.origins.id[i]);
  FitRecord record;
  record.statistics.push_back({"scaler", ids});
  // Nested: a part of training decides.
  record.selections.push_back({"C", "1", {ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(ids.size() / 3)}});
  for (int made = 0; made < 5; ++made)
    record.made_parents.push_back({ids[random.below(ids.size())], ids[random.below(ids.size())]});
  return record;
}

Evaluation evaluation(const Layout& layout, const PlanOptions& plan, RandomStream random) {
  Evaluation result{.study = made_up(layout)};
  std::int64_t number = 0;
  for (const Fold& fold : make_folds(result.study.columns(), plan, random.derive("plan"))) {
    result.records.push_back(honest_record(result.study, fold, random));
    result.folds.push_back({.number = number++, .train = fold.train, .test = fold.test});
  }
  result.claim = {claim_of(plan)};
  result.inputs.copies.emplace();
  return result;
}

std::set<std::string> codes(const AuditReport& report, Severity severity) {
  std::set<std::string> found;
  for (const auto& finding : report.findings) {
    if (finding.severity == severity) found.insert(finding.code);
  }
  return found;
}

bool stops(const AuditReport& report, const std::string& code) {
  return report.verdict == Verdict::leaks && codes(report, Severity::stop).count(code) == 1;
}

bool silent(const AuditReport& report) {
  return report.verdict == Verdict::clean && codes(report, Severity::stop).empty() &&
         codes(report, Severity::warn).empty();
}

const PlanOptions by_trial{.name = "stratified-group-k-fold", .folds = 3};
const PlanOptions by_subject{.name = "cross-subject"};

Evaluation honest_by_trial() { return evaluation({}, by_trial, RandomStream(1, "test")); }
Evaluation honest_by_subject() { return evaluation({}, by_subject, RandomStream(1, "test")); }

void drop(Ids& values, std::int64_t value) { std::erase(values, value); }

/// Makes a sample of two others; it stands in the set itself.
std::int64_t add_made(Study& study, std::int64_t a, std::int64_t b) {
  auto& o = study.origins;
  for (NameColumn* const column : {&o.study, &o.subject, &o.session, &o.recording, &o.trial})
    column->index.push_back(-1);
  o.begin.push_back(0);
  o.end.push_back(0);
  o.parents.push_back({o.id[a], o.id[b]});
  o.id.push_back(5000 + static_cast<std::int64_t>(o.id.size()));
  study.labels.push_back(study.labels[a]);
  return o.size() - 1;
}

// What can be done wrong, one thing at a time. Each gives the code that must be found; nothing where the study has no
// room for it.
using Fault = std::string (*)(Evaluation&, RandomStream&);

std::size_t any_fold(const Evaluation& e, RandomStream& random) { return random.below(e.folds.size()); }
std::int64_t any_of(const Ids& values, RandomStream& random) { return values[random.below(values.size())]; }

std::string in_both(Evaluation& e, RandomStream& random) {
  auto& fold = e.folds[any_fold(e, random)];
  fold.train.push_back(any_of(fold.test, random));
  return "leak/sample-in-both";
}

std::string split_trial(Evaluation& e, RandomStream& random) {
  if (e.study.layout.windows < 2) return {};
  auto& fold = e.folds[any_fold(e, random)];
  const auto moved = any_of(fold.test, random);
  drop(fold.test, moved);
  fold.train.push_back(moved);
  return "leak/trial-split";
}

std::string overlap(Evaluation& e, RandomStream& random) {
  if (e.study.layout.step >= e.study.layout.length || e.study.layout.windows < 2) return {};
  auto& fold = e.folds[any_fold(e, random)];
  auto moved = any_of(fold.test, random);
  const auto neighbour = moved % e.study.layout.windows == 0 ? moved + 1 : moved - 1;
  if (std::find(fold.test.begin(), fold.test.end(), neighbour) == fold.test.end()) return {};
  drop(fold.test, moved);
  fold.train.push_back(moved);
  return "leak/window-overlap";
}

std::string split_subject(Evaluation& e, RandomStream& random) {
  if (e.claim.unseen != Unit::subject) return {};
  auto& fold = e.folds[any_fold(e, random)];
  const auto moved = any_of(fold.test, random);
  if (fold.test.size() < 2) return {};
  drop(fold.test, moved);
  fold.train.push_back(moved);
  return "leak/subject-split";
}

std::string split_session(Evaluation& e, RandomStream& random) {
  if (e.claim.unseen != Unit::session || e.study.layout.trials < 2) return {};
  auto& fold = e.folds[any_fold(e, random)];
  const auto moved = any_of(fold.test, random);
  drop(fold.test, moved);
  fold.train.push_back(moved);
  return "leak/session-split";
}

std::string twins(Evaluation& e, RandomStream& random) {
  const auto& fold = e.folds[any_fold(e, random)];
  const auto& names = e.study.origins.recording;
  const auto a = names.at(any_of(fold.train, random)), b = names.at(any_of(fold.test, random));
  if (a == b) return {};
  e.inputs.copies->emplace_back(random.below(2) == 0 ? std::pair(a, b) : std::pair(b, a));
  return "leak/twin-recordings";
}

std::string made_before(Evaluation& e, RandomStream& random) {
  auto& fold = e.folds[any_fold(e, random)];
  const auto made = add_made(e.study, any_of(fold.test, random), any_of(fold.train, random));
  (random.below(2) == 0 ? fold.train : fold.test).push_back(made);
  return "leak/made-before-split";
}

std::string made_siblings(Evaluation& e, RandomStream& random) {
  auto& fold = e.folds[any_fold(e, random)];
  const auto parent = any_of(fold.train, random);
  const auto first = add_made(e.study, parent, any_of(fold.train, random));
  const auto second = add_made(e.study, parent, any_of(fold.train, random));
  fold.train.push_back(first);
  fold.test.push_back(second);
  return "leak/made-before-split";
}

std::string made_from_test(Evaluation& e, RandomStream& random) {
  const auto f = any_fold(e, random);
  const auto id = e.study.origins.id[any_of(e.folds[f].test, random)];
  e.records[f].made_parents.push_back({id, id});
  return "leak/made-before-split";
}

std::string fitted_on_test(Evaluation& e, RandomStream& random) {
  const auto f = any_fold(e, random);
  e.records[f].statistics.front().fitted_on.push_back(e.study.origins.id[any_of(e.folds[f].test, random)]);
  return "leak/fit-on-test";
}

std::string selected_on_test(Evaluation& e, RandomStream& random) {
  const auto f = any_fold(e, random);
  e.records[f].selections.push_back({"epoch", "12", {e.study.origins.id[any_of(e.folds[f].test, random)]}});
  return "leak/selected-on-test";
}

std::string warm_start(Evaluation& e, RandomStream& random) {
  const auto f = any_fold(e, random);
  e.records[f].ancestry = {e.study.origins.id[any_of(e.folds[f].test, random)]};
  e.records[f].ancestry_known = "known";
  return "leak/warm-start";
}

const std::vector<Fault> faults{in_both,        split_trial,    overlap,          split_subject,
                                split_session,  twins,          made_before,      made_siblings,
                                made_from_test, fitted_on_test, selected_on_test, warm_start};

/// A random study under a random honest plan; also plans whose windows are whole trials, dealt one by one.
Evaluation random_honest(std::uint64_t number) {
  RandomStream random(number, "honest plans");
  Layout layout{.subjects = static_cast<std::int64_t>(2 + random.below(5)),
                .sessions = static_cast<std::int64_t>(2 + random.below(2)),
                .trials = static_cast<std::int64_t>(4 + random.below(5)),
                .windows = static_cast<std::int64_t>(1 + random.below(6)),
                .step = random.below(2) == 0 ? 32 : 128};
  const std::vector<PlanOptions> honest{{.name = "cross-subject"},
                                        {.name = "cross-subject", .folds = 2},
                                        {.name = "group-k-fold", .folds = 2, .group = Unit::subject},
                                        {.name = "stratified-group-k-fold", .folds = 3},
                                        {.name = "stratified-group-k-fold", .folds = 2, .group = Unit::subject},
                                        {.name = "group-k-fold", .folds = 4},
                                        {.name = "leave-one-trial-out"},
                                        {.name = "cross-session"},
                                        {.name = "forward"},
                                        {.name = "leave-one-recording-out"},
                                        {.name = "k-fold", .folds = 4, .shuffle = true},
                                        {.name = "within-session", .folds = 2}};
  const PlanOptions plan = honest[random.below(honest.size())];
  if (plan.name == "k-fold" || plan.name == "within-session") layout.windows = 1;
  layout.label_of_subject = claim_of(plan) == Unit::subject && random.below(2) == 0;
  return evaluation(layout, plan, random.derive("evaluation"));
}

}  // namespace

TEST_SUITE("evaluate") {
  TEST_CASE("audit: honest plans by trial and by subject are clean") {
    auto trial = honest_by_trial(), subject = honest_by_subject();
    CHECK(silent(trial.report()));
    CHECK(silent(subject.report()));
    CHECK(trial.report().new_in_test == Unit::trial);
    CHECK(subject.report().new_in_test == Unit::subject);
  }

  TEST_CASE("audit: each fault is found by its code, in the fold where it was made") {
    for (std::size_t kind = 0; kind < faults.size(); ++kind) {
      CAPTURE(kind);
      RandomStream random(kind, "faults");
      auto e = faults[kind] == split_session   ? evaluation({}, {.name = "cross-session"}, random)
               : faults[kind] == split_subject ? honest_by_subject()
                                               : honest_by_trial();
      REQUIRE(silent(e.report()));
      std::string code;
      while (code.empty()) code = faults[kind](e, random);
      const auto report = e.report();
      CHECK_MESSAGE(stops(report, code), code);
      for (const auto& finding : report.findings) {
        if (finding.code != code) continue;
        if (code != "leak/twin-recordings") CHECK(finding.folds.size() == 1);
        CHECK(finding.size >= 1);
        CHECK(!finding.examples.empty());
      }
    }
  }

  TEST_CASE("audit: 200 random honest plans are silent, the same with one fault each are all found") {
    int planted = 0;
    for (std::uint64_t number = 0; number < 200; ++number) {
      CAPTURE(number);
      auto honest = random_honest(number);
      const auto report = honest.report();
      std::string said;
      for (const auto& finding : report.findings) said += finding.code + ": " + finding.what + "\n";
      CHECK_MESSAGE(silent(report), said);
      RandomStream random(number, "one fault each");
      std::string code;
      while (code.empty()) code = faults[random.below(faults.size())](honest, random);
      CHECK_MESSAGE(stops(honest.report(), code), code);
      ++planted;
    }
    CHECK(planted == 200);
  }

  TEST_CASE("audit: windows dealt at random share time, trials and people with training") {
    auto e = evaluation({}, {.name = "random-windows", .folds = 5}, RandomStream(3, "test"));
    const auto report = e.report();
    CHECK(stops(report, "leak/window-overlap"));
    CHECK(stops(report, "leak/trial-split"));
    CHECK(codes(report, Severity::note).count("leak/subject-split") == 1);
    CHECK(!report.new_in_test);
  }

  TEST_CASE("audit: windows of a trial without overlap are still of one trial") {
    auto e = evaluation({.step = 128}, {.name = "random-windows", .folds = 5}, RandomStream(3, "test"));
    const auto report = e.report();
    CHECK(codes(report, Severity::stop) == std::set<std::string>{"leak/trial-split"});
    CHECK(report.new_in_test == Unit::sample);
  }

  TEST_CASE("audit: later windows of the same trials may be tested where no more is claimed") {
    auto e = evaluation({.windows = 30, .step = 128}, {.name = "chronological"}, RandomStream(3, "test"));
    // All trials lie one behind the other in a recording: the cut goes through one of them at most.
    CHECK_FALSE(stops(e.report(), "leak/trial-split"));
    // The same number of windows, cut within every trial.
    auto& fold = e.folds[0];
    fold.train.clear();
    fold.test.clear();
    for (std::int64_t i = 0; i < e.study.origins.size(); ++i) (i % 30 < 15 ? fold.train : fold.test).push_back(i);
    e.records[0] = {};
    CHECK(codes(e.report(), Severity::warn).count("leak/trial-split") == 1);
    CHECK(e.report().verdict != Verdict::leaks);
    std::swap(fold.train, fold.test);
    CHECK(stops(e.report(), "leak/trial-split"));  // trained on what came after
    std::swap(fold.train, fold.test);
    e.claim = {Unit::trial};
    CHECK(stops(e.report(), "leak/trial-split"));
  }

  TEST_CASE("audit: where labels change within a trial, tested windows between training ones are still a leak") {
    auto e = evaluation({.windows = 30, .step = 128}, {.name = "k-fold", .folds = 10, .in_turn = true},
                        RandomStream(3, "test"));
    for (std::size_t i = 0; i < e.study.labels.size(); ++i)
      e.study.labels[i] = static_cast<std::int64_t>(i / 7 % 2);
    CHECK(stops(e.report(), "leak/trial-split"));
    auto blocks = evaluation({.windows = 30, .step = 128}, {.name = "blocked-k-fold", .folds = 10},
                             RandomStream(3, "test"));
    blocks.study.labels = e.study.labels;
    CHECK_FALSE(stops(blocks.report(), "leak/trial-split"));
  }

  TEST_CASE("audit: a label that belongs to the person stops every plan that keeps people on both sides") {
    auto e = evaluation({.label_of_subject = true}, by_trial, RandomStream(3, "test"));
    CHECK(stops(e.report(), "leak/subject-split"));
    e.claim = {Unit::sample};
    CHECK(stops(e.report(), "leak/subject-split"));
  }

  TEST_CASE("audit: the claim about new people is judged, whatever the plan is called") {
    auto e = honest_by_trial();
    CHECK(silent(e.report()));
    e.claim = claim_named("subject");
    CHECK(stops(e.report(), "leak/subject-split"));
    e.claim = claim_named("session");
    CHECK(stops(e.report(), "leak/session-split"));
    CHECK(testing::error_of([] { (void)claim_named("people"); }).kind() == ErrorKind::usage);
  }

  TEST_CASE("audit: filters that reach across a clean split are a warning") {
    Study study{.layout = {.length = 100}};
    for (std::int64_t w = 0; w < 20; ++w) add_window(study, "s", "e", w, w * 150, w % 2);
    std::vector<AuditFold> folds{{.number = 0}};
    for (std::int64_t w = 0; w < 20; ++w) (w < 10 ? folds[0].train : folds[0].test).push_back(w);
    AuditInputs inputs{.filter_reach_samples = 50};
    CHECK(silent(audit(study.origins, study.labels, folds, {Unit::trial}, inputs)));
    inputs.filter_reach_samples = 51;
    const auto report = audit(study.origins, study.labels, folds, {Unit::trial}, inputs);
    CHECK(report.verdict == Verdict::clean);
    CHECK(codes(report, Severity::warn) == std::set<std::string>{"leak/window-overlap"});
  }

  TEST_CASE("audit: touching windows do not overlap, one shared sample does") {
    for (const std::int64_t begin : {100, 99}) {
      Study study{.layout = {.length = 100}};
      add_window(study, "s", "e", 0, 0, 0);
      add_window(study, "s", "e", 1, begin, 1);
      const std::vector<AuditFold> folds{{.number = 7, .train = {0}, .test = {1}}};
      const auto report = audit(study.origins, study.labels, folds, {}, {});
      CHECK(stops(report, "leak/window-overlap") == (begin == 99));
      if (begin == 99) CHECK(report.findings.front().folds == Ids{7});
    }
  }

  TEST_CASE("audit: what is not known gives no clean verdict") {
    auto e = honest_by_trial();
    for (auto& trial : e.study.origins.trial.index) trial = -1;
    auto report = e.report();
    CHECK(report.verdict == Verdict::cannot_tell);
    REQUIRE(report.missing.size() == 1);
    CHECK(report.missing.front().find("trial") != std::string::npos);
    auto people = honest_by_subject();
    for (auto& trial : people.study.origins.trial.index) trial = -1;
    CHECK(people.report().verdict == Verdict::clean);  // people apart: their trials are too
    for (auto& subject : people.study.origins.subject.index) subject = -1;
    CHECK(people.report().verdict == Verdict::cannot_tell);
    auto started = honest_by_subject();
    started.records[1].ancestry_known = "unknown";
    report = started.report();
    CHECK(report.verdict == Verdict::cannot_tell);
    CHECK(codes(report, Severity::warn) == std::set<std::string>{"leak/warm-start"});
  }

  TEST_CASE("audit: classes shown in blocks are told by time, interleaved ones are not") {
    for (const bool blocks : {true, false}) {
      Study study{.layout = {.length = 100}};
      RandomStream random(4, "blocks");
      for (std::int64_t t = 0; t < 200; ++t)
        add_window(study, "s", "e", t, t * 150, blocks ? t / 25 % 2 : static_cast<std::int64_t>(random.below(2)));
      std::vector<AuditFold> folds;
      for (const Fold& fold : make_folds(study.columns(), {.name = "random-windows"}, random))
        folds.push_back({.number = static_cast<std::int64_t>(folds.size()), .train = fold.train, .test = fold.test});
      const auto report = audit(study.origins, study.labels, folds, {Unit::trial}, {});
      CHECK((codes(report, Severity::warn).count("confound/block") == 1) == blocks);
      CHECK(codes(report, Severity::stop).empty());
    }
  }

  TEST_CASE("audit: controls") {
    auto e = honest_by_subject();
    e.inputs.permutation = PermutationControl{.score = 0.9, .chance = 0.5, .low = 0.45, .high = 0.55, .refitted = true};
    CHECK(silent(e.report()));
    e.inputs.permutation->low = 0.85;
    CHECK(stops(e.report(), "control/permutation"));
    e.inputs.permutation = PermutationControl{.score = 0.04, .chance = 0.5, .p_below = 0.001};
    const auto report = e.report();
    CHECK(codes(report, Severity::warn) == std::set<std::string>{"report/below-chance"});
    CHECK(std::count(report.not_checked.begin(), report.not_checked.end(), "control/permutation") == 1);
  }

  TEST_CASE("audit: rules that are not built or could not be applied are named") {
    const auto e = honest_by_subject();
    const auto report = audit(e.study.origins, e.study.labels, e.folds, e.claim, {});
    for (const char* const code : {"leak/twin-recordings", "leak/fit-on-test", "leak/future", "confound/nuisance"})
      CHECK(std::count(report.not_checked.begin(), report.not_checked.end(), code) == 1);
    for (const char* const code : {"leak/window-overlap", "leak/trial-split", "leak/subject-split"})
      CHECK(std::count(report.not_checked.begin(), report.not_checked.end(), code) == 0);
  }

  TEST_CASE("audit: the same report for any order of samples") {
    auto e = evaluation({}, {.name = "random-windows", .folds = 4}, RandomStream(3, "test"));
    const std::string text = to_json(e.report()).dump();
    for (auto& fold : e.folds) std::reverse(fold.train.begin(), fold.train.end());
    CHECK(to_json(e.report()).dump() == text);
  }

  TEST_CASE("audit: folds that name no sample are refused") {
    auto e = honest_by_subject();
    e.folds.front().test.push_back(e.study.origins.size());
    CHECK(testing::error_of([&] { (void)e.report(); }).kind() == ErrorKind::usage);
    CHECK(testing::error_of([&] { (void)audit(e.study.origins, e.study.labels, {}, {}, {}); }).kind() ==
          ErrorKind::input);
  }
}
