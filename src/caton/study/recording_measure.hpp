// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/study/measured_study.hpp"

namespace caton {

/// What one recording tells besides its windows.
struct RecordingFacts {
  RecordingAbout about;  ///< the channels are filled in from the recording
  std::vector<TrialAbout> trials;
  std::vector<std::string> steps;
  double filter_reach_s = 0;
  Findings findings;
};

/// The windows of one input.
struct MeasuredInput {
  FeatureWindows windows;   ///< begin and end in samples of the recording
  std::int64_t in_bad = 0;  ///< windows left out since they share time with what is marked bad
};

/// Everything that is taken from one recording.
struct RecordingResult {
  RecordingFacts facts;
  std::vector<MeasuredInput> inputs;  ///< as `MeasureRequest::inputs`
  bool from_cache = false;            ///< nothing had to be measured
};

/// Opens, prepares and measures a recording, but for what was kept of it before (`kept_measures.hpp`).
[[nodiscard]] RecordingResult measure_study_recording(const StudyRecording& item, const MeasureRequest& request);

/// A finding's place without the folder in which the data happened to lie.
[[nodiscard]] std::string placed_in(const std::string& id, const std::string& where);

}  // namespace caton
