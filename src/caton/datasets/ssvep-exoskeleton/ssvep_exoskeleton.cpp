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

/// OpenViBE's codes: the label comes first, the flicker half a second later.
const std::map<std::string, std::string> classes{
    {"33024", "rest"}, {"33025", "13 Hz"}, {"33026", "21 Hz"}, {"33027", "17 Hz"}};
const char* const flicker_start = "32779";

/// Between "record-[" and "]": the time, which is the session.
std::string session_of(const Path& file) {
  const std::string stem = file.stem().string();
  const auto open = stem.find('['), close = stem.find(']');
  return open == std::string::npos || close == std::string::npos ? stem : stem.substr(open + 1, close - open - 1);
}

void add_trials(const Recording& opened, const EventRule& rule, StudyRecording& recording, Findings& findings) {
  std::string meaning;
  for (const Annotation& event : opened.annotations()) {
    const auto known = classes.find(event.text);
    if (known != classes.end()) meaning = known->second;
    if (event.text != flicker_start || meaning.empty()) continue;
    add_event_trial(opened, event, meaning, rule, recording, findings, "ssvep-exoskeleton");
    meaning.clear();
  }
}

Study open_gdf(const Path& folder, const Json& options) {
  const EventRule rule = event_rule(options, {"rest", "13 Hz", "21 Hz", "17 Hz"}, "ssvep-exoskeleton");
  Study study;
  study.name = "ssvep-exoskeleton";
  study.classes = rule.classes;
  study.channels = {"Oz", "O1", "O2", "PO3", "POz", "PO7", "PO8", "PO4"};
  study.label_about = "frequency of the flicker looked at";
  for (const Path& file : files_below(folder, ".gdf")) {
    StudyRecording recording;
    const std::string person = file.parent_path().filename().string();
    recording.subject = lower_case(person).rfind("subject", 0) == 0 ? person : "1";
    recording.session = session_of(file);
    recording.id = recording.subject + "_" + recording.session;
    recording.open = [file]() -> std::shared_ptr<const Recording> { return open_recording(file); };
    const auto opened = open_recording(file);
    add_trials(*opened, rule, recording, study.findings);
    study.recordings.push_back(std::move(recording));
  }
  finish_study(study, folder.string());
  return study;
}

std::vector<RecipeKey> keys() { return task_keys(2, 3.0); }

const DatasetEntry ssvep_exoskeleton{
    .name = "ssvep-exoskeleton",
    .aliases = {"ssvep-exo"},
    .about = "12 people look at 13, 17 or 21 Hz or at nothing; 8 occipital electrodes, 256 Hz",
    .layout =
        "subject01/record-[2012.07.06-19.02.16].gdf …; or the same in the task form (task.json and its .npz files)",
    .apply_at = "https://github.com/sylvchev/dataset-ssvep-exoskeleton (CC0-1.0)",
    .traps = {"the unit cannot be true (the GDF says uV with values of 0.005): use what does not depend on scale",
              "label 33026 is 21 Hz and 33027 is 17 Hz, not the other way round (spectra and CCA confirm it)",
              "2012.07.11-15.33.08 is filed under subject03 and subject07: one recording, found by its signal",
              "the label event comes half a second before the flicker; times here count from the flicker (32779)",
              "the authors leave out further sessions of subjects 8, 10 and 11"},
    .citation = "E. K. Kalunga et al.: Online SSVEP-based BCI using Riemannian geometry. Neurocomputing 191, 2016",
    .keys = keys(),
    .open =
        [](const Path& folder, const Json& options) {
          return is_task_folder(folder) ? open_task_study(folder, options) : open_gdf(folder, options);
        },
};
CATON_REGISTER(DatasetEntry, ssvep_exoskeleton);

}  // namespace
}  // namespace caton
