// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/event_trials.hpp"

#include "caton/base/error.hpp"
#include "caton/base/folder.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/trial_signals.hpp"
#include "caton/recording/sample_times.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace caton {
namespace {

constexpr int deepest = 4;

double length_of(const Annotation& event, const EventRule& rule, const std::string& study) {
  if (rule.trial_s) return *rule.trial_s;
  const double rest = event.duration_s - rule.from_s;
  if (event.duration_s > 0 && rest > 0) return rest;
  throw usage_error(study,
                    event.duration_s > 0 ? "from_s lies behind the end of its events" : "its events have no duration",
                    "say how long a trial is with trial_s");
}

/// Whether a stretch lies in one segment.
bool continuous(const Recording& recording, const StudyTrial& trial) {
  const auto& segments = recording.segments();
  return std::any_of(segments.begin(), segments.end(), [&](const Segment& segment) {
    return trial.begin >= segment.first && trial.end <= segment.first + segment.count;
  });
}

void collect(const Path& folder, int depth, const std::string& ending, std::vector<Path>& files) {
  for (const Path& entry : entries_of(folder)) {
    if (std::filesystem::is_symlink(entry)) continue;
    if (std::filesystem::is_directory(entry) && depth < deepest) collect(entry, depth + 1, ending, files);
    if (std::filesystem::is_regular_file(entry) && lower_case(entry.extension().string()) == ending)
      files.push_back(entry);
    if (static_cast<std::int64_t>(files.size()) > limits::bids_files)
      throw input_error(folder.string(), "holds too many files");
  }
}

}  // namespace

std::int64_t EventRule::label(const std::string& meaning) const {
  const auto at = std::find(classes.begin(), classes.end(), meaning);
  return at == classes.end() ? -1 : at - classes.begin();
}

std::vector<RecipeKey> event_keys(double from_s, const Json& trial_s) {
  return {
      {"classes", "list", Json{}, "classes to tell apart, in this order (all)"},
      {"from_s", "number", from_s, "begin of a trial after its event's onset; negative: before it"},
      {"trial_s", "number", trial_s, "length of a trial from its begin (up to the end of the event's own duration)"}};
}

EventRule event_rule(const Json& options, const std::vector<std::string>& all, const std::string& study) {
  EventRule rule;
  const Json& wanted = options.at("classes");
  rule.classes = wanted.is_null() ? all : wanted.texts("classes");
  for (const std::string& name : rule.classes)
    if (std::find(all.begin(), all.end(), name) == all.end())
      throw usage_error("classes", "\"" + printable(name) + "\" is no class of " + study, suggestion(name, all));
  if (rule.classes.size() < 2) throw usage_error("classes", "at least two classes are needed");
  rule.from_s = options.at("from_s").number("from_s");
  if (!std::isfinite(rule.from_s)) throw usage_error("from_s", "must be a number of seconds");
  const Json& length = options.at("trial_s");
  if (length.is_null()) return rule;
  rule.trial_s = length.number("trial_s");
  if (!(*rule.trial_s > 0) || !std::isfinite(*rule.trial_s)) throw usage_error("trial_s", "must be above 0 s");
  return rule;
}

void add_event_trial(const Recording& opened, const Annotation& event, const std::string& meaning,
                     const EventRule& rule, StudyRecording& recording, Findings& findings, const std::string& study) {
  const double rate = opened.main_rate_hz();
  StudyTrial trial;
  trial.label = rule.label(meaning);
  if (trial.label < 0 && !rule.trial_s && event.duration_s <= rule.from_s) return;
  trial.begin = sample_at(opened, event.onset_s) + std::llround(rule.from_s * rate);
  trial.end = trial.begin + std::llround(length_of(event, rule, study) * rate);
  if (trial.end > trial.begin && continuous(opened, trial)) {
    recording.trials.push_back(trial);
  } else if (trial.label >= 0) {
    findings.push_back(
        {study + "/trial-cut", Severity::warn, recording.id + ", " + fixed_text(event.onset_s, 3) + " s",
         "a trial of \"" + printable(meaning) + "\" reaches beyond the recording or into a gap; left out"});
  }
}

void finish_study(Study& study, const std::string& where) {
  std::erase_if(study.recordings, [&](const StudyRecording& recording) {
    const bool used = std::any_of(recording.trials.begin(), recording.trials.end(),
                                  [](const StudyTrial& trial) { return trial.label >= 0; });
    if (!used)
      study.findings.push_back({study.name + "/record-unused", Severity::note, recording.id,
                                "holds no trial of " + join(study.classes, ", ") + " and is left out"});
    return !used;
  });
  if (study.recordings.empty())
    throw input_error(where, "no recording holds a trial of " + join(study.classes, ", "),
                      "check the keys of [study]; caton datasets says what the folder must look like");
  std::sort(study.recordings.begin(), study.recordings.end(), [](const StudyRecording& a, const StudyRecording& b) {
    return std::tie(a.subject, a.session, a.id) < std::tie(b.subject, b.session, b.id);
  });
  std::map<std::pair<std::string, std::string>, int> recordings;
  for (const auto& recording : study.recordings) ++recordings[{recording.subject, recording.session}];
  for (auto& recording : study.recordings) {
    // Several recordings of one session need their name in front.
    const bool alone = recordings[{recording.subject, recording.session}] == 1;
    std::sort(recording.trials.begin(), recording.trials.end(),
              [](const StudyTrial& a, const StudyTrial& b) { return a.begin < b.begin; });
    std::int64_t number = 0;
    for (StudyTrial& trial : recording.trials)
      trial.name = (alone ? "" : recording.id + "/") + numbered("trial-", ++number);
  }
}

std::vector<Path> files_below(const Path& folder, const char* ending) {
  if (!std::filesystem::is_directory(folder))
    throw input_error(folder.string(), "is no folder", "name the study's folder with path or --data");
  std::vector<Path> files;
  collect(folder, 0, ending, files);
  return files;
}

}  // namespace caton
