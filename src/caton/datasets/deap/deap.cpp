// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/datasets/deap/deap_folder.hpp"
#include "caton/datasets/ratings.hpp"
#include "caton/datasets/study.hpp"
#include "caton/recording/memory_recording.hpp"

#include <algorithm>
#include <mutex>

namespace caton {
namespace {

const std::vector<std::string> targets{"valence", "arousal", "dominance", "liking"};

/// Trials one after the other along time: channels x (trials * samples).
Array<double, 2> side_by_side(const Tensor& signals) {
  const std::int64_t trials = signals.extent(0), channels = signals.extent(1), samples = signals.extent(2);
  Array<double, 2> values({channels, trials * samples}, uninitialised);
  const auto copy = [&](auto from) {
    for (std::int64_t t = 0; t < trials; ++t) {
      for (std::int64_t c = 0; c < channels; ++c) {
        const auto first = from.begin() + (t * channels + c) * samples;
        std::copy(first, first + samples, values.data() + (c * trials + t) * samples);
      }
    }
  };
  if (signals.dtype() == Dtype::f64) {
    copy(signals.values<double>("data"));
  } else if (signals.dtype() == Dtype::f32) {
    copy(signals.values<float>("data"));
  } else {
    copy(signals.doubles());
  }
  return values;
}

/// One person's file, read when it is needed and kept as long as somebody holds it.
class PersonSignals {
 public:
  explicit PersonSignals(DeapFolder::Person person) : person_(std::move(person)) {}

  std::shared_ptr<const Recording> open() {
    const std::scoped_lock guard(lock_);
    if (auto known = recording_.lock()) return known;
    MemoryContent content{.format = "DEAP",
                          .channels = planned_channels(DeapFolder::plan()),
                          .values = side_by_side(DeapFolder::signals(person_))};
    for (std::int64_t t = 0; t < person_.trials; ++t) {
      content.segments.push_back(
          {t * person_.samples, person_.samples, static_cast<double>(t * person_.samples) / DeapFolder::rate_hz});
    }
    std::shared_ptr<const Recording> opened = memory_recording(std::move(content));
    recording_ = opened;
    return opened;
  }
  Array<double, 2> baseline(std::int64_t trial) {
    const auto recording = open();
    std::vector<std::int64_t> channels;
    for (std::int64_t c = 0; c < DeapFolder::eeg_channels; ++c) channels.push_back(c);
    Array<double, 2> values({DeapFolder::eeg_channels, DeapFolder::baseline_samples});
    recording->read(channels, trial * person_.samples, DeapFolder::baseline_samples, values.view());
    return values;
  }

 private:
  DeapFolder::Person person_;
  std::mutex lock_;
  std::weak_ptr<const Recording> recording_;
};

Study open_deap(const Path& folder, const Json& options) {
  const DeapFolder files(folder);
  const LabelRule rule = label_rule(deap_scale(), targets, options);
  const std::int64_t column = std::find(targets.begin(), targets.end(), rule.target) - targets.begin();
  Study study;
  study.name = "deap";
  study.classes = rule.classes();
  const auto& names = DeapFolder::plan().names;
  study.channels.assign(names.begin(), names.begin() + DeapFolder::eeg_channels);
  study.label_about = rule.about();
  study.findings = files.findings();
  for (const auto& person : files.people()) {
    StudyRecording recording;
    recording.subject = numbered("s", person.number);
    recording.session = "1";
    recording.id = recording.subject;
    const auto signals = std::make_shared<PersonSignals>(person);
    recording.open = [signals] { return signals->open(); };
    recording.baseline = [signals](std::int64_t trial) { return signals->baseline(trial); };
    for (std::int64_t t = 0; t < person.trials; ++t) {
      StudyTrial trial;
      trial.name = numbered("video", t + 1);
      trial.begin = t * person.samples + DeapFolder::baseline_samples;
      trial.end = (t + 1) * person.samples;
      trial.rating = person.labels(t, column);
      trial.label = rule.label(
          trial.rating, person.path.string() + ": trial " + std::to_string(t + 1) + ", " + rule.target, study.findings);
      recording.trials.push_back(trial);
    }
    study.recordings.push_back(std::move(recording));
  }
  return study;
}

const DatasetEntry deap{
    .name = "deap",
    .about = "32 people watch 40 music videos; 32 electrodes and 8 other channels, 128 Hz; ratings from 1 to 9",
    .layout =
        "s01.dat … s32.dat (pickles, \"data_preprocessed_python\") or s01.mat … s32.mat "
        "(\"data_preprocessed_matlab\"),\n"
        "each with data: 40 trials x 40 channels x 8064 samples, and labels: 40 x 4 (valence, arousal, dominance,\n"
        "liking). Pickles are read as data; nothing in them is run.",
    .apply_at = "https://www.eecs.qmul.ac.uk/mmv/datasets/deap/; a signed agreement, for research, not to be passed on",
    .traps = {"the first 3 s of every trial are its baseline: a trial begins at sample 384 here",
              "the publishers filtered to 4-45 Hz: gamma up to 49 Hz is partly empty",
              "ratings are continuous: 4.99 is low, 5 is high",
              "a video has one label: windows of one video on both sides of a split recognise the video"},
    .citation =
        "S. Koelstra et al.: DEAP: a database for emotion analysis using physiological signals. IEEE Trans. "
        "Affective Computing 3(1), 2012",
    .keys = rating_keys("valence", targets, LabelKind::binary),
    .open = open_deap,
};
CATON_REGISTER(DatasetEntry, deap);

}  // namespace
}  // namespace caton
