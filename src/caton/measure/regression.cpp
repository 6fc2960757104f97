// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/ranks.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/measure/metrics.hpp"

#include <cmath>

namespace caton {
namespace {

double mean_of(std::span<const double> values) { return ordered_sum(values) / static_cast<double>(values.size()); }

/// Population covariance; of a column with itself the variance.
double covariance(std::span<const double> a, std::span<const double> b) {
  const double mean_a = mean_of(a), mean_b = mean_of(b);
  std::vector<double> products(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) products[i] = (a[i] - mean_a) * (b[i] - mean_b);
  return mean_of(products);
}

Measure correlation(std::span<const double> a, std::span<const double> b) {
  const double variance_a = covariance(a, a), variance_b = covariance(b, b);
  if (variance_a == 0) return {.undefined = "the true ratings do not vary"};
  if (variance_b == 0) return {.undefined = "the predicted ratings do not vary"};
  return {covariance(a, b) / std::sqrt(variance_a * variance_b)};
}

Measure concordance(std::span<const double> a, std::span<const double> b) {
  const double shift = mean_of(a) - mean_of(b);
  const double spread = covariance(a, a) + covariance(b, b) + shift * shift;
  if (spread == 0) return {.undefined = "true and predicted ratings are one and the same constant"};
  return {2 * covariance(a, b) / spread};
}

}  // namespace

RegressionMetrics evaluate_ratings(std::span<const double> ratings, std::span<const double> predicted) {
  if (ratings.size() != predicted.size())
    throw usage_error("metrics", "the lengths (shape) differ: " + std::to_string(ratings.size()) + " ratings, " +
                                     std::to_string(predicted.size()) + " predictions");
  if (ratings.empty()) throw input_error("metrics", "there are no samples: the ratings are empty");
  std::vector<double> squares(ratings.size()), distances(ratings.size());
  for (std::size_t i = 0; i < ratings.size(); ++i) {
    distances[i] = std::abs(ratings[i] - predicted[i]);
    squares[i] = distances[i] * distances[i];
  }
  RegressionMetrics result;
  result.mse = {mean_of(squares)};
  result.mae = {mean_of(distances)};
  const double variance = covariance(ratings, ratings);
  result.r2 =
      variance == 0 ? Measure{.undefined = "the true ratings do not vary"} : Measure{1 - result.mse.value / variance};
  result.pearson = correlation(ratings, predicted);
  result.spearman = correlation(average_ranks(ratings), average_ranks(predicted));
  result.ccc = concordance(ratings, predicted);
  return result;
}

const Measure& RegressionMetrics::named(std::string_view name) const {
  if (name == "mse") return mse;
  if (name == "mae") return mae;
  if (name == "r2") return r2;
  if (name == "pearson") return pearson;
  if (name == "spearman") return spearman;
  if (name == "ccc") return ccc;
  throw usage_error("metrics", "unknown metric \"" + std::string(name) + "\"",
                    suggestion(name, {"mse", "mae", "r2", "pearson", "spearman", "ccc"}));
}

}  // namespace caton
