// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/event_trials.hpp"
#include "caton/datasets/task/task_study.hpp"

#include <algorithm>
#include <map>

namespace caton {
namespace {

/// One of the three experiments: what the markers mean.
struct Experiment {
  std::string name;
  std::map<std::string, std::string> classes;  ///< by marker
};

const Experiment p300{"p300-muse", {{"1", "non-target"}, {"2", "target"}}};
const Experiment n170{"n170-muse", {{"1", "picture class 1"}, {"2", "picture class 2"}}};
const Experiment ssvep{"ssvep-muse", {{"1", "30 Hz"}, {"2", "20 Hz"}}};

/// The nearest folder above a file whose name begins so ("subject1").
std::string folder_named(const Path& file, const Path& root, const std::string& word, const std::string& standard) {
  for (Path at = file.parent_path(); !at.empty() && at != at.parent_path(); at = at.parent_path()) {
    const std::string name = at.filename().string();
    if (lower_case(name).rfind(word, 0) == 0) return name;
    if (at == root) break;
  }
  return standard;
}

/// The CSV files of muse-lsl as the authors filed them.
Study open_csv(const Experiment& experiment, const Path& folder, const Json& options) {
  std::vector<std::string> all;
  for (const auto& [marker, name] : experiment.classes) all.push_back(name);
  const EventRule rule = event_rule(options, all, experiment.name);
  Study study;
  study.name = experiment.name;
  study.classes = rule.classes;
  study.channels = {"TP9", "AF7", "AF8", "TP10"};
  study.label_about = "marker of the picture or flicker";
  for (const Path& file : files_below(folder, ".csv")) {
    if (format_of(file).name != "Muse CSV") continue;
    StudyRecording recording;
    recording.subject = folder_named(file, folder, "subject", "1");
    recording.session = folder_named(file, folder, "session", "1");
    recording.id = recording.subject + "_" + recording.session + "_" + file.stem().string();
    recording.open = [file]() -> std::shared_ptr<const Recording> { return open_recording(file); };
    const auto opened = open_recording(file);
    for (const Annotation& event : opened->annotations()) {
      const auto known = experiment.classes.find(event.text);
      if (known != experiment.classes.end())
        add_event_trial(*opened, event, known->second, rule, recording, study.findings, experiment.name);
    }
    study.recordings.push_back(std::move(recording));
  }
  finish_study(study, folder.string());
  return study;
}

Study open_experiment(const Experiment& experiment, const Path& folder, const Json& options) {
  return is_task_folder(folder) ? open_task_study(folder, options) : open_csv(experiment, folder, options);
}

const std::string layout =
    "subject<n>/session<n>/*.csv as muse-lsl writes them, with a column Marker; or the same in the task form\n"
    "(task.json and its .npz files)";
const std::string source =
    "https://github.com/NeuroTechX/eeg-notebooks_v0.1, data/visual (BSD-3-Clause; keep its notice)";
const std::string citation = "A. Barachant and the contributors of eeg-notebooks, NeuroTechX, 2017";

const DatasetEntry p300_entry{
    .name = "p300-muse",
    .about = "visual oddball: 3 people, 120 s a recording, about 16 % targets; Muse headband, 256 Hz",
    .layout = layout,
    .apply_at = source,
    .traps = {"16 % targets: 84 % by always saying no; look at AUC or balanced accuracy",
              "subject3 is at chance: told, not pooled away",
              "TP9 of subject1, session 1, is noisy; contact differs a lot between recordings"},
    .citation = citation,
    .keys = task_keys(-26.0 / 256, 230.0 / 256),
    .open = [](const Path& folder, const Json& options) { return open_experiment(p300, folder, options); },
};
CATON_REGISTER(DatasetEntry, p300_entry);

const DatasetEntry n170_entry{
    .name = "n170-muse",
    .about = "faces and houses: 3 people, two classes of pictures; Muse headband, 256 Hz",
    .layout = layout,
    .apply_at = source,
    .traps =
        {"which marker is faces may differ between 2017 (subject1) and 2018: between people the decision turns around",
         "a recording of subject3 is filed under two sessions; copies are found by their signal and left out",
         "time stamps of 2017 go backwards where packets meet: the order of rows is kept"},
    .citation = citation,
    .keys = task_keys(-26.0 / 256, 230.0 / 256),
    .open = [](const Path& folder, const Json& options) { return open_experiment(n170, folder, options); },
};
CATON_REGISTER(DatasetEntry, n170_entry);

const DatasetEntry ssvep_entry{
    .name = "ssvep-muse",
    .about = "flicker of 30 and 20 Hz: 2 people; Muse headband with an extra electrode (Right AUX), 256 Hz",
    .layout = layout,
    .apply_at = source,
    .traps = {"Right AUX carries the extra electrode where it was worn: channels = [\"Right AUX\"] decodes from it",
              "subject4 is at chance on every channel: told, not averaged away with subject1",
              "time stamps of subject1 go backwards where packets meet: the order of rows is kept"},
    .citation = citation,
    .keys = task_keys(0.5, 2.5),
    .open = [](const Path& folder, const Json& options) { return open_experiment(ssvep, folder, options); },
};
CATON_REGISTER(DatasetEntry, ssvep_entry);

}  // namespace
}  // namespace caton
