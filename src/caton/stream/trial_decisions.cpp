// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/stream/trial_decisions.hpp"

#include "caton/evaluate/answers.hpp"
#include "caton/recording/sample_times.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {
TrialDecisions::TrialDecisions(const Recording& recording, std::vector<RecordingTrial> trials, std::size_t classes)
    : trials_(std::move(trials)),
      told_(trials_.size(), false),
      probability_(classes),
      half_sample_s_(0.5 / recording.main_rate_hz()) {
  for (const RecordingTrial& trial : trials_) {
    const double begin_s = time_at(recording, trial.begin) - time_at(recording, 0);
    running_.push_back({begin_s, begin_s + static_cast<double>(trial.end - trial.begin) / recording.main_rate_hz(), 0,
                        std::vector<double>(classes, 0.0)});
  }
}

void TrialDecisions::add(const LivePrediction& window, const std::function<void(const TrialDecision&)>& tell) {
  for (std::size_t t = 0; t < trials_.size(); ++t) {
    Running& running = running_[t];
    if (told_[t]) continue;
    if (window.begin_s >= running.begin_s - half_sample_s_ && window.end_s <= running.end_s + half_sample_s_) {
      ++running.windows;
      for (std::size_t k = 0; k < running.log_sum.size(); ++k)
        running.log_sum[k] += std::log(std::max(window.probability[k], std::numeric_limits<double>::min()));
    } else if (window.end_s > running.end_s + half_sample_s_) {
      told_[t] = true;
      conclude(running, trials_[t], tell);
    }
  }
}

void TrialDecisions::finish(const std::function<void(const TrialDecision&)>& tell) {
  for (std::size_t t = 0; t < trials_.size(); ++t) {
    if (told_[t]) continue;
    told_[t] = true;
    conclude(running_[t], trials_[t], tell);
  }
}

void TrialDecisions::conclude(Running& running, const RecordingTrial& trial,
                              const std::function<void(const TrialDecision&)>& tell) {
  TrialDecision decision{.trial = &trial, .windows = running.windows, .label = 0, .probability = {}};
  if (running.windows > 0) {
    for (std::size_t k = 0; k < probability_.size(); ++k)
      probability_[k] = running.log_sum[k] / static_cast<double>(running.windows);
    normalise_log(probability_);
    decision.label = std::max_element(probability_.begin(), probability_.end()) - probability_.begin();
    decision.probability = probability_;
  }
  tell(decision);
}

}  // namespace caton
