// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/base/progress.hpp"

#include <cstdint>
#include <functional>
#include <string>

/// What the simulated studies of people, sessions and trials share.
namespace caton::simulated {

struct TrialPlan {
  std::int64_t subjects = 0, sessions = 0, trials = 0;
  double seconds = 0, effect = 0;
  std::uint64_t seed = 0;
};
template <class Study>
[[nodiscard]] TrialPlan plan_of(const Study& study) {
  return {study.subjects, study.sessions, study.trials, study.seconds, study.effect, study.seed};
}

/// What differs in what is refused.
struct TrialWords {
  const char* where;   ///< "simulate emotion"
  const char* needed;  ///< why there must be two trials: "both hands are needed"
  const char* effect;  ///< what effect 0 leaves out: "imagery"
  double pause_s = 0;  ///< between trials
};
void require_possible(const TrialPlan& plan, const TrialWords& words);
[[nodiscard]] Json to_json(const TrialPlan& plan);

/// What stands at the top of a study's folder.
struct StudyRoot {
  std::string name, about;  ///< as in dataset_description.json; the command that made it
  Json parameters;
  std::string readme;
  std::int64_t subjects = 0;
};
void write_study_root(const Path& folder, const StudyRoot& root);

/// `write(subject, session)` for every session, shared out over threads, with progress.
void write_sessions(const TrialPlan& plan, Progress* progress,
                    const std::function<void(std::int64_t subject, std::int64_t session)>& write);

}  // namespace caton::simulated
