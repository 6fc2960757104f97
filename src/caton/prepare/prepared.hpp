// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/finding.hpp"
#include "caton/base/json.hpp"
#include "caton/prepare/bad_spans.hpp"
#include "caton/recording/recording.hpp"

#include <span>
#include <string>
#include <vector>

namespace caton {

/// One step of a recipe's `[prepare]`: an operation of `signal/` and its arguments, or `clean`, which comes first.
struct PrepareStep {
  std::string operation;
  Json args;  ///< without `rate_hz`, which comes from the data
};

/// Reads a recipe's list of steps: texts or tables of one key; the short forms of golden/OPERATIONS.md (`bandpass`,
/// `highpass`, `lowpass`, `notch = { hz }`, `reference = "average"`, `resample = { rate_hz }`) and every operation of
/// `signal/` that takes one signal `x` and gives one signal `y`; `clean` with the keys of `clean_step_keys`, as the
/// first step. Refuses (kind `usage`) what is unknown.
[[nodiscard]] std::vector<PrepareStep> prepare_steps(const Json& steps);

/// The arguments of a step's operation at a rate: `rate_hz` and the old rate of a resampling filled in.
[[nodiscard]] Json step_arguments(const PrepareStep& step, double rate_hz);

/// A recording and what was done to it.
struct Prepared {
  Array<double, 2> signal;  ///< channels x samples
  std::vector<std::string> channels;
  double rate_hz = 0;
  double original_rate_hz = 0;                                    ///< of the recording, before any resampling
  std::vector<std::pair<std::int64_t, std::int64_t>> continuous;  ///< stretches without a gap, in samples of `signal`
  std::vector<BadSpan> bad;   ///< marked in the recording or by `clean`, in samples of `signal`
  double filter_reach_s = 0;  ///< how far the steps smear a sample to either side
  std::string reference = "as recorded";
  std::int64_t rank = 0;           ///< channels less what references took
  std::vector<std::string> steps;  ///< in words, for the methods paragraph
  Findings findings;
};

/// Reads the channels and applies the steps to each stretch without a gap on its own. What `clean` learns, it learns
/// from this recording alone: its reach is the whole recording.
[[nodiscard]] Prepared prepare(const Recording& recording, std::span<const std::int64_t> channels,
                               const std::vector<PrepareStep>& steps);

/// The steps on a bare signal (a trial's baseline); refuses `clean`, which needs a recording. Neighbouring filters, a
/// resampling and an average reference after them share their transforms: equal to one after the other up to rounding.
[[nodiscard]] Array<double, 2> apply_steps(Array<double, 2> signal, double rate_hz,
                                           const std::vector<PrepareStep>& steps);

}  // namespace caton
