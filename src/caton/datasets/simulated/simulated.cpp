// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/cache_folder.hpp"
#include "caton/base/error.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/simulated/emotion.hpp"
#include "caton/datasets/simulated/session.hpp"
#include "caton/datasets/simulated/truth.hpp"
#include "caton/datasets/study.hpp"

#include <cmath>
#include <cstdlib>

namespace caton {

using namespace simulated;

namespace {

/// Goes up when equal options give other signals than before: kept studies of an older model are not used again.
constexpr int model_version = 1;

struct Target {
  std::string name;
  double threshold = 3;
};

Target target_of(const Json& options) {
  Target target{options.at("target").text("target"), options.at("threshold").number("threshold")};
  if (target.name != "valence" && target.name != "arousal")
    throw usage_error("simulated", "target \"" + printable(target.name) + "\" is not rated", "known: valence, arousal");
  if (!(target.threshold > 1 && target.threshold <= 5))
    throw usage_error("simulated", "threshold " + number_text(target.threshold) + " is not within 1 to 5");
  return target;
}

/// The kept study of these options; simulated when it is not there. Another process may be faster: then its folder
/// serves, for equal options give equal bytes.
Path kept_study(const SimulatedEmotion& study) {
  const Path folder = cache_folder() / (folder_name_of(study) + "-model-" + std::to_string(model_version));
  if (std::filesystem::exists(folder)) return folder;
  try {
    Progress progress(default_display(false));
    return simulate_emotion(study, folder, &progress);
  } catch (const Error&) {
    if (!std::filesystem::exists(folder)) throw;
    return folder;
  }
}

void require_equal_options(const Path& folder, const SimulatedEmotion& found, const Json& options) {
  const Json all = to_json(found);
  for (const auto& [key, value] : all.members()) {
    const Json* const wanted = options.find(key);
    if (wanted == nullptr || wanted->is_null() || wanted->number(key) == value.number(key)) continue;
    throw usage_error(folder.string(),
                      key + " is " + value.dump() + " in this folder, the recipe says " + wanted->dump(),
                      "leave the key out, or name no folder to have the study simulated");
  }
}

double number_at(const Table& events, std::size_t row, const std::string& column, const std::string& where) {
  const std::string& text = events.rows[row][events.column(column, where)];
  const auto value = parse_number(text);
  if (!value || !std::isfinite(*value)) {
    throw input_error(where, column + " of trial " + std::to_string(row + 1) + " is \"" + printable(text) +
                                 "\", not a finite number");
  }
  return *value;
}

StudyTrial trial_of(const Table& events, std::size_t row, const Target& target, const std::string& where) {
  StudyTrial trial;
  trial.name = subject_label(static_cast<std::int64_t>(row));
  const double onset_s = number_at(events, row, "onset", where), duration_s = number_at(events, row, "duration", where);
  if (!(onset_s >= 0 && duration_s > 0 && onset_s + duration_s < 1e7))
    throw input_error(where, "trial " + std::to_string(row + 1) + " has an impossible onset or duration");
  trial.begin = std::llround(onset_s * rate_hz);
  trial.end = std::llround((onset_s + duration_s) * rate_hz);
  trial.rating = number_at(events, row, target.name, where);
  if (trial.rating < 1 || trial.rating > 5)
    throw input_error(where, target.name + " of trial " + std::to_string(row + 1) + " is out of range: 1 to 5");
  trial.label = trial.rating >= target.threshold ? 1 : 0;
  return trial;
}

StudyRecording recording_of(const Path& folder, const BidsName& name, const Target& target) {
  const Path stem = folder / name.folder() / name.stem();
  const Path signal = stem.string() + "_eeg.edf", events_file = stem.string() + "_events.tsv";
  StudyRecording recording;
  recording.id = name.stem();
  recording.subject = name.subject;
  recording.session = name.session;
  const Table events = read_table(events_file, '\t');
  for (std::size_t row = 0; row < events.rows.size(); ++row)
    recording.trials.push_back(trial_of(events, row, target, events_file.string()));
  recording.open = [signal] { return std::shared_ptr<const Recording>(open_recording(signal)); };
  return recording;
}

Study open_simulated(const Path& given, const Json& options) {
  const Target target = target_of(options);
  const Path folder = given.empty() ? kept_study(simulated_emotion_of(options)) : given;
  const SimulatedEmotion found = read_options(folder);
  require_equal_options(folder, found, options);
  Study study;
  study.name = "simulated";
  study.classes = {"low", "high"};
  study.channels = make_head().electrodes;
  study.label_about = target.name + " rated 1 to 5, high from " + number_text(target.threshold);
  for (std::int64_t subject = 0; subject < found.subjects; ++subject) {
    for (std::int64_t session = 0; session < found.sessions; ++session)
      study.recordings.push_back(
          recording_of(folder, {subject_label(subject), subject_label(session), "emotion"}, target));
  }
  study.truth = [folder, name = target.name] { return read_truth(folder, name); };
  return study;
}

const DatasetEntry simulated_emotion{
    .name = "simulated",
    .aliases = {"simulated-emotion"},
    .about = "Computed EEG of people who watch clips and rate valence and arousal; what is true of it is known",
    .layout =
        "a folder written by `caton simulate emotion -o FOLDER` (BIDS with EDF, and derivatives/truth); without "
        "a folder the study is simulated and kept under the user's cache folder",
    .apply_at = "nobody: caton makes it (CC0)",
    .traps = {"each trial has its own random gains: windows of one trial resemble each other whatever the rating",
              "with effect = 0 the ratings have nothing to do with the signals",
              "cortical sources and a spherical head: easier than a real recording"},
    .citation = "caton, src/caton/datasets/simulated/README.md",
    .keys = {{"target", "text", "valence", "the rating to decode: valence or arousal"},
             {"threshold", "number", 3.0, "ratings from here on are high"},
             {"subjects", "integer", Json{}, "people (8)"},
             {"sessions", "integer", Json{}, "recordings of each (2)"},
             {"trials", "integer", Json{}, "clips in a session (16)"},
             {"seconds", "number", Json{}, "length of a clip (30)"},
             {"effect", "number", Json{}, "how much power follows the ratings (1); 0: not at all"},
             {"simulation_seed", "integer", Json{}, "another seed, another study (1)"}},
    .open = open_simulated,
    .needs_folder = false,
};
CATON_REGISTER(DatasetEntry, simulated_emotion);

}  // namespace
}  // namespace caton
