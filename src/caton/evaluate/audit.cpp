// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/audit.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/evaluate/audit/fold_rules.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace caton {
namespace {

using leak::FoldFinding;
using leak::FoldResult;

constexpr std::size_t most_examples = 5;
constexpr double below_chance_level = 0.01;

/// What is judged by no rule here, whatever is given.
bool is_built(const std::string& code) {
  static constexpr std::array built{
      "leak/sample-in-both", "leak/window-overlap", "leak/trial-split", "leak/subject-split", "leak/session-split",
      "leak/twin-recordings", "leak/made-before-split", "leak/fit-on-test", "confound/block", "leak/selected-on-test",
      "leak/warm-start", "control/permutation", "report/below-chance",
      // By construction: figures are never made without these.
      "control/free-running", "report/split-named", "report/interval", "report/imbalance", "report/excluded"};
  return std::find(built.begin(), built.end(), code) != built.end();
}

std::string share_text(std::int64_t size, std::int64_t among) {
  return std::to_string(size) + " of " + std::to_string(among) + " (" +
         fixed_text(100 * static_cast<double>(size) / static_cast<double>(std::max<std::int64_t>(among, 1)), 1) + " %)";
}

/// All findings of one code and severity, in fold order.
struct Gathered {
  std::vector<std::int64_t> folds;
  std::int64_t size = 0, among = 0, largest = 0;
  std::set<std::string> details;
  std::vector<std::string> examples;
};

std::string sentence(const std::string& code, Severity severity, const Gathered& all) {
  const std::string share = share_text(all.size, all.among);
  if (code == "leak/sample-in-both")
    return all.details.count("made") ? std::to_string(all.size) +
                                           " made samples stand on the other side of a sample "
                                           "that they were made from"
                                     : share + " tested samples are in the training set of the same fold";
  if (code == "leak/window-overlap" && severity == Severity::stop)
    return share + " tested windows share recorded time with a training window (up to " + std::to_string(all.largest) +
           " samples)";
  if (code == "leak/window-overlap")
    return share + " tested windows lie within the reach of the preparation (filters, cleaning) from a training window";
  if (code == "leak/trial-split") return share + " tested trials also have windows in training";
  if (code == "leak/session-split") return share + " tested sessions also have windows in training";
  if (code == "leak/subject-split")
    return share + (severity == Severity::note ? " tested people are also in training: the figure says nothing about "
                                                 "new people"
                                               : " tested people are also in training");
  if (code == "leak/twin-recordings")
    return std::to_string(all.size) + " pairs of recordings with the same signal are on both sides";
  if (code == "leak/made-before-split")
    return std::to_string(all.size) +
           " made samples, their parents or siblings are on different sides: they were made "
           "before the split";
  const std::string what = join({all.details.begin(), all.details.end()}, ", ");
  if (code == "leak/fit-on-test") return what + ": fitted on " + std::to_string(all.size) + " tested samples";
  if (code == "leak/selected-on-test")
    return what + ": chosen by the score of " + std::to_string(all.size) + " tested samples";
  return "training started from weights that had been trained on " + std::to_string(all.size) + " tested samples";
}

std::vector<AuditFinding> gathered(const std::vector<AuditFold>& folds, const std::vector<FoldResult>& results) {
  std::map<std::pair<std::string, Severity>, Gathered> all;
  for (std::size_t f = 0; f < folds.size(); ++f) {
    for (const FoldFinding& finding : results[f].findings) {
      Gathered& one = all[{finding.code, finding.severity}];
      if (one.folds.empty() || one.folds.back() != folds[f].number) one.folds.push_back(folds[f].number);
      one.size += finding.size;
      one.among += finding.among;
      one.largest = std::max(one.largest, finding.largest);
      if (!finding.detail.empty()) one.details.insert(finding.detail);
      for (const auto& example : finding.examples) {
        if (one.examples.size() < most_examples)
          one.examples.push_back("fold " + std::to_string(folds[f].number) + ": " + example);
      }
    }
  }
  std::vector<AuditFinding> findings;
  for (const auto& code : audit_codes()) {
    for (const Severity severity : {Severity::stop, Severity::warn, Severity::note}) {
      const auto found = all.find({code, severity});
      if (found == all.end()) continue;
      findings.push_back({code, severity, found->second.folds, found->second.size,
                          sentence(code, severity, found->second), found->second.examples});
    }
  }
  return findings;
}

/// Share of the commonest label.
double majority_of(std::span<const std::int64_t> labels) {
  std::map<std::int64_t, double> counts;
  double most = 0;
  for (const auto label : labels) most = std::max(most, counts[label] += 1);
  return most / static_cast<double>(labels.size());
}

/// Labels that the nearest training trial in time tells: whatever drifts slowly is decoded with them.
void judge_order(const std::vector<FoldResult>& results, std::span<const std::int64_t> labels, AuditReport& report) {
  constexpr double level = 1e-4, excess = 0.1;
  std::int64_t timed = 0, told = 0;
  for (const FoldResult& result : results) {
    timed += result.timed;
    told += result.told_by_time;
  }
  if (timed == 0) return;
  const double share = static_cast<double>(told) / static_cast<double>(timed), guess = majority_of(labels);
  if (share < guess + excess || binomial_sf(told - 1, timed, guess) > level) return;
  report.findings.push_back({"confound/block",
                             Severity::warn,
                             {},
                             told,
                             "the label of the training trial nearest in time tells " + share_text(told, timed) +
                                 " of the tested ones, guessing " + fixed_text(100 * guess, 1) +
                                 " %: what drifts with time is decoded with the class"});
}

void judge_controls(const AuditInputs& inputs, AuditReport& report) {
  if (!inputs.permutation) return;
  const auto& control = *inputs.permutation;
  if (control.refitted && control.low > control.chance)
    report.findings.push_back({"control/permutation",
                               Severity::stop,
                               {},
                               1,
                               "with permuted labels the whole pipeline still reaches " + fixed_text(control.low, 3) +
                                   " to " + fixed_text(control.high, 3) + " where chance is " +
                                   fixed_text(control.chance, 3) +
                                   ": the protocol tells samples apart without any effect"});
  if (control.p_below <= below_chance_level && control.score < control.chance)
    report.findings.push_back({"report/below-chance",
                               Severity::warn,
                               {},
                               1,
                               "the score " + fixed_text(control.score, 3) +
                                   " lies below chance (p = " + number_text(control.p_below) +
                                   "): a sign of a confound with time, or of folds whose class mix differs"});
}

/// What would have to be known: people on both sides, or unknown, make trials and time matter.
void judge_unknown(const std::vector<FoldResult>& results, const Claim& claim, AuditReport& report) {
  std::map<Unit, std::int64_t> unknown, shared;
  std::int64_t without_time = 0;
  bool start_unknown = false;
  for (const FoldResult& result : results) {
    for (const auto& [unit, count] : result.unknown) unknown[unit] = std::max(unknown[unit], count);
    for (const auto& [unit, count] : result.shared) shared[unit] += count;
    without_time = std::max(without_time, result.without_time);
    start_unknown = start_unknown || result.start_unknown;
  }
  const bool people_apart = unknown[Unit::subject] == 0 && shared[Unit::subject] == 0;
  const auto miss = [&](std::int64_t count, const std::string& what) {
    if (count > 0) report.missing.push_back(what + " of " + std::to_string(count) + " samples");
  };
  const bool of_people = claim.unseen == Unit::subject || claim.unseen == Unit::study;
  if (of_people) miss(unknown[Unit::subject], "the subject");
  if (claim.unseen == Unit::session && !people_apart) miss(unknown[Unit::session], "the session");
  if (!people_apart) {
    miss(unknown[Unit::trial], "the trial");
    miss(without_time, "the place in a recording");
  }
  if (start_unknown) {
    report.missing.emplace_back("the training data of the weights that training started from");
    report.findings.push_back(
        {"leak/warm-start", Severity::warn, {}, 1, "training started from weights whose training data are not known"});
  }
  if (!people_apart && unknown[Unit::trial] > 0) report.not_checked.emplace_back("leak/trial-split");
  if (!people_apart && without_time > 0) report.not_checked.emplace_back("leak/window-overlap");
  if (unknown[Unit::subject] > 0) report.not_checked.emplace_back("leak/subject-split");
}

void list_not_checked(const std::vector<AuditFold>& folds, const Claim& claim, const AuditInputs& inputs, bool labelled,
                      AuditReport& report) {
  std::set<std::string> open(report.not_checked.begin(), report.not_checked.end());
  const bool recorded =
      std::all_of(folds.begin(), folds.end(), [](const AuditFold& fold) { return fold.record != nullptr; });
  if (!recorded) open.insert({"leak/fit-on-test", "leak/selected-on-test", "leak/warm-start"});
  if (!inputs.copies) open.insert("leak/twin-recordings");
  if (!inputs.permutation) open.insert({"control/permutation", "report/below-chance"});
  if (inputs.permutation && !inputs.permutation->refitted) open.insert("control/permutation");
  if (claim.unseen == Unit::sample || claim.unseen == Unit::trial) open.insert("leak/session-split");
  if (!labelled) open.insert("confound/block");
  for (const auto& code : audit_codes()) {
    if (!is_built(code)) open.insert(code);
  }
  for (const auto& finding : report.findings) open.erase(finding.code);
  report.not_checked.clear();
  for (const auto& code : audit_codes()) {
    if (open.count(code)) report.not_checked.push_back(code);
  }
}

/// The widest unit of which nothing is on both sides of any fold.
std::optional<Unit> new_in_test(const std::vector<FoldResult>& results) {
  for (const Unit unit : {Unit::study, Unit::subject, Unit::session, Unit::recording, Unit::trial}) {
    const bool apart = std::all_of(results.begin(), results.end(), [unit](const FoldResult& result) {
      return result.shared.at(unit) == 0 && result.unknown.at(unit) == 0;
    });
    if (apart) return unit;
  }
  const bool windows_apart = std::all_of(results.begin(), results.end(), [](const FoldResult& result) {
    return result.without_time == 0 &&
           std::none_of(result.findings.begin(), result.findings.end(), [](const FoldFinding& finding) {
             return finding.code == "leak/window-overlap" || finding.code == "leak/sample-in-both";
           });
  });
  if (windows_apart) return Unit::sample;
  return std::nullopt;
}

}  // namespace

Claim claim_named(const std::string& name) {
  std::vector<std::string> known;
  for (const Unit unit : {Unit::sample, Unit::trial, Unit::recording, Unit::session, Unit::subject, Unit::study}) {
    if (name == unit_name(unit)) return {unit};
    known.emplace_back(unit_name(unit));
  }
  throw usage_error("claim", "\"" + printable(name) + "\" is no claim about what is new in the test set",
                    suggestion(name, known));
}

const char* verdict_name(Verdict verdict) noexcept {
  return verdict == Verdict::clean ? "clean" : verdict == Verdict::leaks ? "leaks" : "cannot tell";
}

AuditReport audit(const Origins& origins, std::span<const std::int64_t> labels, const std::vector<AuditFold>& folds,
                  const Claim& claim, const AuditInputs& inputs) {
  if (folds.empty()) throw input_error("audit", "there are no folds: the table is empty");
  if (!labels.empty() && static_cast<std::int64_t>(labels.size()) != origins.size())
    throw usage_error("audit", "the lengths of labels and origins differ");
  const leak::Prepared prepared(origins, labels);
  std::vector<FoldResult> results(folds.size());
  thread_pool().parallel_for(static_cast<std::int64_t>(folds.size()),
                             [&](std::int64_t f) { results[f] = leak::check_fold(prepared, folds[f], claim, inputs); });
  AuditReport report{.findings = gathered(folds, results)};
  if (!labels.empty()) judge_order(results, labels, report);
  judge_controls(inputs, report);
  judge_unknown(results, claim, report);
  list_not_checked(folds, claim, inputs, !labels.empty(), report);
  report.new_in_test = new_in_test(results);
  const bool leaks = std::any_of(report.findings.begin(), report.findings.end(),
                                 [](const AuditFinding& finding) { return finding.severity == Severity::stop; });
  report.verdict = leaks ? Verdict::leaks : report.missing.empty() ? Verdict::clean : Verdict::cannot_tell;
  return report;
}

Json to_json(const AuditReport& report) {
  Json findings = Json::list();
  for (const AuditFinding& finding : report.findings)
    findings.push(Json::object({{"code", finding.code},
                                {"severity", severity_name(finding.severity)},
                                {"fold", finding.folds.empty() ? Json{} : Json(finding.folds.front())},
                                {"folds", Json::list_of(finding.folds)},
                                {"size", finding.size},
                                {"what", finding.what},
                                {"examples", Json::list_of(finding.examples)}}));
  return Json::object({{"verdict", verdict_name(report.verdict)},
                       {"new_in_test", report.new_in_test ? Json(unit_name(*report.new_in_test)) : Json{}},
                       {"findings", findings},
                       {"missing", Json::list_of(report.missing)},
                       {"not_checked", Json::list_of(report.not_checked)}});
}

const std::vector<std::string>& audit_codes() {
  static const std::vector<std::string> codes{"leak/sample-in-both",
                                              "leak/window-overlap",
                                              "leak/trial-split",
                                              "leak/subject-split",
                                              "leak/session-split",
                                              "leak/twin-recordings",
                                              "leak/made-before-split",
                                              "leak/fit-on-test",
                                              "leak/whole-recording-statistic",
                                              "leak/future",
                                              "leak/selected-on-test",
                                              "leak/warm-start",
                                              "leak/pretraining-contains-test",
                                              "leak/batch-dependence",
                                              "leak/label-proxy",
                                              "confound/block",
                                              "confound/nuisance",
                                              "confound/artefact",
                                              "control/permutation",
                                              "control/noise-input",
                                              "control/shuffled-pairs",
                                              "control/circular-shift",
                                              "control/free-running",
                                              "control/baseline",
                                              "report/split-named",
                                              "report/interval",
                                              "report/all-runs",
                                              "report/imbalance",
                                              "report/excluded",
                                              "report/multiple",
                                              "report/below-chance"};
  return codes;
}

}  // namespace caton
