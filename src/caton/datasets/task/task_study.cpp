// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/task/task_study.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/event_trials.hpp"
#include "caton/recording/formats/task/task_codes.hpp"

#include <algorithm>
#include <set>

namespace caton {
namespace {

class TaskFolder {
 public:
  TaskFolder(const Path& folder, const Json& options)
      : folder_(folder),
        where_((folder / "task.json").string()),
        options_(options),
        task_(parse_json(read_text_file(folder / "task.json", limits::json_bytes), where_)),
        codes_(task_, where_) {}

  Study open() {
    study_.name = task_.at("name", where_).text(where_);
    rule_ = event_rule(options_, codes_.all(), study_.name);
    study_.classes = rule_.classes;
    const std::string labels = options_.at("labels").text("labels");
    if (labels != "as-filed" && labels != "in-turn")
      throw usage_error("labels", "\"" + printable(labels) + "\" is neither as-filed nor in-turn");
    for (const Json& channel : task_.at("channels", where_).items(where_))
      if (lower_case(channel.at("type", where_).text(where_)) == "eeg")
        study_.channels.push_back(channel.at("name", where_).text(where_));
    const Json* const meaning = task_.find("event_meaning");
    study_.label_about = meaning != nullptr && meaning->is_text() ? meaning->text() : "codes of the events";
    add_records();
    finish_study(study_, where_);
    name_trials();
    if (labels == "in-turn") label_in_turn();
    return std::move(study_);
  }

 private:
  std::string text_or(const Json& record, const char* key, const std::string& standard) const {
    const Json* const value = record.find(key);
    return value == nullptr || value->is_null() ? standard : value->text(where_);
  }

  void add_records() {
    std::set<std::string> ids;
    std::vector<std::string> known;
    const Json& given = options_.at("records");
    const auto wanted = given.is_null() ? std::vector<std::string>{} : given.texts("records");
    for (const Json& record : task_.at("records", where_).items(where_)) {
      const std::string file = record.at("file", where_).text(where_), id = Path(file).stem().string();
      known.push_back(id);
      if (!ids.insert(id).second) throw input_error(where_, "two records are named " + printable(id));
      if (given.is_null() || std::find(wanted.begin(), wanted.end(), id) != wanted.end()) add_record(record, file, id);
    }
    for (const std::string& id : wanted)
      if (ids.count(id) == 0)
        throw usage_error("records", "\"" + printable(id) + "\" is no record of " + study_.name, suggestion(id, known));
  }

  void add_record(const Json& about, const std::string& file, const std::string& id) {
    const Path path = safe_join(folder_, file, where_);
    StudyRecording recording;
    recording.id = id;
    recording.subject = text_or(about, "subject", "1");
    recording.session = text_or(about, "session", text_or(about, "run", "1"));
    recording.open = [path]() -> std::shared_ptr<const Recording> { return open_recording(path); };
    const auto opened = open_recording(path);
    for (const Annotation& event : opened->annotations())
      add_event_trial(*opened, event, event.text, rule_, recording, study_.findings, "task");
    study_.recordings.push_back(std::move(recording));
  }

  /// Where events are states that a recording changes between, the recording is what is one of a kind, not the state.
  void name_trials() {
    const std::string& trials = options_.at("trials").text("trials");
    if (trials != "events" && trials != "recordings")
      throw usage_error("trials", "\"" + printable(trials) + "\" is neither events nor recordings");
    if (trials == "events") return;
    for (auto& recording : study_.recordings)
      for (StudyTrial& trial : recording.trials) trial.name = recording.id;
  }

  void label_in_turn() {
    const auto classes = static_cast<std::int64_t>(study_.classes.size());
    std::int64_t next = 0;
    std::string subject;
    for (auto& recording : study_.recordings) {
      if (recording.subject != subject) next = 0;
      subject = recording.subject;
      for (StudyTrial& trial : recording.trials)
        if (trial.label >= 0) trial.label = next++ % classes;
    }
    study_.label_about = "labels without meaning, as asked for: the classes in turn, in order of trials";
    study_.findings.push_back({"task/labels-meaningless", Severity::warn, study_.name,
                               "the labels were replaced by the classes in turn: whatever is decoded is a leak"});
  }

  Path folder_;
  std::string where_;
  Json options_, task_;
  TaskCodes codes_;
  Study study_;
  EventRule rule_;
};

}  // namespace

std::string task_layout() {
  return "task.json (sampling_rate_hz, channels, codes, records with file, subject, session) and the .npz files\n"
         "it names: x int16 [channels, samples], scale, offset, events [onset, duration, code]";
}

std::vector<RecipeKey> task_keys(double from_s, const Json& trial_s) {
  auto keys = event_keys(from_s, trial_s);
  keys.push_back({"records", "list", Json{}, "only these records, by file name without ending (all)"});
  keys.push_back({"trials", "text", "events",
                  "events: each event is a trial; recordings: a recording is one, its events are states within it"});
  keys.push_back({"labels", "text", "as-filed",
                  "as-filed, or in-turn: labels without meaning, to show what a leak makes of them"});
  return keys;
}

bool is_task_folder(const Path& folder) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(folder / "task.json", ignored);
}

Study open_task_study(const Path& folder, const Json& options) {
  if (!is_task_folder(folder))
    throw input_error(folder.string(), "holds no task.json", "name the folder of a study in the task form");
  return TaskFolder(folder, options).open();
}

}  // namespace caton
