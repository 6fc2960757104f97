// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/progress.hpp"
#include "caton/features/feature.hpp"
#include "caton/prepare/prepared.hpp"
#include "caton/recording/recording.hpp"

#include <optional>
#include <string>
#include <vector>

/// Features of recordings as one table: a row for each window, and where each row came from.
namespace caton {

struct FeatureTableRequest {
  std::vector<FeatureChoice> kinds;
  std::vector<std::string> channels;  ///< empty: the EEG channels of the first recording
  std::vector<PrepareStep> steps;
  double window_s = 0, step_s = 0;     ///< 0: each kind's own
  std::optional<double> rate_hz = {};  ///< where a file does not say it
  std::optional<std::string> unit = {};
};

struct FeatureTable {
  std::vector<std::string> recordings;  ///< a file's name, or the id within a BIDS folder
  std::vector<std::string> channels;
  std::vector<std::string> features;    ///< "hjorth: mobility" where there are several kinds
  std::vector<std::int64_t> recording;  ///< of each row: index into `recordings`
  std::vector<double> begin_s, end_s;   ///< of each row, in seconds of its recording
  Array<float, 3> values;               ///< rows x channels x features
  std::vector<std::string> steps;       ///< done to each recording before, in words
  bool unit_known = true;               ///< volts; otherwise as filed
  Findings findings;
};

/// A recording file, or all recordings of a BIDS folder. Windows lie within stretches without a gap. Rows are the
/// windows that every kind could measure; those that it could not are findings. Refuses kinds without a window in
/// common (word `windows`), recordings without the channels, and when no window is left at all.
[[nodiscard]] FeatureTable measure_features(const Path& source, const FeatureTableRequest& request,
                                            Progress* progress = nullptr);

/// Writes by the ending of the name: .npz and .safetensors (arrays `values`, `begin_s`, `end_s`, `recording`, and the
/// names), .csv (recording, begin_s, end_s, one column for each channel and feature). Refuses other endings (word
/// `ending`).
void write_features(const Path& path, const FeatureTable& table);
/// The same refusal, before anything was measured.
void check_feature_ending(const Path& path);

}  // namespace caton
