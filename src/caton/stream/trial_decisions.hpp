// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/stream/live_decoder.hpp"
#include "caton/study/recording_trials.hpp"

#include <functional>
#include <span>
#include <vector>

namespace caton {

/// The answer for a trial that is over.
struct TrialDecision {
  const RecordingTrial* trial = nullptr;
  std::int64_t windows = 0;  ///< that lay in it; 0: none, and no answer
  std::int64_t label = 0;
  std::span<const double> probability;
};

/// One answer for all windows of a trial while they come in: the class with the largest mean log probability, as
/// `decided` has it. A window belongs to a trial that it lies within; live windows do not begin with the trial, as
/// those of training did.
class TrialDecisions {
 public:
  TrialDecisions(const Recording& recording, std::vector<RecordingTrial> trials, std::size_t classes);

  /// Takes the next window; `tell` gets every trial that ended before that window did, in order of their begins.
  void add(const LivePrediction& window, const std::function<void(const TrialDecision&)>& tell);
  /// No more windows will come: tells the trials that are left.
  void finish(const std::function<void(const TrialDecision&)>& tell);

 private:
  struct Running {
    double begin_s = 0, end_s = 0;  ///< since the beginning of the stream
    std::int64_t windows = 0;
    std::vector<double> log_sum;
  };
  void conclude(Running& running, const RecordingTrial& trial, const std::function<void(const TrialDecision&)>& tell);

  std::vector<RecordingTrial> trials_;
  std::vector<Running> running_;
  std::vector<bool> told_;
  std::vector<double> probability_;
  double half_sample_s_;
};

}  // namespace caton
