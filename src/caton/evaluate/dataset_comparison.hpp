// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/session_scores.hpp"
#include "caton/measure/meta_analysis.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caton {

/// Two pipelines on one data set.
struct DatasetEffect {
  std::string dataset;
  std::int64_t subjects = 0;
  double first = 0, second = 0;          ///< mean scores over people
  double effect = 0, low = 0, high = 0;  ///< mean/std of the paired differences, with t(n-1)/sqrt(n) to either side
  double p = 1;                          ///< one-sided: the first is better
};

/// Two pipelines over all data sets.
struct PipelineComparison {
  std::string first, second;
  std::vector<DatasetEffect> datasets;
  double combined_effect = 0, combined_p = 1;  ///< weighted by the square root of the number of people; Stouffer
};

struct DatasetComparison {
  std::string plan;
  bool leaky = false;  ///< the plan leaks on at least one data set
  std::vector<PipelineComparison> pairs;
};

/// Every two pipelines that all runs share, over their data sets, as MOABB compares them (`meta_analysis`): sessions
/// are averaged, people are the units. The plan: the given one, else the first that all runs share and that does not
/// leak. Refuses (kind `usage`) fewer than one run, runs without a common plan or with fewer than two common pipelines,
/// data sets of fewer than two people, and two runs of the same data set.
[[nodiscard]] DatasetComparison compare_datasets(const std::vector<RunFolder>& runs, const std::string& plan,
                                                 std::optional<SessionScoreKind> kind);

}  // namespace caton
