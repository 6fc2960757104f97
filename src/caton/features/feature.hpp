// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/finding.hpp"
#include "caton/base/json.hpp"
#include "caton/base/recipe_key.hpp"
#include "caton/base/registry.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// What recipes name as a pipeline's `input`: numbers measured in windows of trials. Knows no labels.
namespace caton {

/// A part of a trial in which time runs without a gap.
struct TrialStretch {
  std::int64_t trial = 0;           ///< the caller's number of the trial
  std::int64_t begin = 0, end = 0;  ///< in samples of the signal
};

/// What there is to measure: one recording, prepared.
struct FeatureRequest {
  Signal signal;  ///< channels x samples, volts where the unit is known
  double rate_hz = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> continuous;  ///< [begin, end) of stretches without a gap
  std::vector<TrialStretch> trials;
  std::function<Array<double, 2>(std::int64_t trial)> baseline;  ///< channels x samples; empty: none
  double window_length_s = 0, window_step_s = 0;                 ///< of the recipe's [prepare]; 0: the feature's own
};

struct FeatureWindows {
  std::vector<std::int64_t> trial, begin, end;  ///< of each window, in samples of the signal
  Array<float, 3> values;                       ///< windows x channels x features
  Findings findings;                            ///< trials too short for a window
};

struct FeatureEntry {
  std::string name;  ///< "rbt-trial-tokens", "differential-entropy"
  std::vector<std::string> aliases = {};
  std::string about;
  std::string block;  ///< name of the block in the sample set: "tokens", "features"
  std::vector<RecipeKey> keys;
  Presets presets = {};
  /// Names along the last axis ("theta 4-8 Hz").
  std::vector<std::string> (*names)(const Json& options) = nullptr;
  FeatureWindows (*measure)(const FeatureRequest& request, const Json& options) = nullptr;
};

/// Name and complete options of a recipe's `input` (a text or a table with `name`); unknown names are refused.
struct FeatureChoice {
  const FeatureEntry* entry = nullptr;
  Json options;
};
[[nodiscard]] FeatureChoice feature_choice(const Json& input);

}  // namespace caton
