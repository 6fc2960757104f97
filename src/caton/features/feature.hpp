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
#include <memory>
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

/// The causal form of a feature: samples come in, a window's features go out when the window is full. Any division into
/// blocks gives the same bits; after the first call no memory is asked for.
class FeatureStream {
 public:
  virtual ~FeatureStream() = default;
  /// Takes samples (channels x n) up to the end of the next window and says how many; when a window was completed its
  /// features stand in `values` (channels x features) and `complete` is true. The caller goes on with what is left.
  virtual std::int64_t process(Signal x, View<float, 2> values, bool& complete) = 0;
  /// After a gap: nothing is remembered, windows count from the next sample.
  virtual void reset() = 0;
  [[nodiscard]] virtual std::int64_t features() const = 0;
  /// Samples of a window, and from one window to the next.
  [[nodiscard]] virtual std::int64_t window_samples() const = 0;
  [[nodiscard]] virtual std::int64_t step_samples() const = 0;
  /// How late the features are beside what they tell of, the window itself not counted.
  [[nodiscard]] virtual double delay_s() const = 0;
  /// What differs from the form that training used; empty: nothing.
  [[nodiscard]] virtual std::string difference() const = 0;
  /// Of the last complete window: false where it has no value (a channel stands still); then `values` say nothing.
  [[nodiscard]] virtual bool defined() const { return true; }
  /// Whether a window asks for memory.
  [[nodiscard]] virtual bool allocates() const { return false; }
};

struct FeatureStreamRequest {
  std::int64_t channels = 0;
  double rate_hz = 0;
  double window_length_s = 0, window_step_s = 0;  ///< of the recipe's [prepare]; 0: the feature's own
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
  /// The same where they depend on the channels; null: they do not.
  std::vector<std::string> (*names_with)(const Json& options, const std::vector<std::string>& channels) = nullptr;
  FeatureWindows (*measure)(const FeatureRequest& request, const Json& options) = nullptr;
  /// Null where the feature has no causal form.
  std::unique_ptr<FeatureStream> (*stream)(const FeatureStreamRequest& request, const Json& options) = nullptr;
};

/// Name and complete options of a recipe's `input` (a text or a table with `name`); unknown names are refused.
struct FeatureChoice {
  const FeatureEntry* entry = nullptr;
  Json options;
};
[[nodiscard]] FeatureChoice feature_choice(const Json& input);
/// Names along the last axis for these channels; none where values have no names of their own (samples of an epoch).
[[nodiscard]] std::vector<std::string> feature_names(const FeatureChoice& choice,
                                                     const std::vector<std::string>& channels);

}  // namespace caton
