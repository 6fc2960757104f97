// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/tokens/band_tokens.hpp"

#include <optional>

namespace caton {

/// Where the baseline of a trial is: nowhere, in a recording of its own before the trial, or in the first
/// `segments * length` samples of the trial itself.
enum class BaselineFrom { none, own, start };

/// How a trial becomes tokens. Defaults are the authors' for SEED; `for_dreamer`, `for_deap` give theirs for the
/// others.
struct TrialTokenOptions {
  TokenOptions tokens = {};
  std::int64_t window = 512, stride = 117;  ///< samples
  std::int64_t start = 0;                   ///< where the first window begins
  BaselineFrom baseline_from = BaselineFrom::none;
  std::int64_t baseline_segments = 0, baseline_length = 128;

  [[nodiscard]] static TrialTokenOptions for_dreamer();
  [[nodiscard]] static TrialTokenOptions for_deap();
  [[nodiscard]] static TrialTokenOptions for_seed() { return {}; }
};

struct TrialTokens {
  Array<double, 3> tokens;          ///< windows x channels x bands, bit, the baseline's tokens subtracted
  std::vector<std::int64_t> start;  ///< first sample of each window
  Matrix baseline_mean;             ///< channels x baseline_length: segments averaged sample by sample; may be empty
  Matrix baseline_tokens;           ///< channels x bands; may be empty
};

/// How many windows fit, and where they begin.
[[nodiscard]] std::vector<std::int64_t> trial_window_begins(std::int64_t samples, const TrialTokenOptions& options);

/// Tokens of all windows of one trial (channels x samples). The baseline's segments are averaged as waveforms, as the
/// authors do: what is not locked to the grid of segments shrinks by the square root of their number.
/// Refuses with the words `stride`, `window`, `short` (no window fits, baseline too short), `channels` (baseline with
/// other channels), `baseline` (`own` without one), and as `window_tokens`.
[[nodiscard]] TrialTokens rbt_trial_tokens(Signal x, const std::optional<Signal>& baseline,
                                           const TrialTokenOptions& options);

}  // namespace caton
