// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/container.hpp"
#include "caton/datasets/event_trials.hpp"
#include "caton/datasets/trial_signals.hpp"
#include "caton/recording/memory_recording.hpp"

#include <algorithm>

namespace caton {
namespace {

constexpr double rate_hz = 128;
/// Columns of the array: time, 17 inputs (the third, Fz, is the ground), two columns of triggers.
const std::vector<std::string> inputs{"F7", "F3", "Fz", "F4", "F8", "T7", "C3", "Cz", "C4",
                                      "T8", "P7", "P3", "Pz", "P4", "P8", "O1", "O2"};
constexpr std::int64_t columns = 20;
constexpr std::size_t ground = 2;
const std::vector<std::string> classes{"non-target", "target"};

std::vector<std::string> electrodes() {
  std::vector<std::string> names = inputs;
  names.erase(names.begin() + ground);
  return names;
}

/// The array of "training.mat" is called training; samples x columns, or turned.
Array<double, 2> table_of(const Path& file) {
  const std::string name = lower_case(file.stem().string());
  Array<double, 2> values = matrix_of(open_container(file)->read(name), file.string() + ", " + name);
  if (values.extent(0) == columns && values.extent(1) != columns) values = transposed(values.view());
  if (values.extent(1) != columns)
    throw input_error(file.string(), "the shape is wrong: " + std::to_string(columns) +
                                         " columns are wanted (time, 17 inputs, two of triggers), " +
                                         std::to_string(values.extent(1)) + " are there");
  return values;
}

std::shared_ptr<const Recording> open_table(const Path& file) {
  const Array<double, 2> table = table_of(file);
  const std::int64_t samples = table.extent(0);
  MemoryContent content;
  content.format = "bi2012";
  content.channels = planned_channels({.names = electrodes(), .rate_hz = rate_hz});
  content.values = Array<double, 2>({static_cast<std::int64_t>(content.channels.size()), samples}, uninitialised);
  for (std::int64_t i = 0; i < samples; ++i) {
    std::int64_t row = 0;
    for (std::size_t input = 0; input < inputs.size(); ++input)
      if (input != ground) content.values(row++, i) = table(i, static_cast<std::int64_t>(input) + 1);
    const double code = table(i, columns - 2) + table(i, columns - 1);
    const double before = i == 0 ? 0 : table(i - 1, columns - 2) + table(i - 1, columns - 1);
    if (code != before && (code == 1 || code == 2))
      content.annotations.push_back({static_cast<double>(i) / rate_hz, 0, classes[code == 2 ? 1 : 0]});
  }
  return memory_recording(std::move(content));
}

Study open_bi2012(const Path& folder, const Json& options) {
  const EventRule rule = event_rule(options, classes, "bi2012");
  const std::string wanted = options.at("condition").text("condition");
  if (wanted != "training" && wanted != "online" && wanted != "both")
    throw usage_error("condition", "is none of training, online, both");
  Study study;
  study.name = "bi2012";
  study.classes = rule.classes;
  study.channels = electrodes();
  study.label_about = "whether the flash held the target";
  for (const Path& file : files_below(folder, ".mat")) {
    const std::string condition = lower_case(file.stem().string());
    if (condition != "training" && condition != "online") continue;
    if (wanted != "both" && condition != wanted) continue;
    StudyRecording recording;
    recording.subject = file.parent_path().filename().string();
    recording.session = condition;
    recording.id = recording.subject + "_" + condition;
    recording.open = [file] { return open_table(file); };
    const auto opened = open_table(file);
    for (const Annotation& event : opened->annotations())
      add_event_trial(*opened, event, event.text, rule, recording, study.findings, "bi2012");
    study.recordings.push_back(std::move(recording));
  }
  finish_study(study, folder.string());
  return study;
}

std::vector<RecipeKey> keys() {
  auto keys = event_keys(0, 1.0);
  keys.push_back({"condition", "text", "training", "training, online or both; they are sessions here"});
  return keys;
}

const DatasetEntry bi2012{
    .name = "bi2012",
    .aliases = {"brain-invaders-2012"},
    .about = "25 people play Brain Invaders: flashes with and without the target; 16 electrodes, 128 Hz",
    .layout =
        "subject_01/training.mat, subject_01/online.mat …, each with an array of its name: samples x 20 (time,\n"
        "17 inputs, two columns of triggers)",
    .apply_at = "https://zenodo.org/record/2649069 (open, CC BY 4.0)",
    .traps = {"Fz is the ground and carries no signal: it is left out",
              "one flash in six holds the target: look at AUC or balanced accuracy",
              "windows of 1 s after flashes 0.2 s apart overlap: neighbours share most of their samples",
              "online recordings were made with feedback of a decoder trained on the training recording"},
    .citation =
        "G. F. P. Van Veen et al.: Building Brain Invaders: EEG data of an experimental validation. "
        "arXiv:1905.05182, 2019",
    .keys = keys(),
    .open = open_bi2012,
};
CATON_REGISTER(DatasetEntry, bi2012);

}  // namespace
}  // namespace caton
