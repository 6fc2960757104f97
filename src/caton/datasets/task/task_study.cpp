// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/task/task_study.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/trial_signals.hpp"
#include "caton/recording/formats/task/task_codes.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

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
    choose_classes();
    for (const Json& channel : task_.at("channels", where_).items(where_))
      if (lower_case(channel.at("type", where_).text(where_)) == "eeg")
        study_.channels.push_back(channel.at("name", where_).text(where_));
    const Json* const meaning = task_.find("event_meaning");
    study_.label_about = meaning != nullptr && meaning->is_text() ? meaning->text() : "codes of the events";
    add_records();
    name_trials();
    if (options_.at("labels").text("labels") == "in-turn") label_in_turn();
    return std::move(study_);
  }

 private:
  void choose_classes() {
    const auto all = codes_.all();
    const Json& wanted = options_.at("classes");
    study_.classes = wanted.is_null() ? all : wanted.texts("classes");
    for (const std::string& name : study_.classes)
      if (std::find(all.begin(), all.end(), name) == all.end())
        throw usage_error("classes", "\"" + printable(name) + "\" is no class of " + study_.name,
                          suggestion(name, all));
    if (study_.classes.size() < 2) throw usage_error("classes", "at least two classes are needed");
    const std::string labels = options_.at("labels").text("labels");
    if (labels != "as-filed" && labels != "in-turn")
      throw usage_error("labels", "\"" + printable(labels) + "\" is neither as-filed nor in-turn");
    from_s_ = options_.at("from_s").number("from_s");
    if (!std::isfinite(from_s_)) throw usage_error("from_s", "must be a number of seconds");
  }

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
    if (study_.recordings.empty())
      throw usage_error("records", "none of the records chosen holds a trial of " + join(study_.classes, ", "));
    std::sort(study_.recordings.begin(), study_.recordings.end(), [](const StudyRecording& a, const StudyRecording& b) {
      return std::tie(a.subject, a.session, a.id) < std::tie(b.subject, b.session, b.id);
    });
  }

  void add_record(const Json& about, const std::string& file, const std::string& id) {
    const Path path = safe_join(folder_, file, where_);
    StudyRecording recording;
    recording.id = id;
    recording.subject = text_or(about, "subject", "1");
    recording.session = text_or(about, "session", text_or(about, "run", "1"));
    recording.open = [path]() -> std::shared_ptr<const Recording> { return open_recording(path); };
    const auto opened = open_recording(path);
    if (opened->channels().empty()) throw input_error(path.string(), "has no channel");
    for (const Annotation& event : opened->annotations()) add_trial(*opened, event, path, recording);
    if (std::any_of(recording.trials.begin(), recording.trials.end(), [](const auto& t) { return t.label >= 0; })) {
      study_.recordings.push_back(std::move(recording));
    } else {
      study_.findings.push_back({"task/record-unused", Severity::note, path.string(),
                                 "holds no trial of " + join(study_.classes, ", ") + " and is left out"});
    }
  }

  void add_trial(const Recording& opened, const Annotation& event, const Path& path, StudyRecording& recording) {
    const double rate = opened.main_rate_hz();
    StudyTrial trial;
    const auto at = std::find(study_.classes.begin(), study_.classes.end(), event.text);
    trial.label = at == study_.classes.end() ? -1 : at - study_.classes.begin();
    trial.begin = std::llround((event.onset_s + from_s_) * rate);
    trial.end = trial.begin + std::llround(length_of(event) * rate);
    if (trial.begin >= 0 && trial.end <= opened.channels().front().samples) {
      recording.trials.push_back(trial);
      return;
    }
    if (trial.label < 0) return;
    study_.findings.push_back({"task/trial-cut", Severity::warn,
                               path.string() + ", " + fixed_text(event.onset_s, 3) + " s",
                               "a trial of \"" + event.text + "\" reaches beyond the recording and is left out"});
  }

  double length_of(const Annotation& event) const {
    const Json& given = options_.at("trial_s");
    if (!given.is_null()) {
      const double length = given.number("trial_s");
      if (!(length > 0) || !std::isfinite(length)) throw usage_error("trial_s", "must be above 0 s");
      return length;
    }
    const double rest = event.duration_s - from_s_;
    if (event.duration_s > 0 && rest > 0) return rest;
    throw usage_error(study_.name,
                      event.duration_s > 0 ? "from_s lies behind the end of its events" : "its events have no duration",
                      "say how long a trial is with trial_s");
  }

  /// Names are unique within subject and session, where several recordings of one session need theirs in front.
  void name_trials() {
    std::map<std::pair<std::string, std::string>, int> recordings;
    for (const auto& recording : study_.recordings) ++recordings[{recording.subject, recording.session}];
    for (auto& recording : study_.recordings) {
      const bool alone = recordings[{recording.subject, recording.session}] == 1;
      std::int64_t number = 0;
      for (StudyTrial& trial : recording.trials)
        trial.name = (alone ? "" : recording.id + "/") + numbered("trial-", ++number);
    }
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
  double from_s_ = 0;
};

}  // namespace

std::string task_layout() {
  return "task.json (sampling_rate_hz, channels, codes, records with file, subject, session) and the .npz files\n"
         "it names: x int16 [channels, samples], scale, offset, events [onset, duration, code]";
}

std::vector<RecipeKey> task_keys() {
  return {{"classes", "list", Json{}, "classes to tell apart, by their meaning in task.json (all)"},
          {"records", "list", Json{}, "only these records, by file name without ending (all)"},
          {"from_s", "number", 0.0, "begin of a trial after its event's onset; negative: before it"},
          {"trial_s", "number", Json{}, "length of a trial from its begin (up to the end of the event's own duration)"},
          {"labels", "text", "as-filed",
           "as-filed, or in-turn: labels without meaning, to show what a leak makes of them"}};
}

std::vector<RecipeKey> task_keys(double from_s, double trial_s) {
  auto keys = task_keys();
  for (RecipeKey& key : keys) {
    if (key.name == "from_s") key.standard = from_s;
    if (key.name == "trial_s") key.standard = trial_s;
  }
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
