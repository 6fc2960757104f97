// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/event_trials.hpp"
#include "caton/datasets/task/task_study.hpp"

#include <algorithm>

namespace caton {
namespace {

constexpr double rate_hz = 128;
const std::vector<std::string> electrodes{"AF3", "F7", "F3", "FC5", "T7", "P7", "O1",
                                          "O2",  "P8", "T8", "FC6", "F4", "F8", "AF4"};
const std::vector<std::string> classes{"eyes open", "eyes closed"};

std::shared_ptr<const Recording> open_table(const Path& file) {
  return open_recording(file, {.rate_hz = rate_hz, .unit = "uV"});
}

/// Runs of equal label become events.
std::vector<Annotation> runs_of(const Recording& recording, const Path& file) {
  const std::int64_t label = recording.channel_index("eyeDetection");
  const std::int64_t samples = recording.channels()[static_cast<std::size_t>(label)].samples;
  Array<double, 2> values({1, samples}, uninitialised);
  recording.read(std::span(&label, 1), 0, samples, values.view());
  const double factor = recording.channels()[static_cast<std::size_t>(label)].si_factor;
  std::vector<Annotation> runs;
  for (std::int64_t begin = 0, i = 1; i <= samples; ++i) {
    if (i < samples && values(0, i) == values(0, begin)) continue;
    const double state = values(0, begin) / factor;
    if (state != 0 && state != 1)
      throw input_error(file.string(), "eyeDetection is " + number_text(state) + ", neither 0 (open) nor 1 (closed)");
    runs.push_back({static_cast<double>(begin) / rate_hz, static_cast<double>(i - begin) / rate_hz,
                    classes[static_cast<std::size_t>(state)]});
    begin = i;
  }
  return runs;
}

Study open_arff(const Path& folder, const Json& options) {
  const EventRule rule = event_rule(options, classes, "eye-state");
  Study study;
  study.name = "eye-state";
  study.classes = rule.classes;
  study.channels = electrodes;
  study.label_about = "runs of equal eye state, told sample by sample";
  for (const Path& file : files_below(folder, ".arff")) {
    const auto opened = open_table(file);
    StudyRecording recording;
    recording.id = file.stem().string();
    recording.subject = recording.session = "1";
    recording.open = [file] { return open_table(file); };
    for (const Annotation& run : runs_of(*opened, file))
      add_event_trial(*opened, run, run.text, rule, recording, study.findings, "eye-state");
    study.recordings.push_back(std::move(recording));
  }
  finish_study(study, folder.string());
  return study;
}

const DatasetEntry eye_state{
    .name = "eye-state",
    .aliases = {"eye-state-emotiv"},
    .about =
        "one person opens and closes the eyes for 117 s; 14 electrodes of an Emotiv EPOC, 128 Hz, labels by sample",
    .layout =
        "EEG Eye State.arff (14 electrodes and eyeDetection); or the same in the task form (task.json and its .npz)",
    .apply_at = "https://archive.ics.uci.edu/dataset/264/eeg+eye+state (CC BY 4.0)",
    .traps = {"the best-known leak of the field: samples split at random give 98 %, contiguous blocks 50 %",
              "values have an offset of about 4200 uV; four samples reach 700,000 uV",
              "24 runs of equal state: that few independent trials there are, whatever the number of samples",
              "one person: nothing follows for another"},
    .citation = "O. Roesler: EEG Eye State. UCI Machine Learning Repository, 2013. DOI 10.24432/C57G7J",
    .keys = task_keys(),
    .open =
        [](const Path& folder, const Json& options) {
          return is_task_folder(folder) ? open_task_study(folder, options) : open_arff(folder, options);
        },
};
CATON_REGISTER(DatasetEntry, eye_state);

}  // namespace
}  // namespace caton
