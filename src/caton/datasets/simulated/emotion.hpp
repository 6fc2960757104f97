// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/base/progress.hpp"

#include <cstdint>
#include <string>

/// A study of emotion that is known to the last sample, because it was computed: README.md has the formulas.
namespace caton {

struct SimulatedEmotion {
  std::int64_t subjects = 8;
  std::int64_t sessions = 2;
  std::int64_t trials = 16;  ///< in one session, one rating of valence and arousal each
  double seconds = 30;       ///< of one trial
  double effect = 1;         ///< 0: the signals do not depend on the ratings at all
  std::uint64_t seed = 1;

  friend bool operator==(const SimulatedEmotion&, const SimulatedEmotion&) = default;
};

/// Refuses (kind `usage`, naming the option) what cannot be simulated: no subjects, fewer than two trials, trials
/// shorter than a second, sessions longer than an hour, an effect outside 0 to 4.
void require_possible(const SimulatedEmotion& study);

/// `{subjects, sessions, trials, seconds, effect, simulation_seed}`: also the keys of the layout `simulated`. Null or
/// missing members keep their default.
[[nodiscard]] Json to_json(const SimulatedEmotion& study);
[[nodiscard]] SimulatedEmotion simulated_emotion_of(const Json& options);

/// "simulated-emotion-8x2x16x30s-effect-1-seed-1": a folder name that says what is in it.
[[nodiscard]] std::string folder_name_of(const SimulatedEmotion& study);

/// Writes the study as BIDS with EDF, and what is true of it under `derivatives/truth`; the folder appears whole or not
/// at all, and is refused when it exists. Equal options give equal bytes, on any number of threads. Returns `folder`.
Path simulate_emotion(const SimulatedEmotion& study, const Path& folder, Progress* progress = nullptr);

}  // namespace caton
