// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// A figure, or why there is none. Undefined is never 0, 0.5 or a NaN in a mean.
struct Measure {
  double value = std::numeric_limits<double>::quiet_NaN();
  std::string undefined = {};  ///< the reason; empty: defined

  [[nodiscard]] bool defined() const noexcept { return undefined.empty(); }
};

/// What a confusion matrix tells: everything that needs labels only.
struct ConfusionMetrics {
  Measure accuracy, balanced_accuracy, macro_f1, weighted_f1, kappa, quadratic_kappa, mcc;
  std::vector<double> precision, recall, f1;  ///< one a class, 0 where the denominator is 0
  std::vector<std::int64_t> absent;           ///< classes that no true label has
};

/// confusion: K x K counts, rows true. Formulas and edge cases as scikit-learn 1.2: balanced accuracy over the classes
/// present, macro F1 over those present or predicted, kappa undefined where chance agreement is complete, MCC 0 where a
/// variance is 0. Refuses a matrix without samples (`empty`).
[[nodiscard]] ConfusionMetrics confusion_metrics(View<const std::int64_t, 2> confusion);

/// K x K counts, rows true. Refuses other lengths (`length`), no sample (`empty`), labels outside 0 … K-1 (`class`).
[[nodiscard]] Array<std::int64_t, 2> confusion_matrix(std::span<const std::int64_t> labels,
                                                      std::span<const std::int64_t> predicted, std::int64_t classes);

struct Metrics {
  ConfusionMetrics counted;
  Array<std::int64_t, 2> confusion;  ///< rows true
  Measure log_loss, brier, ece, auroc, auroc_ovo, auc_pr;
  Array<double, 2> reliability;  ///< 15 x (count, accuracy, mean confidence), bins (lo, hi] of the top probability

  /// A figure by its name ("balanced_accuracy", also with `-`); refused with the known names.
  [[nodiscard]] const Measure& named(std::string_view name) const;
};
/// The names that `Metrics::named` knows.
[[nodiscard]] const std::vector<std::string>& metric_names();

/// All figures of a decoder's answers. probability: N x K, or empty, then what needs it is undefined. Refuses values
/// outside [0, 1] (`probability`), rows that do not sum to 1 within 1e-6 (`sum`), and as `confusion_matrix`.
[[nodiscard]] Metrics evaluate_predictions(std::span<const std::int64_t> labels,
                                           std::span<const std::int64_t> predicted, View<const double, 2> probability,
                                           std::int64_t classes);

/// Area under the receiver operating characteristic: rank statistic with half ties; undefined if a side is missing.
[[nodiscard]] Measure auroc(std::span<const double> score, std::span<const std::int64_t> positive);
/// Average precision without interpolation, equal scores as one step; undefined without positives.
[[nodiscard]] Measure average_precision(std::span<const double> score, std::span<const std::int64_t> positive);

constexpr int reliability_bins = 15;
/// The bin (lo, hi] of a top probability; 0 goes into the first.
[[nodiscard]] int reliability_bin(double confidence) noexcept;
/// -ln of the true class' probability, clipped to [eps, 1-eps] and renormalised within the row.
[[nodiscard]] double log_loss_of(View<const double, 1> probability, std::int64_t label);

struct RegressionMetrics {
  Measure mse, mae, r2, pearson, spearman, ccc;
  [[nodiscard]] const Measure& named(std::string_view name) const;
};
/// Refuses other lengths (`length`) and no sample (`empty`). CCC with population moments.
[[nodiscard]] RegressionMetrics evaluate_ratings(std::span<const double> ratings, std::span<const double> predicted);

}  // namespace caton
