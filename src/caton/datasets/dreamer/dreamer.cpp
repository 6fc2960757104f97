// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/datasets/dreamer/dreamer_file.hpp"
#include "caton/datasets/ratings.hpp"
#include "caton/datasets/study.hpp"
#include "caton/recording/memory_recording.hpp"

#include <algorithm>

namespace caton {
namespace {

const std::vector<std::string> targets(rated_dimensions.begin(), rated_dimensions.end());

ChannelPlan plan_of(const DreamerFile& file) { return {.names = file.electrodes(), .rate_hz = file.rate_hz()}; }

StudyRecording recording_of(const std::shared_ptr<const DreamerFile>& file, std::int64_t subject, std::int64_t trial) {
  StudyRecording recording;
  recording.subject = numbered("s", subject + 1);
  recording.session = "1";
  recording.id = recording.subject + numbered("-film", trial + 1);
  recording.open = [file, subject, trial]() -> std::shared_ptr<const Recording> {
    return memory_recording(
        {.format = "DREAMER", .channels = planned_channels(plan_of(*file)), .values = file->stimulus(subject, trial)});
  };
  recording.baseline = [file, subject, trial](std::int64_t /*the only one*/) {
    Array<double, 2> values = file->baseline(subject, trial);
    const double factor = planned_channels(plan_of(*file)).front().si_factor;
    for (double& value : values) value *= factor;
    return values;
  };
  return recording;
}

Study open_dreamer(const Path& folder, const Json& options) {
  const auto file = std::make_shared<const DreamerFile>(folder);
  const LabelRule rule = label_rule(dreamer_scale(), targets, options);
  const auto dimension =
      static_cast<std::size_t>(std::find(targets.begin(), targets.end(), rule.target) - targets.begin());
  Study study;
  study.name = "dreamer";
  study.classes = rule.classes();
  study.channels = file->electrodes();
  study.label_about = rule.about();
  for (std::int64_t s = 0; s < file->subjects(); ++s) {
    for (std::int64_t t = 0; t < file->trials(); ++t) {
      StudyRecording recording = recording_of(file, s, t);
      StudyTrial trial;
      trial.name = numbered("film", t + 1);
      trial.end = file->samples(s, t);
      trial.rating = file->rating(dimension, s, t);
      trial.label = rule.label(trial.rating, file->where() + ": " + recording.id + ", " + rule.target, study.findings);
      recording.trials = {trial};
      study.recordings.push_back(std::move(recording));
    }
  }
  return study;
}

const DatasetEntry dreamer{
    .name = "dreamer",
    .about =
        "23 people watch 18 film clips; 14 electrodes (Emotiv EPOC), 128 Hz; valence, arousal, dominance from 1 to 5",
    .layout =
        "DREAMER.mat: struct DREAMER with Data (a cell or struct array of 23 people, each with EEG.baseline and\n"
        "EEG.stimuli: 18 matrices samples x 14, and ScoreValence, ScoreArousal, ScoreDominance: 18 numbers),\n"
        "EEG_SamplingRate and EEG_Electrodes. MATLAB level 5 or 7.3.",
    .apply_at = "https://zenodo.org/record/546113; access on request, for research, not to be passed on",
    .traps = {"a film has one label: windows of one film on both sides of a split recognise the film, not the emotion",
              "the ECG runs at 256 Hz beside the EEG's 128 Hz",
              "the sitting before every film is its own baseline of 61 s",
              "raw values lie about 4200 uV above zero: they are filed without a high-pass"},
    .citation =
        "S. Katsigiannis, N. Ramzan: DREAMER: a database for emotion recognition through EEG and ECG signals from "
        "wireless low-cost off-the-shelf devices. IEEE J. Biomed. Health Inform. 22(1), 2018",
    .keys = rating_keys("valence", targets, LabelKind::binary),
    .open = open_dreamer,
};
CATON_REGISTER(DatasetEntry, dreamer);

}  // namespace
}  // namespace caton
