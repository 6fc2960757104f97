// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/datasets/simulated/artefacts.hpp"
#include "caton/datasets/simulated/source_model.hpp"

#include <cstdint>
#include <vector>

namespace caton::simulated {

/// What a person said after a trial, 1 to 5 in steps of 0.1; never 3, the threshold between low and high.
struct Rating {
  double valence = 0, arousal = 0;
};

/// Ratings of one session in a random order; low and high are balanced for each scale, and for an even number of
/// trials the four combinations differ by at most one.
[[nodiscard]] std::vector<Rating> make_ratings(const SimulatedEmotion& study, std::int64_t subject,
                                               std::int64_t session);

struct TrialTimes {
  std::int64_t begin = 0, end = 0;  ///< in samples
};
/// Trials follow one another with 2 s of rest before each and after the last.
[[nodiscard]] std::vector<TrialTimes> trial_times(const SimulatedEmotion& study);
/// Samples of a session, a whole number of seconds.
[[nodiscard]] std::int64_t session_samples(const SimulatedEmotion& study);

/// A session and its parts: what was recorded is brain + artefacts + noise. All electrodes x samples [V].
struct Session {
  Matrix brain, artefacts, noise;
  Array<float, 2> sources;  ///< dipole moment of each rhythm [A m], rhythms x samples
  Matrix log_gain;          ///< of each rhythm in each trial: person, session, trial and rating together
  std::vector<double> electrode_gain;
  std::vector<ArtefactSpan> spans;
};
/// With an effect of 0 nothing in the result depends on `ratings`.
[[nodiscard]] Session make_session(const SimulatedEmotion& study, const Head& head, const Person& person,
                                   std::int64_t subject, std::int64_t session, const std::vector<Rating>& ratings);

}  // namespace caton::simulated
