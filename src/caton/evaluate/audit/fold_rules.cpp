// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/audit/fold_rules.hpp"

#include "caton/base/error.hpp"
#include "caton/evaluate/audit/origin_rules.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace caton::leak {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr std::size_t most_examples = 5;
constexpr std::array<Unit, 5> units{Unit::trial, Unit::recording, Unit::session, Unit::subject, Unit::study};

const NameColumn& names_of(const Origins& origins, Unit unit) {
  switch (unit) {
    case Unit::study: return origins.study;
    case Unit::subject: return origins.subject;
    case Unit::session: return origins.session;
    case Unit::recording: return origins.recording;
    default: return origins.trial;
  }
}

bool is_made(const Origins& origins, std::int64_t sample) {
  return !origins.parents.empty() && (origins.parents[sample][0] != -1 || origins.parents[sample][1] != -1);
}

Ids numbers_of(const Origins& origins, const Columns& columns, Unit unit) {
  const auto& names = names_of(origins, unit);
  if (names.index.empty()) return Ids(static_cast<std::size_t>(origins.size()), -1);
  auto numbers = numbered_units(columns, unit);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (names.index[i] < 0 || names.at(static_cast<std::int64_t>(i)).empty()) numbers[i] = -1;
  }
  return numbers;
}

/// Whether no unit holds samples of two labels, and the labels of units are not all the same.
bool label_belongs_to(const Ids& unit, std::span<const std::int64_t> labels) {
  if (labels.empty()) return false;
  std::map<std::int64_t, std::int64_t> label_of;
  std::set<std::int64_t> seen;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    if (unit[i] < 0) continue;
    if (label_of.try_emplace(unit[i], labels[i]).first->second != labels[i]) return false;
    seen.insert(labels[i]);
  }
  return seen.size() > 1;
}

/// The fold's samples by side, and the side of each sample; a sample on both sides counts as tested.
Ids sides_of(const Prepared& prepared, const AuditFold& fold) {
  Ids side(static_cast<std::size_t>(prepared.origins.size()), unused);
  for (const auto i : fold.train) side[i] = training;
  for (const auto i : fold.test) side[i] = test;
  return side;
}

std::string sample_name(const Origins& origins, std::int64_t sample) {
  return "sample " + std::to_string(origins.id[sample]);
}

std::string unit_label(const Prepared& prepared, Unit unit, std::int64_t number) {
  const auto& numbers = prepared.unit.at(unit);
  const auto sample = std::find(numbers.begin(), numbers.end(), number) - numbers.begin();
  std::string name = unit_name(unit);
  if (unit != Unit::subject && unit != Unit::study && !prepared.origins.subject.index.empty())
    name = prepared.origins.subject.at(sample) + ", " + name;
  return name + " " + names_of(prepared.origins, unit).at(sample);
}

template <class Item, class Name>
void add_example(std::vector<std::string>& examples, const Item& item, const Name& name) {
  if (examples.size() < most_examples) examples.push_back(name(item));
}

void check_samples(const Prepared& prepared, const AuditFold& fold, FoldResult& result) {
  std::vector<char> seen(prepared.same_id.size());
  for (const auto i : fold.train) seen[prepared.same_id[i]] = 1;
  FoldFinding finding{.code = "leak/sample-in-both", .among = static_cast<std::int64_t>(fold.test.size())};
  for (const auto i : fold.test) {
    if (seen[prepared.same_id[i]] != 1) continue;
    seen[prepared.same_id[i]] = 2;
    ++finding.size;
    add_example(finding.examples, i, [&](auto s) { return sample_name(prepared.origins, s); });
  }
  if (finding.size > 0) result.findings.push_back(std::move(finding));
}

FoldFinding overlap_finding(const Prepared& prepared, const OverlapCount& count, std::size_t tested,
                            Severity severity) {
  return {.code = "leak/window-overlap",
          .severity = severity,
          .size = count.test_windows,
          .among = static_cast<std::int64_t>(tested),
          .largest = count.largest,
          .examples = {sample_name(prepared.origins, count.example_training) + " (training) and " +
                       sample_name(prepared.origins, count.example_test) + " (test) of recording " +
                       prepared.origins.recording.at(count.example_test)}};
}

void check_time(const Prepared& prepared, const AuditFold& fold, const Ids& side, const AuditInputs& inputs,
                FoldResult& result) {
  const auto shared = count_overlaps(prepared.order, side, fold.test, 0);
  if (shared.pairs > 0) result.findings.push_back(overlap_finding(prepared, shared, fold.test.size(), Severity::stop));
  if (inputs.filter_reach_samples <= 0) return;
  auto near = count_overlaps(prepared.order, side, fold.test, inputs.filter_reach_samples);
  near.test_windows -= shared.test_windows;
  if (near.test_windows > 0 && shared.pairs == 0)
    result.findings.push_back(overlap_finding(prepared, near, fold.test.size(), Severity::warn));
}

void check_unit(const Prepared& prepared, const Ids& side, Unit unit, Severity severity, FoldResult& result) {
  const auto& numbers = prepared.unit.at(unit);
  const auto shared = shared_units(numbers, side);
  result.shared[unit] = static_cast<std::int64_t>(shared.size());
  if (shared.empty() || unit == Unit::recording || unit == Unit::study) return;
  std::set<std::int64_t> tested;
  for (std::size_t i = 0; i < side.size(); ++i) {
    if (side[i] == test && numbers[i] >= 0) tested.insert(numbers[i]);
  }
  FoldFinding finding{.code = std::string("leak/") + unit_name(unit) + "-split",
                      .severity = severity,
                      .size = static_cast<std::int64_t>(shared.size()),
                      .among = static_cast<std::int64_t>(tested.size())};
  for (const auto number : shared)
    add_example(finding.examples, number, [&](auto n) { return unit_label(prepared, unit, n); });
  result.findings.push_back(std::move(finding));
}

/// How a fold cuts the trials that have windows on both sides.
struct TrialCut {
  std::int64_t tested = 0;     ///< their tested windows
  std::int64_t adjoining = 0;  ///< of these, those with a training window of the trial next to them in time
  bool forward = true;         ///< in each trial training ends before testing begins
};

TrialCut cut_of_trials(const Prepared& prepared, const Ids& side) {
  const auto& trial = prepared.unit.at(Unit::trial);
  std::map<std::int64_t, Ids> windows;
  for (const auto number : shared_units(trial, side)) windows[number] = {};
  for (std::size_t i = 0; i < side.size(); ++i) {
    const auto found = side[i] == unused || trial[i] < 0 ? windows.end() : windows.find(trial[i]);
    if (found != windows.end()) found->second.push_back(static_cast<std::int64_t>(i));
  }
  const auto& origins = prepared.origins;
  TrialCut cut;
  for (auto& [number, members] : windows) {
    std::stable_sort(members.begin(), members.end(), [&](auto a, auto b) {
      return std::pair(prepared.recording[a], origins.begin[a]) < std::pair(prepared.recording[b], origins.begin[b]);
    });
    bool testing = false;
    for (std::size_t m = 0; m < members.size(); ++m) {
      const auto window = members[m];
      if (side[window] == training) {
        cut.forward = cut.forward && !testing;
        continue;
      }
      testing = true;
      ++cut.tested;
      const auto trains = [&](std::size_t other) { return side[members[other]] == training; };
      cut.adjoining += (m > 0 && trains(m - 1)) || (m + 1 < members.size() && trains(m + 1));
    }
  }
  return cut;
}

/// Windows of one trial on both sides tell the trial apart, not the class, where the label belongs to the trial, and
/// wherever they lie between each other. A figure that claims no more than later windows of the same trials may have
/// trained on earlier ones.
Severity severity_of_shared_trials(const Prepared& prepared, const Ids& side, const Claim& claim) {
  if (claim.unseen != Unit::sample) return Severity::stop;
  constexpr double few = 0.1, most = 0.5;
  const TrialCut cut = cut_of_trials(prepared, side);
  const double share = static_cast<double>(cut.adjoining) / static_cast<double>(std::max<std::int64_t>(cut.tested, 1));
  if (prepared.label_of_trial) return cut.forward && share <= few ? Severity::warn : Severity::stop;
  return share >= most ? Severity::stop : Severity::warn;
}

void check_units(const Prepared& prepared, const Ids& side, const Claim& claim, FoldResult& result) {
  const bool of_people = claim.unseen == Unit::subject || claim.unseen == Unit::study || prepared.label_of_subject;
  for (const Unit unit : units) {
    if (unit == Unit::trial)
      check_unit(prepared, side, unit, severity_of_shared_trials(prepared, side, claim), result);
    else if (unit == Unit::subject)
      check_unit(prepared, side, unit, of_people ? Severity::stop : Severity::note, result);
    else if (unit == Unit::session && claim.unseen == Unit::session)
      check_unit(prepared, side, unit, Severity::stop, result);
    else
      result.shared[unit] = static_cast<std::int64_t>(shared_units(prepared.unit.at(unit), side).size());
  }
}

void check_copies(const Prepared& prepared, const Ids& side, const AuditInputs& inputs, FoldResult& result) {
  if (!inputs.copies || inputs.copies->empty()) return;
  const auto& names = prepared.origins.recording.names;
  std::vector<std::array<bool, 2>> has(names.size(), {false, false});
  for (std::size_t i = 0; i < side.size(); ++i) {
    if (side[i] != unused && prepared.recording[i] >= 0) has[prepared.recording[i]][side[i]] = true;
  }
  const auto sides_of_recording = [&](const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? std::array<bool, 2>{} : has[found - names.begin()];
  };
  FoldFinding finding{.code = "leak/twin-recordings"};
  for (const auto& [a, b] : *inputs.copies) {
    const auto in_a = sides_of_recording(a), in_b = sides_of_recording(b);
    if (a == b || !((in_a[training] && in_b[test]) || (in_b[training] && in_a[test]))) continue;
    ++finding.size;
    add_example(finding.examples, a + " and " + b, [](const auto& text) { return text; });
  }
  finding.among = static_cast<std::int64_t>(inputs.copies->size());
  if (finding.size > 0) result.findings.push_back(std::move(finding));
}

/// Samples made from others that stand in the set itself: made before it was split.
void check_made_in_set(const Prepared& prepared, const Ids& side, FoldResult& result) {
  if (!prepared.any_made) return;
  const auto& origins = prepared.origins;
  std::vector<std::array<std::int64_t, 2>> parents(origins.parents.size(), {-1, -1});
  for (std::size_t i = 0; i < parents.size(); ++i) {
    for (std::size_t p = 0; p < 2; ++p) {
      const auto found = prepared.place_of_id.find(origins.parents[i][p]);
      if (origins.parents[i][p] != -1 && found != prepared.place_of_id.end()) parents[i][p] = found->second.front();
    }
  }
  const auto across = resampling_across(parents, side);
  Ids tested_made = across.synthetic_in_test;
  for (std::size_t i = 0; i < side.size(); ++i) {
    if (side[i] == test && is_made(origins, static_cast<std::int64_t>(i)))
      tested_made.push_back(static_cast<std::int64_t>(i));
  }
  std::sort(tested_made.begin(), tested_made.end());
  tested_made.erase(std::unique(tested_made.begin(), tested_made.end()), tested_made.end());
  if (!across.child_ancestor.empty()) {
    FoldFinding finding{.code = "leak/sample-in-both", .size = static_cast<std::int64_t>(across.child_ancestor.size())};
    finding.detail = "made";
    for (const auto& [child, ancestor] : across.child_ancestor)
      add_example(finding.examples, std::pair(child, ancestor), [&](const auto& pair) {
        return sample_name(origins, pair.first) + " made from " + sample_name(origins, pair.second);
      });
    result.findings.push_back(std::move(finding));
  }
  const auto size = across.child_ancestor.size() + across.siblings.size() + tested_made.size();
  if (size == 0) return;
  FoldFinding finding{.code = "leak/made-before-split", .size = static_cast<std::int64_t>(size)};
  for (const auto& [child, ancestor] : across.child_ancestor)
    add_example(finding.examples, std::pair(child, ancestor), [&](const auto& pair) {
      return sample_name(origins, pair.first) + " made from " + sample_name(origins, pair.second) +
             " on the other side";
    });
  for (const auto& pair : across.siblings)
    add_example(finding.examples, pair, [&](const auto& both) {
      return sample_name(origins, both.first) + " and " + sample_name(origins, both.second) + " share a parent";
    });
  for (const auto sample : tested_made)
    add_example(finding.examples, sample, [&](auto s) { return sample_name(origins, s) + " was made and is tested"; });
  result.findings.push_back(std::move(finding));
}

/// Ids of `all` that the fold tests, in the order given.
Ids tested_ids(const Prepared& prepared, const Ids& side, const Ids& all) {
  Ids tested;
  for (const auto id : all) {
    const auto found = prepared.place_of_id.find(id);
    if (found == prepared.place_of_id.end()) continue;
    if (std::any_of(found->second.begin(), found->second.end(), [&](auto place) { return side[place] == test; }))
      tested.push_back(id);
  }
  return tested;
}

void add_tested(const Ids& tested, const std::string& code, const std::string& detail, std::size_t among,
                FoldResult& result) {
  if (tested.empty()) return;
  FoldFinding finding{.code = code,
                      .size = static_cast<std::int64_t>(tested.size()),
                      .among = static_cast<std::int64_t>(among),
                      .detail = detail};
  for (const auto id : tested)
    add_example(finding.examples, id, [&](auto sample) {
      return (detail.empty() ? "" : detail + ": ") + "sample " + std::to_string(sample);
    });
  result.findings.push_back(std::move(finding));
}

void check_record(const Prepared& prepared, const AuditFold& fold, const Ids& side, FoldResult& result) {
  if (fold.record == nullptr) return;
  const FitRecord& record = *fold.record;
  for (const auto& statistic : record.statistics) {
    const std::size_t before = result.findings.size();
    add_tested(tested_ids(prepared, side, statistic.fitted_on), "leak/fit-on-test", statistic.name, fold.test.size(),
               result);
    // Unlabelled use of tested samples that says so by its name limits the figure, but is no secret (14.2).
    const bool declared = statistic.name.find("(transductive)") != std::string::npos;
    if (declared && result.findings.size() > before) result.findings.back().severity = Severity::warn;
  }
  for (const auto& selection : record.selections)
    add_tested(tested_ids(prepared, side, selection.scored_on), "leak/selected-on-test", selection.what,
               fold.test.size(), result);
  Ids parents;
  for (const auto& pair : record.made_parents) {
    const auto tested = tested_ids(prepared, side, {pair[0], pair[1]});
    if (!tested.empty()) parents.push_back(tested.front());
  }
  add_tested(parents, "leak/made-before-split", "parent of a sample made for training", record.made_parents.size(),
             result);
  add_tested(tested_ids(prepared, side, record.ancestry), "leak/warm-start", "", fold.test.size(), result);
  result.start_unknown = record.ancestry_known == "unknown";
}

void count_unknown(const Prepared& prepared, const Ids& side, FoldResult& result) {
  for (std::size_t i = 0; i < side.size(); ++i) {
    if (side[i] == unused || is_made(prepared.origins, static_cast<std::int64_t>(i))) continue;
    for (const Unit unit : units) result.unknown[unit] += prepared.unit.at(unit)[i] < 0;
    result.without_time += prepared.recording[i] < 0 || prepared.origins.begin[i] >= prepared.origins.end[i];
  }
}

/// The training window nearest in time to window `w` in its recording, of another trial; -1: there is none.
std::int64_t nearest_in_time(const Prepared& prepared, const Ids& side, std::int64_t w) {
  const auto& origins = prepared.origins;
  const auto& trial = prepared.unit.at(Unit::trial);
  const auto windows = prepared.order.of(prepared.recording[w]);
  const auto own = std::lower_bound(windows.begin(), windows.end(), origins.begin[w],
                                    [&](auto other, auto begin) { return origins.begin[other] < begin; });
  const auto counts = [&](auto other) { return side[other] == training && (trial[w] < 0 || trial[other] != trial[w]); };
  auto before = own, after = own;
  while (after != windows.end() && !counts(*after)) ++after;
  while (before != windows.begin() && !counts(*(before - 1))) --before;
  if (before == windows.begin()) return after == windows.end() ? -1 : *after;
  if (after == windows.end()) return *(before - 1);
  const auto gap_after = origins.begin[*after] - origins.end[w];
  const auto gap_before = origins.begin[w] - origins.end[*(before - 1)];
  return gap_after < gap_before ? *after : *(before - 1);
}

/// How well the label of the nearest training trial in time tells that of a tested one: a decoder of time alone.
void check_order_of_labels(const Prepared& prepared, const AuditFold& fold, const Ids& side, FoldResult& result) {
  if (prepared.labels.empty()) return;
  const auto& trial = prepared.unit.at(Unit::trial);
  std::set<std::int64_t> seen;
  for (const auto w : fold.test) {
    if (prepared.recording[w] < 0 || (trial[w] >= 0 && !seen.insert(trial[w]).second)) continue;
    const auto nearest = nearest_in_time(prepared, side, w);
    if (nearest < 0) continue;
    ++result.timed;
    result.told_by_time += prepared.labels[nearest] == prepared.labels[w];
  }
}

Ids recordings_of(const Origins& origins) {
  const auto& column = origins.recording;
  Ids recording(column.index.begin(), column.index.end());
  for (std::size_t i = 0; i < recording.size(); ++i) {
    if (recording[i] >= 0 && column.names[static_cast<std::size_t>(recording[i])].empty()) recording[i] = -1;
  }
  return recording;
}

}  // namespace

Prepared::Prepared(const Origins& given, std::span<const std::int64_t> given_labels)
    : origins(given),
      labels(given_labels),
      recording(recordings_of(given)),
      order(Windows{recording, given.begin, given.end}) {
  const Columns columns = columns_of(origins, labels);
  for (const Unit one : units) unit[one] = numbers_of(origins, columns, one);
  for (std::int64_t i = 0; i < origins.size(); ++i) {
    auto& places = place_of_id[origins.id[i]];
    places.push_back(i);
    same_id.push_back(places.front());
    any_made = any_made || is_made(origins, i);
  }
  // Without labels the usual case is taken: one label for the whole trial.
  label_of_trial = labels.empty() || label_belongs_to(unit[Unit::trial], labels);
  label_of_subject = label_belongs_to(unit[Unit::subject], labels);
}

FoldResult check_fold(const Prepared& prepared, const AuditFold& fold, const Claim& claim, const AuditInputs& inputs) {
  for (const auto* const samples : {&fold.train, &fold.test}) {
    for (const auto i : *samples) {
      if (i < 0 || i >= prepared.origins.size())
        throw usage_error("audit", "fold " + std::to_string(fold.number) + " names sample place " + std::to_string(i) +
                                       " of " + std::to_string(prepared.origins.size()));
    }
  }
  FoldResult result;
  const Ids side = sides_of(prepared, fold);
  check_samples(prepared, fold, result);
  check_time(prepared, fold, side, inputs, result);
  check_units(prepared, side, claim, result);
  check_copies(prepared, side, inputs, result);
  check_made_in_set(prepared, side, result);
  check_record(prepared, fold, side, result);
  check_order_of_labels(prepared, fold, side, result);
  count_unknown(prepared, side, result);
  return result;
}

}  // namespace caton::leak
