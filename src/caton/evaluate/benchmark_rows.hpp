// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/answers.hpp"
#include "caton/evaluate/session_scores.hpp"
#include "caton/measure/interval.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caton {

/// One pipeline of a benchmark beside the reference, on the same trials of the same people.
struct BenchmarkRow {
  std::string task = {}, plan = {}, pipeline = {};
  bool leaky = false;
  double score = 0;        ///< mean over people of each person's score
  Interval interval = {};  ///< for these people: over their trials
  std::int64_t trials = 0;
  std::vector<double> by_person = {};  ///< in the order of their names

  /// Against the reference; nothing for the reference itself.
  struct Difference {
    double points = 0;
    Interval interval = {};
    std::string test = {};
    std::optional<double> p = {};         ///< for these people; nothing where all trials agree
    std::optional<double> p_holm = {};    ///< among all rows given to `adjust_for_number`
    std::optional<double> p_people = {};  ///< for people like these: all sign flips of the people's differences
  };
  std::optional<Difference> difference = {};
};

/// Every pipeline under one plan against `reference`, two-sided. Accuracy: trials are drawn again within each person;
/// McNemar's test on single trials (exact below 25 that differ), Wilcoxon's signed ranks on trials of several windows.
/// Area under the ROC curve of the second class: DeLong, people independent. Refuses (kind `usage`) an unknown
/// reference, pipelines tested on different trials, and an area of other than two classes.
[[nodiscard]] std::vector<BenchmarkRow> benchmark_rows(const std::vector<Answers>& evaluations,
                                                       const std::string& reference, SessionScoreKind kind,
                                                       const RandomStream& random);

/// Holm's adjustment over all of them: the number of comparisons counts everything that was tried.
void adjust_for_number(std::vector<BenchmarkRow>& rows);

}  // namespace caton
