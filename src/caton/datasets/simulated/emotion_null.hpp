// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/samples/sample_set.hpp"

#include <cstdint>

namespace caton {

/// The size and effect of the leak's laboratory: tokens of a made-up emotion study, without any signal behind them.
struct EmotionNullOptions {
  std::int64_t subjects = 8, sessions = 2, trials = 6;  ///< trials of each session
  std::int64_t windows = 40;                            ///< of each trial, at least 2
  std::int64_t high_trials = 5;                         ///< trials of each subject that have the label 1
  double effect = 0;                                    ///< δ; 0: labels carry no information
  std::uint64_t seed = 1;
};

/// Tokens (windows x 14 electrodes x 4 bands, float32) that differ by subject, session and trial, drift within a trial
/// and share noise between overlapping windows, by the formula of RBTransformer's specification ("The leak"). With
/// effect 0 whatever a decoder finds is the recording, never the emotion. Origins say subject, session, recording (one
/// a session), trial (numbered through a subject) and place: windows of 512 samples every 117 at 128 Hz. Refuses sizes
/// that cannot be (word `windows`, `trials`, `effect`).
[[nodiscard]] SampleSet emotion_null(const EmotionNullOptions& options = {});

}  // namespace caton
