// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/result_cache.hpp"
#include "caton/study/recording_measure.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caton {

/// What was measured in one recording, kept between runs in `cache_folder()/measured`: facts, and the windows of each
/// input on their own, so that studies with other pipelines share them. Keyed by the samples and the header facts of
/// the recording, its trials and baselines, the steps and windows of the recipe, the input's options, and this build of
/// caton; never by a file's name or time.
class KeptMeasures {
 public:
  /// Reads all samples once for the key; does nothing while caching is off or the request says so.
  KeptMeasures(const StudyRecording& item, const Recording& recording, const std::vector<std::int64_t>& channels,
               const MeasureRequest& request);

  /// Without `about.channels`.
  [[nodiscard]] std::optional<RecordingFacts> facts() const;
  [[nodiscard]] std::optional<MeasuredInput> input(const FeatureChoice& choice) const;
  void keep(const RecordingFacts& facts) const;
  void keep(const FeatureChoice& choice, const MeasuredInput& measured) const;

  static constexpr std::int64_t most_bytes = std::int64_t{4} << 30;

 private:
  [[nodiscard]] bool on() const noexcept { return !key_.empty(); }

  ResultCache cache_;
  std::string key_;  ///< of everything but the input; empty: off
};

}  // namespace caton
