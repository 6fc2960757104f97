// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/bids/bids_folder.hpp"
#include "caton/datasets/study.hpp"
#include "caton/datasets/trial_signals.hpp"
#include "caton/recording/sample_times.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace caton {
namespace {

std::string text_option(const Json& options, const char* key) {
  const Json& value = options.at(key);
  return value.is_null() ? std::string() : value.text(key);
}

bool is_missing(const std::string& cell) { return cell.empty() || lower_case(cell) == "n/a"; }

/// How cells of the target column become classes.
struct Rule {
  std::string column;
  bool numeric = false;
  double threshold = 0;
  std::vector<std::string> classes;

  [[nodiscard]] std::int64_t label(const std::string& cell) const {
    if (is_missing(cell)) return -1;
    if (numeric) return *parse_number(cell) >= threshold ? 1 : 0;
    const auto at = std::find(classes.begin(), classes.end(), cell);
    return at == classes.end() ? -1 : at - classes.begin();
  }
};

class BidsStudy {
 public:
  BidsStudy(const Path& root, const Json& options) : root_(root), options_(options) {
    const std::string task = text_option(options, "task");
    for (BidsFile& file : bids_files(root)) {
      if (!task.empty() && file.task != task) continue;
      if (file.events)
        files_.push_back(std::move(file));
      else
        study_.findings.push_back(
            {"bids/no-events", Severity::warn, file.path.string(), "has no _events.tsv beside it and is left out"});
    }
    if (files_.empty())
      throw input_error(root.string(), "no recording" + (task.empty() ? "" : " of task " + task) + " has events");
  }

  Study open() {
    study_.name = "bids";
    make_rule();
    for (const BidsFile& file : files_) add_recording(file);
    std::sort(study_.recordings.begin(), study_.recordings.end(), [](const StudyRecording& a, const StudyRecording& b) {
      return std::tie(a.subject, a.session, a.id) < std::tie(b.subject, b.session, b.id);
    });
    if (study_.channels.empty()) throw input_error(root_.string(), "the recordings have no EEG channel in common");
    return std::move(study_);
  }

 private:
  std::vector<std::string> cells() const {
    std::vector<std::string> all;
    for (const BidsFile& file : files_) {
      const std::size_t column = file.events->column(rule_.column, file.id + "_events.tsv");
      for (const auto& row : file.events->rows)
        if (!is_missing(row[column])) all.push_back(row[column]);
    }
    if (all.empty()) throw input_error(root_.string(), "the column " + rule_.column + " of the events is empty");
    return all;
  }

  void make_rule() {
    rule_.column = text_option(options_, "target");
    if (rule_.column.empty()) rule_.column = files_.front().events->has("valence") ? "valence" : "trial_type";
    const auto all = cells();
    const Json& classes = options_.at("classes");
    rule_.numeric = classes.is_null() && std::all_of(all.begin(), all.end(), [](const std::string& cell) {
                      const auto value = parse_number(cell);
                      return value && std::isfinite(*value);
                    });
    if (rule_.numeric)
      make_threshold(all);
    else
      rule_.classes = classes.is_null() ? distinct(all) : classes.texts("classes");
    if (!rule_.numeric) study_.label_about = rule_.column + " of the events";
    if (rule_.classes.size() < 2)
      throw input_error(root_.string(), "the column " + rule_.column + " has fewer than two classes");
    study_.classes = rule_.classes;
  }

  static std::vector<std::string> distinct(const std::vector<std::string>& all) {
    const std::set<std::string> once(all.begin(), all.end());
    return {once.begin(), once.end()};
  }

  void make_threshold(const std::vector<std::string>& all) {
    double low = *parse_number(all.front()), high = low;
    for (const std::string& cell : all) {
      low = std::min(low, *parse_number(cell));
      high = std::max(high, *parse_number(cell));
    }
    const auto told = bids_range(root_, files_.front().task, rule_.column);
    if (told) std::tie(low, high) = *told;
    const Json& given = options_.at("threshold");
    rule_.threshold = given.is_null() ? (low + high) / 2 : given.number("threshold");
    if (given.is_null() && !told)
      study_.findings.push_back({"bids/threshold-guessed", Severity::warn, root_.string(),
                                 "no _events.json tells the range of " + rule_.column + "; the middle " +
                                     number_text(rule_.threshold) + " of what was given is the threshold"});
    rule_.classes = {"low", "high"};
    study_.label_about = rule_.column + " rated " + number_text(low) + " to " + number_text(high) + ", high from " +
                         number_text(rule_.threshold);
  }

  void add_recording(const BidsFile& file) {
    const auto opened = open_bids_recording(file);
    if (opened->main_rate_hz() == 0) throw input_error(file.path.string(), "has no channel with a sampling rate");
    keep_common_channels(*opened, file);
    StudyRecording recording;
    recording.id = file.id;
    recording.subject = file.subject;
    recording.session = file.session;
    recording.open = [file] { return open_bids_recording(file); };
    add_trials(file, *opened, recording);
    study_.recordings.push_back(std::move(recording));
  }

  void keep_common_channels(const Recording& recording, const BidsFile& file) {
    std::vector<std::string> names;
    for (const std::int64_t index : recording.channels_of_type("eeg"))
      names.push_back(recording.channels()[static_cast<std::size_t>(index)].name);
    if (study_.recordings.empty()) {
      study_.channels = names;
      return;
    }
    const std::size_t before = study_.channels.size();
    std::erase_if(study_.channels,
                  [&](const std::string& name) { return std::find(names.begin(), names.end(), name) == names.end(); });
    if (study_.channels.size() < before)
      study_.findings.push_back({"bids/channels-differ", Severity::warn, file.path.string(),
                                 "lacks " + std::to_string(before - study_.channels.size()) +
                                     " channel(s) that others have; only common ones are used"});
  }

  double length_of(const std::string& cell) const {
    const Json& given = options_.at("trial_s");
    if (!given.is_null()) return given.number("trial_s");
    return is_missing(cell) ? 0 : parse_number(cell).value_or(0);
  }

  void add_trials(const BidsFile& file, const Recording& opened, StudyRecording& recording) {
    const Table& events = *file.events;
    const std::string where = file.id + "_events.tsv";
    const std::size_t onset = events.column("onset", where), duration = events.column("duration", where);
    const std::size_t target = events.column(rule_.column, where);
    std::int64_t without_length = 0, outside = 0;
    for (std::size_t row = 0; row < events.rows.size(); ++row) {
      const auto& cells = events.rows[row];
      const auto begin_s = parse_number(cells[onset]);
      if (!begin_s || !std::isfinite(*begin_s))
        throw input_error(
            where, "line " + std::to_string(row + 2) + ": onset \"" + printable(cells[onset]) + "\" is no number");
      const std::int64_t label = rule_.label(cells[target]);
      if (label < 0) continue;
      const double length = length_of(cells[duration]);
      if (!(length > 0)) {
        ++without_length;
        continue;
      }
      StudyTrial trial;
      trial.name = numbered("trial-", static_cast<std::int64_t>(row) + 1);
      const Segment& last = opened.segments().back();
      trial.begin = sample_at(opened, *begin_s);
      trial.end = std::min(sample_at(opened, *begin_s + length), last.first + last.count);
      trial.label = label;
      if (rule_.numeric) trial.rating = *parse_number(cells[target]);
      const auto wanted = std::llround(length * opened.main_rate_hz());
      if (*begin_s < 0 || trial.end - trial.begin < wanted) {
        ++outside;
        continue;
      }
      recording.trials.push_back(trial);
    }
    report(where, "bids/event-without-duration", without_length, "have no duration (give trial_s)");
    report(where, "bids/trial-outside", outside, "reach into a gap or beyond the recording");
    std::sort(recording.trials.begin(), recording.trials.end(),
              [](const StudyTrial& a, const StudyTrial& b) { return a.begin < b.begin; });
  }

  void report(const std::string& where, const char* code, std::int64_t count, const std::string& what) {
    if (count > 0)
      study_.findings.push_back(
          {code, Severity::warn, where, std::to_string(count) + " event(s) " + what + "; left out"});
  }

  Path root_;
  Json options_;
  std::vector<BidsFile> files_;
  Rule rule_;
  Study study_;
};

const DatasetEntry bids{
    .name = "bids",
    .about =
        "any EEG study in the Brain Imaging Data Structure: recordings in EDF, BDF, BrainVision or EEGLAB, labels in "
        "events.tsv",
    .layout =
        "sub-<label>/[ses-<label>/]eeg/sub-<label>_[ses-<label>_]task-<label>_eeg.edf (.bdf, .vhdr, .set), beside it\n"
        "_events.tsv (onset, duration, and the target column: ratings or categories), and where known\n"
        "_channels.tsv, _electrodes.tsv, task-<label>_events.json (Minimum, Maximum of ratings).",
    .apply_at = "https://openneuro.org has many; terms are each study's own",
    .traps = {"a rating is one label of a whole trial: its windows belong on one side of a split",
              "studies copied into one another hold the same recording under two subjects"},
    .citation =
        "C. R. Pernet et al.: EEG-BIDS, an extension to the brain imaging data structure for "
        "electroencephalography. Scientific Data 6:103, 2019",
    .keys = {{"target", "text", Json{}, "column of events.tsv that holds the label (valence, else trial_type)"},
             {"threshold", "number", Json{}, "ratings from here on are high (the middle of the scale)"},
             {"classes", "list", Json{}, "categories to tell apart, in this order (all that occur)"},
             {"task", "text", Json{}, "only recordings of this task"},
             {"trial_s", "number", Json{}, "length of a trial from its onset (the event's own duration)"}},
    .open = [](const Path& folder, const Json& options) { return BidsStudy(folder, options).open(); },
};
CATON_REGISTER(DatasetEntry, bids);

}  // namespace
}  // namespace caton
