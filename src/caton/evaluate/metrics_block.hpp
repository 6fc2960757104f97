// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/evaluate/answers.hpp"

namespace caton {

struct MetricsBlockOptions {
  std::int64_t draws = 2000;         ///< of units, for intervals
  std::int64_t permutations = 1000;  ///< of labels, for chance
  double level = 0.95;
};

/// Everything that metrics.json says about one pipeline under one plan and that follows from its predictions alone, so
/// that predictions.csv gives the same block again (random streams are keyed by pipeline and plan, not by a study's
/// seed):
///   pipeline, plan, samples, classes, class_counts,
///   unit      "subject"; within one subject "trial"; never the window (which is said: "window" only without trials,
///             and then there are no intervals)
///   units, few_units (fewer than 10)
///   metrics   {name: {value|null, low|null, high|null, n, unit, undefined|null}} pooled over samples, intervals by
///             drawing units; `undefined` is the reason
///   chance    {value, low, high, p, p_below, method: "predictions", permutations, exchanged, majority}: accuracy when
///             labels are permuted by trial within subject (`exchanged` says by what), low and high hold 95 % of it
///   subjects  {name: {value, low, high, n}} accuracy of each person, n and interval over that person's trials
///   folds     [{fold, n_test, accuracy}]
///   ilss      the published stability score of the folds' accuracies (population deviation); null for one fold
///   confusion [[counts]], rows true
///   calibration [{n, accuracy, confidence}] of 15 bins
[[nodiscard]] Json metrics_block(const Answers& answers, const MetricsBlockOptions& options = {});

/// The blocks of all pipelines and plans of a predictions.csv, {evaluations: […]}.
[[nodiscard]] Json metrics_of_predictions(const Table& predictions, const std::string& where);

}  // namespace caton
