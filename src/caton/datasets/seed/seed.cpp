// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/datasets/ratings.hpp"
#include "caton/datasets/seed/seed_folder.hpp"
#include "caton/datasets/study.hpp"
#include "caton/recording/memory_recording.hpp"

namespace caton {
namespace {

const std::vector<std::string> targets{"emotion"};

StudyRecording recording_of(const SeedFolder::Session& session, const SeedFolder::Film& film) {
  StudyRecording recording;
  recording.subject = numbered("s", session.subject);
  recording.session = std::to_string(session.rank);
  recording.id = recording.subject + "-session" + recording.session + numbered("-film", film.number);
  recording.open = [session, film]() -> std::shared_ptr<const Recording> {
    return memory_recording({.format = "SEED",
                             .channels = planned_channels(SeedFolder::plan()),
                             .values = SeedFolder::signal(session, film)});
  };
  return recording;
}

Study open_seed(const Path& folder, const Json& options) {
  const SeedFolder files(folder);
  const LabelRule rule = label_rule(seed_scale(), targets, options);
  Study study;
  study.name = "seed";
  study.classes = rule.classes();
  study.channels = SeedFolder::plan().names;
  study.label_about = rule.about();
  study.findings = files.findings();
  for (const auto& session : files.sessions()) {
    for (const auto& film : session.films) {
      StudyRecording recording = recording_of(session, film);
      StudyTrial trial;
      trial.name = numbered("film", film.number);
      trial.end = film.samples;
      trial.rating = film.emotion;
      trial.label = rule.label(film.emotion, session.path.string() + ": " + film.variable, study.findings);
      recording.trials = {trial};
      study.recordings.push_back(std::move(recording));
    }
  }
  return study;
}

const DatasetEntry seed{
    .name = "seed",
    .about =
        "15 people watch 15 film clips in each of three sessions; 62 electrodes, 200 Hz; negative, neutral, positive",
    .layout =
        "Preprocessed_EEG/: 45 files <subject>_<date>.mat with <initials>_eeg1 … _eeg15 (62 electrodes x samples), "
        "and\n"
        "label.mat (label: 15 numbers, -1, 0 or 1).",
    .apply_at = "https://bcmi.sjtu.edu.cn/home/seed/; a signed agreement, for research, not to be passed on",
    .traps =
        {"the same 15 films are seen in all three sessions: a split by session shares the films",
         "the published RBTransformer designs its filters for 128 Hz on these 200 Hz data: its bands are 6.25-12.5, "
         "12.5-21.9, 21.9-48.4, 48.4-76.6 Hz in truth",
         "the publishers do not state the unit: it is taken as unknown",
         "a film has one label: windows of one film on both sides of a split recognise the film"},
    .citation =
        "W.-L. Zheng, B.-L. Lu: Investigating critical frequency bands and channels for EEG-based emotion recognition "
        "with deep neural networks. IEEE Trans. Autonomous Mental Development 7(3), 2015",
    .keys = rating_keys("emotion", targets, LabelKind::multi),
    .open = open_seed,
};
CATON_REGISTER(DatasetEntry, seed);

}  // namespace
}  // namespace caton
