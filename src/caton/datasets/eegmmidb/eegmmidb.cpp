// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/described_recording.hpp"
#include "caton/datasets/event_trials.hpp"
#include "caton/datasets/task/task_study.hpp"
#include "caton/recording/channel_names.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace caton {
namespace {

/// What the runs of a person are, and what T1 and T2 mean in them.
struct RunKind {
  const char* name;
  std::vector<int> runs;
  const char *first, *second;
};
const std::vector<RunKind> kinds{{"eyes", {1, 2}, "eyes open", "eyes closed"},
                                 {"fists", {3, 7, 11}, "left fist", "right fist"},
                                 {"imagined-fists", {4, 8, 12}, "left fist", "right fist"},
                                 {"fists-feet", {5, 9, 13}, "both fists", "both feet"},
                                 {"imagined-fists-feet", {6, 10, 14}, "both fists", "both feet"}};

const RunKind& kind_named(const std::string& name) {
  std::vector<std::string> names;
  for (const RunKind& kind : kinds) {
    if (kind.name == name) return kind;
    names.emplace_back(kind.name);
  }
  throw usage_error("task", "\"" + printable(name) + "\" is no task of this study", suggestion(name, names));
}

/// "S001R04.edf" → person 1, run 4.
std::optional<std::pair<int, int>> person_and_run(const Path& path) {
  const std::string stem = path.stem().string();
  if (stem.size() != 7 || stem[0] != 'S' || stem[4] != 'R') return std::nullopt;
  const auto person = parse_integer(stem.substr(1, 3)), run = parse_integer(stem.substr(5, 2));
  if (!person || !run) return std::nullopt;
  return std::pair(static_cast<int>(*person), static_cast<int>(*run));
}

std::shared_ptr<const Recording> open_named(const Path& path) {
  auto inner = open_recording(path);
  auto channels = inner->channels();
  for (Channel& channel : channels) channel.name = normal_channel_name(channel.name);
  Findings findings = inner->findings();
  return described_recording(std::move(inner), std::move(channels), std::move(findings));
}

class Eegmmidb {
 public:
  Eegmmidb(const Path& folder, const Json& options)
      : folder_(folder), kind_(kind_named(options.at("task").text("task"))) {
    std::vector<std::string> all{kind_.first, kind_.second};
    if (kind_.runs.size() > 2) all.insert(all.begin(), "rest");
    Json chosen = options;
    if (chosen.at("classes").is_null())
      chosen["classes"] = Json::list_of(std::vector<std::string>{kind_.first, kind_.second});
    rule_ = event_rule(chosen, all, "eegmmidb");
  }

  Study open() {
    study_.name = "eegmmidb";
    study_.classes = rule_.classes;
    study_.label_about = std::string("cue of the run: ") + kind_.name;
    const std::vector<Path> files = files_below(folder_, ".edf");
    for (const Path& file : files) {
      const auto known = person_and_run(file);
      if (known && std::count(kind_.runs.begin(), kind_.runs.end(), known->second) > 0)
        add(file, known->first, known->second);
    }
    if (study_.recordings.empty())
      throw input_error(folder_.string(), "holds no run of \"" + std::string(kind_.name) + "\" named like S001R" +
                                              (kind_.runs[0] < 10 ? "0" : "") + std::to_string(kind_.runs[0]) + ".edf");
    keep_one_rate();
    finish_study(study_, folder_.string());
    return std::move(study_);
  }

 private:
  void add(const Path& file, int person, int run) {
    const auto opened = open_named(file);
    StudyRecording recording;
    recording.id = file.stem().string();
    recording.subject = recording.id.substr(0, 4);
    recording.session = recording.id.substr(4);
    recording.open = [file] { return open_named(file); };
    if (study_.channels.empty())
      for (const auto index : opened->channels_of_type("eeg"))
        study_.channels.push_back(opened->channels()[static_cast<std::size_t>(index)].name);
    rates_[recording.id] = opened->main_rate_hz();
    if (kind_.runs.size() == 2) {
      const Annotation whole{0, opened->duration_s(), run == 1 ? kind_.first : kind_.second};
      add_event_trial(*opened, whole, whole.text, rule_, recording, study_.findings, "eegmmidb");
    } else {
      for (const Annotation& event : opened->annotations())
        add_event_trial(*opened, event, meaning(event.text), rule_, recording, study_.findings, "eegmmidb");
    }
    if (person == 88 || person == 89 || person == 92 || person == 100 || person == 104)
      study_.findings.push_back(
          {"eegmmidb/odd-person", Severity::warn, recording.id,
           "this person's timing is known to differ from the others' (rate or length of trials)"});
    study_.recordings.push_back(std::move(recording));
  }

  std::string meaning(const std::string& code) const {
    return code == "T0" ? "rest" : code == "T1" ? kind_.first : code == "T2" ? kind_.second : code;
  }

  /// Windows of seconds would be windows of different samples: files of another rate than most are left out.
  void keep_one_rate() {
    std::map<double, int> votes;
    for (const auto& [id, rate] : rates_) ++votes[rate];
    const auto usual =
        std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    std::erase_if(study_.recordings, [&](const StudyRecording& recording) {
      const double rate = rates_[recording.id];
      if (rate == usual->first) return false;
      study_.findings.push_back(
          {"eegmmidb/rate-differs", Severity::warn, recording.id,
           "was recorded with " + number_text(rate) + " Hz, most with " + number_text(usual->first) + " Hz; left out"});
      return true;
    });
  }

  Path folder_;
  const RunKind& kind_;
  EventRule rule_;
  Study study_;
  std::map<std::string, double> rates_;
};

std::vector<RecipeKey> keys() {
  auto keys = event_keys(0, Json{});
  keys.push_back({"task", "text", "imagined-fists",
                  "eyes (R01 R02), fists (R03 R07 R11), imagined-fists (R04 R08 R12), fists-feet (R05 R09 R13) or "
                  "imagined-fists-feet (R06 R10 R14)"});
  return keys;
}

const DatasetEntry eegmmidb{
    .name = "eegmmidb",
    .aliases = {"physionet-motor-imagery"},
    .about = "109 people move or imagine to move fists and feet; 64 electrodes, 160 Hz, 14 runs (EDF+)",
    .layout = "S001/S001R01.edf … S109/S109R14.edf, anywhere below the folder; a run is a session here",
    .apply_at = "https://physionet.org/content/eegmmidb/1.0.0/ (open, ODC-By-1.0)",
    .traps = {"T1 and T2 mean left and right fist in runs 3 4 7 8 11 12, both fists and both feet in 5 6 9 10 13 14",
              "the rest between the cues (T0) is an annotation too; it is a class only where it is asked for",
              "S088, S092 and S100 were recorded with 128 Hz and other lengths: files of another rate are left out",
              "channel names are padded with dots (\"Fc5.\"); names here are FC5, C3 …",
              "public copies were damaged by a line-end conversion: caton convert --undo-line-ends repairs them",
              "with 45 trials a person an accuracy has an interval of about 13 points to either side"},
    .citation =
        "G. Schalk et al.: BCI2000: a general-purpose brain-computer interface system. IEEE TBME 51(6), 2004; "
        "A. L. Goldberger et al.: PhysioBank, PhysioToolkit, and PhysioNet. Circulation 101(23), 2000",
    .keys = keys(),
    .open = [](const Path& folder, const Json& options) { return Eegmmidb(folder, options).open(); },
};
CATON_REGISTER(DatasetEntry, eegmmidb);

}  // namespace
}  // namespace caton
