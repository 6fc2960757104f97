// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/audit.hpp"
#include "caton/evaluate/audit/intervals.hpp"

#include <map>

namespace caton::leak {

/// What is computed once for all folds of an evaluation.
struct Prepared {
  Prepared(const Origins& given, std::span<const std::int64_t> given_labels);

  const Origins& origins;
  std::span<const std::int64_t> labels;            ///< may be empty
  std::vector<std::int64_t> recording;             ///< of each sample, -1: not known
  std::map<Unit, std::vector<std::int64_t>> unit;  ///< trial, session, subject, recording, study; -1: not known
  WindowOrder order;
  std::map<std::int64_t, std::vector<std::int64_t>> place_of_id;
  std::vector<std::int64_t> same_id;  ///< of each sample, the first place that bears its id
  bool any_made = false;              ///< some samples were made from others
  bool label_of_trial = false;        ///< one label in each trial
  bool label_of_subject = false;      ///< one label in each person, and not the same for all
};

/// What was found in one fold, before folds are put together.
struct FoldFinding {
  std::string code;
  Severity severity = Severity::stop;
  std::int64_t size = 0;     ///< cases
  std::int64_t among = 0;    ///< of so many (tested windows, tested trials …)
  std::int64_t largest = 0;  ///< of what is measured (shared samples)
  std::string detail = {};   ///< name of a statistic, a decision
  std::vector<std::string> examples = {};
};

struct FoldResult {
  std::vector<FoldFinding> findings;
  std::map<Unit, std::int64_t> shared;       ///< units on both sides
  std::map<Unit, std::int64_t> unknown;      ///< tested or training samples whose unit is not known
  std::int64_t without_time = 0;             ///< samples whose place in a recording is not known
  std::int64_t timed = 0, told_by_time = 0;  ///< tested trials with a neighbour in time in training; of its label
  bool start_unknown = false;                ///< weights whose training data are not known
};

[[nodiscard]] FoldResult check_fold(const Prepared& prepared, const AuditFold& fold, const Claim& claim,
                                    const AuditInputs& inputs);

}  // namespace caton::leak
