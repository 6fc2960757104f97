// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/progress.hpp"
#include "caton/datasets/study.hpp"
#include "caton/features/feature.hpp"
#include "caton/prepare/prepared.hpp"
#include "caton/recording/recording.hpp"
#include "caton/samples/sample_set.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace caton {

/// Which of two recordings that are copies of each other is decoded.
enum class CopyRule { leave_out_second, leave_out_first, keep };

/// What to measure in every recording of a study.
struct MeasureRequest {
  std::vector<std::string> channels;  ///< decoded channels, in order
  std::vector<PrepareStep> steps;
  double window_length_s = 0, window_step_s = 0;
  std::vector<FeatureChoice> inputs;  ///< one sample set for each
  CopyRule copies = CopyRule::leave_out_second;
  bool keep = true;   ///< look for and keep results in the user's cache (`kept_measures.hpp`)
  bool facts = true;  ///< also what the report tells of recordings and trials, and by which copies are found
};

/// What one trial looked like, for the report: amplitude and band power of each channel.
struct TrialAbout {
  std::int64_t recording = 0;  ///< index into the study's recordings
  std::int64_t label = -1;
  std::vector<double> amplitude;  ///< robust standard deviation, 1.4826 median |x - median| [V or as filed]
  Array<double, 2> band_power;    ///< channels x bands [V^2]
};

struct RecordingAbout {
  std::string format;
  double duration_s = 0, rate_hz = 0;
  std::string digest;             ///< of the samples, not of the file
  std::vector<Channel> channels;  ///< the decoded ones
  Sketch sketch;
};

/// A study with its windows measured.
struct MeasuredStudy {
  std::vector<SampleSet> samples;          ///< as `MeasureRequest::inputs`
  std::vector<RecordingAbout> recordings;  ///< as the study's recordings
  std::vector<TrialAbout> trials;
  std::vector<Copy> copies;
  std::set<std::int64_t> left_out;                            ///< recordings not decoded
  std::vector<std::pair<std::string, std::string>> excluded;  ///< what, why
  std::vector<std::string> steps;                             ///< done to each recording, in words
  Findings findings;
  bool unit_known = true;
  std::int64_t from_cache = 0;  ///< recordings of which nothing had to be measured
};

/// The bands of the report's maps: theta 4-8, alpha 8-13, beta 13-30, gamma 30-45 Hz.
[[nodiscard]] const std::vector<std::pair<std::string, std::array<double, 2>>>& report_bands();

/// Opens, prepares and measures all recordings, in parallel; the result does not depend on the number of threads.
[[nodiscard]] MeasuredStudy measure_study(const Study& study, const MeasureRequest& request, Progress& progress);

/// One recording without labels, for `predict`: its windows in these stretches (label 0), or, without any, over the
/// whole of each gap-free one.
[[nodiscard]] SampleSet measure_recording(const Recording& recording, const MeasureRequest& request,
                                          const FeatureChoice& input, const std::vector<StudyTrial>& stretches = {});

}  // namespace caton
