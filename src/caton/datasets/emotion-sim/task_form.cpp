// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/study.hpp"
#include "caton/datasets/trial_signals.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

namespace caton {
namespace {

/// A code of an event and what it means.
struct Code {
  std::int64_t code = 0;
  std::string meaning;
};

class TaskFolder {
 public:
  TaskFolder(const Path& folder, const Json& options)
      : folder_(folder),
        where_((folder / "task.json").string()),
        options_(options),
        task_(parse_json(read_text_file(folder / "task.json", limits::json_bytes), where_)) {}

  Study open() {
    study_.name = task_.at("name", where_).text(where_);
    choose_classes();
    for (const Json& channel : task_.at("channels", where_).items(where_))
      if (lower_case(channel.at("type", where_).text(where_)) == "eeg")
        study_.channels.push_back(channel.at("name", where_).text(where_));
    const Json* const meaning = task_.find("event_meaning");
    study_.label_about = meaning != nullptr && meaning->is_text() ? meaning->text() : "codes of the events";
    for (const Json& record : task_.at("records", where_).items(where_)) add_record(record);
    std::sort(study_.recordings.begin(), study_.recordings.end(), [](const StudyRecording& a, const StudyRecording& b) {
      return std::tie(a.subject, a.session, a.id) < std::tie(b.subject, b.session, b.id);
    });
    return std::move(study_);
  }

 private:
  void choose_classes() {
    for (const auto& [code, meaning] : task_.at("codes", where_).members(where_)) {
      const auto number = parse_integer(code);
      if (!number) throw input_error(where_, "the code \"" + printable(code) + "\" is no whole number");
      codes_.push_back({*number, meaning.text(where_)});
    }
    std::sort(codes_.begin(), codes_.end(), [](const Code& a, const Code& b) { return a.code < b.code; });
    std::vector<std::string> all;
    for (const Code& code : codes_) all.push_back(code.meaning);
    const Json& wanted = options_.at("classes");
    study_.classes = wanted.is_null() ? all : wanted.texts("classes");
    for (const std::string& name : study_.classes)
      if (std::find(all.begin(), all.end(), name) == all.end())
        throw usage_error("classes", "\"" + printable(name) + "\" is no class of " + study_.name,
                          suggestion(name, all));
    if (study_.classes.size() < 2) throw usage_error("classes", "at least two classes are needed");
  }

  std::string text_or(const Json& record, const char* key, const std::string& standard) const {
    const Json* const value = record.find(key);
    return value == nullptr || value->is_null() ? standard : value->text(where_);
  }

  std::int64_t label_of(const std::string& meaning) const {
    const auto at = std::find(study_.classes.begin(), study_.classes.end(), meaning);
    return at == study_.classes.end() ? -1 : at - study_.classes.begin();
  }

  void add_record(const Json& record) {
    const std::string file = record.at("file", where_).text(where_);
    const Path path = safe_join(folder_, file, where_);
    StudyRecording recording;
    recording.id = Path(file).stem().string();
    recording.subject = text_or(record, "subject", "1");
    recording.session = text_or(record, "session", text_or(record, "run", "1"));
    recording.open = [path]() -> std::shared_ptr<const Recording> { return open_recording(path); };
    const auto opened = open_recording(path);
    const double rate = opened->main_rate_hz();
    const std::int64_t samples = opened->channels().front().samples;
    std::int64_t number = 0;
    for (const Annotation& event : opened->annotations()) {
      StudyTrial trial;
      trial.name = numbered("trial-", ++number);
      trial.begin = std::llround(event.onset_s * rate);
      trial.end = trial.begin + std::llround(length_of(event) * rate);
      trial.label = label_of(event.text);
      if (trial.begin < 0 || trial.end > samples) {
        study_.findings.push_back({"task/trial-cut", Severity::warn, path.string() + ", " + trial.name,
                                   "reaches beyond the recording and is left out"});
        continue;
      }
      recording.trials.push_back(trial);
    }
    study_.recordings.push_back(std::move(recording));
  }

  double length_of(const Annotation& event) const {
    const Json& given = options_.at("trial_s");
    if (!given.is_null()) {
      const double length = given.number("trial_s");
      if (!(length > 0) || !std::isfinite(length)) throw usage_error("trial_s", "must be above 0 s");
      return length;
    }
    if (event.duration_s > 0) return event.duration_s;
    throw usage_error(study_.name, "its events have no duration", "say how long a trial is with trial_s");
  }

  Path folder_;
  std::string where_;
  Json options_, task_;
  Study study_;
  std::vector<Code> codes_;
};

Study open_task(const Path& folder, const Json& options) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(folder / "task.json", ignored))
    throw input_error(folder.string(), "holds no task.json", "name the folder of a study in the task form");
  return TaskFolder(folder, options).open();
}

const DatasetEntry emotion_sim{
    .name = "emotion-sim",
    .aliases = {"task"},
    .about = "any study in the task form; as emotion-sim: 8 simulated people, 9 clips, 14 electrodes, 128 Hz",
    .layout =
        "task.json (sampling_rate_hz, channels, codes, records with file, subject, session) and the .npz files\n"
        "it names: x int16 [channels, samples], scale, offset, events [onset, duration, code]",
    .apply_at = "the form of caton's test recordings; any study can be written in it",
    .traps = {"windows of one clip on both sides of a split are recognised by the clip's own fingerprint",
              "byte-equal recordings under two names occur in some of these studies",
              "with few clips the interval of any accuracy is wide"},
    .citation = "see origin and licence in task.json",
    .keys = {{"classes", "list", Json{}, "classes to tell apart, by their meaning in task.json (all)"},
             {"trial_s", "number", Json{}, "length of a trial from its onset (the event's own duration)"}},
    .open = open_task,
};
CATON_REGISTER(DatasetEntry, emotion_sim);

}  // namespace
}  // namespace caton
