// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/trials.hpp"

#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/datasets/bids/bids_writer.hpp"
#include "caton/datasets/simulated/truth.hpp"

#include <cmath>

namespace caton::simulated {

void require_possible(const TrialPlan& plan, const TrialWords& words) {
  const auto require = [&](bool possible, const std::string& option, const std::string& problem) {
    if (!possible) throw usage_error(words.where, option + " " + problem);
  };
  constexpr double longest_session_s = 3600;
  require(plan.subjects >= 1 && plan.subjects <= 999, "subjects", "must be 1 to 999");
  require(plan.sessions >= 1 && plan.sessions <= 99, "sessions", "must be 1 to 99");
  require(plan.trials >= 2 && plan.trials <= 999, "trials", std::string("must be 2 to 999 (") + words.needed + ")");
  require(std::isfinite(plan.seconds) && plan.seconds >= 1, "seconds", "must be 1 or more");
  require(static_cast<double>(plan.trials) * (plan.seconds + words.pause_s) <= longest_session_s, "seconds",
          "and trials make a session longer than an hour");
  require(plan.effect >= 0 && plan.effect <= 4, "effect",
          std::string("must be 0 (no ") + words.effect + " in the data) to 4");
}

Json to_json(const TrialPlan& plan) {
  return Json::object({{"subjects", plan.subjects},
                       {"sessions", plan.sessions},
                       {"trials", plan.trials},
                       {"seconds", plan.seconds},
                       {"effect", plan.effect},
                       {"simulation_seed", static_cast<std::int64_t>(plan.seed)}});
}

void write_study_root(const Path& folder, const StudyRoot& root) {
  BidsDescription description;
  description.name = root.name;
  description.about = root.about;
  description.parameters = root.parameters;
  write_bids_description(folder, description);
  write_file(folder / "README", root.readme);
  Table participants{{"participant_id", "species"}, {}};
  for (std::int64_t s = 0; s < root.subjects; ++s)
    participants.rows.push_back({"sub-" + subject_label(s), "simulated"});
  write_bids_participants(folder, participants);
}

void write_sessions(const TrialPlan& plan, Progress* progress,
                    const std::function<void(std::int64_t subject, std::int64_t session)>& write) {
  const std::int64_t count = plan.subjects * plan.sessions;
  if (progress != nullptr) progress->begin("simulating recordings", static_cast<double>(count));
  thread_pool().parallel_for(count, [&](std::int64_t i) {
    check_interrupted();
    write(i / plan.sessions, i % plan.sessions);
    if (progress != nullptr) progress->step();
  });
  if (progress != nullptr) progress->finish();
}

}  // namespace caton::simulated
