// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/recording_trials.hpp"

#include "caton/base/error.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/event_trials.hpp"
#include "caton/datasets/trial_signals.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace caton {
namespace {

/// Tables beside derivatives tell what was done to them, not what happened.
std::optional<Path> bids_events_beside(const Path& file) {
  const std::string stem = file.stem().string(), ending = "_eeg";
  if (stem.size() <= ending.size() || stem.substr(stem.size() - ending.size()) != ending ||
      stem.find("_desc-") != std::string::npos)
    return std::nullopt;
  const Path events = file.parent_path() / (stem.substr(0, stem.size() - ending.size()) + "_events.tsv");
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(events, ignored)) return std::nullopt;
  return events;
}

std::vector<Annotation> events_of_table(const Path& file, const TrialRule& rule) {
  const Table table = read_table(file, lower_case(file.extension().string()) == ".csv" ? ',' : '\t');
  const std::string where = file.string();
  const std::size_t onset = table.column("onset", where), duration = table.column("duration", where);
  std::string named = "trial_type";
  if (!rule.column.empty() && table.has(rule.column)) named = rule.column;
  std::vector<Annotation> events;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto& row = table.rows[r];
    const auto begin_s = parse_number(row[onset]);
    if (!begin_s || !std::isfinite(*begin_s))
      throw input_error(where,
                        "line " + std::to_string(r + 2) + ": onset \"" + printable(row[onset]) + "\" is no number");
    const double lasts_s = parse_number(row[duration]).value_or(0);
    events.push_back({*begin_s, std::isfinite(lasts_s) ? lasts_s : 0,
                      table.has(named) ? row[table.column(named, where)] : std::string("event")});
  }
  return events;
}

bool marked_bad(const Annotation& event) { return lower_case(event.text).rfind("bad", 0) == 0; }

bool among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void keep_named(std::vector<Annotation>& events, const std::vector<std::string>& names, const std::string& where) {
  std::set<std::string> once;
  for (const Annotation& event : events) once.insert(event.text);
  const std::vector<std::string> known(once.begin(), once.end());
  for (const std::string& name : names)
    if (!among(known, name))
      throw usage_error(where, "has no event \"" + printable(name) + "\"", suggestion(name, known));
  std::erase_if(events, [&](const Annotation& event) { return !among(names, event.text); });
}

}  // namespace

RecordingTrials recording_trials(const Recording& recording, const Path& file, const TrialRule& rule,
                                 const TrialChoice& choice) {
  const auto table = choice.events ? choice.events : bids_events_beside(file);
  std::vector<Annotation> events = table ? events_of_table(*table, rule) : recording.annotations();
  std::erase_if(events, marked_bad);
  if (!choice.names.empty()) {
    keep_named(events, choice.names, (table ? *table : file).string());
  } else if (std::any_of(events.begin(), events.end(),
                         [&](const Annotation& event) { return among(rule.classes, event.text); })) {
    std::erase_if(events, [&](const Annotation& event) { return !among(rule.classes, event.text); });
  }
  RecordingTrials result;
  std::int64_t without_length = 0;
  for (const Annotation& event : events) {
    if (!rule.trial_s && !(event.duration_s > std::max(0.0, rule.from_s))) {
      ++without_length;
      continue;
    }
    StudyRecording one;
    one.id = file.filename().string();
    const EventRule placed{.classes = {event.text}, .from_s = rule.from_s, .trial_s = rule.trial_s};
    add_event_trial(recording, event, event.text, placed, one, result.findings, "predict");
    for (const StudyTrial& trial : one.trials) result.trials.push_back({{}, event.text, trial.begin, trial.end});
  }
  if (without_length > 0)
    result.findings.push_back({"predict/event-without-duration", Severity::warn, (table ? *table : file).string(),
                               std::to_string(without_length) + " event(s) have no duration and are no trials"});
  std::stable_sort(result.trials.begin(), result.trials.end(),
                   [](const RecordingTrial& a, const RecordingTrial& b) { return a.begin < b.begin; });
  std::int64_t number = 0;
  for (RecordingTrial& trial : result.trials) trial.name = numbered("trial-", ++number);
  return result;
}

}  // namespace caton
