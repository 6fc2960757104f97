// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/stability.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/measure/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace caton {
namespace {

struct Counts {
  double hits = 0, truly = 0, predicted = 0;
};

std::array<double, 3> figures_of(const Counts& counts, double zero_division) {
  const auto ratio = [&](double a, double b) { return b == 0 ? zero_division : a / b; };
  return {ratio(counts.hits, counts.predicted), ratio(counts.hits, counts.truly),
          ratio(2 * counts.hits, counts.truly + counts.predicted)};
}

/// Counts of the classes that occur on either side.
std::vector<Counts> counts_of(const Array<std::int64_t, 2>& confusion) {
  std::vector<Counts> counts;
  for (std::int64_t k = 0; k < confusion.extent(0); ++k) {
    Counts one{.hits = static_cast<double>(confusion(k, k))};
    for (std::int64_t j = 0; j < confusion.extent(0); ++j) {
      one.truly += static_cast<double>(confusion(k, j));
      one.predicted += static_cast<double>(confusion(j, k));
    }
    if (one.truly + one.predicted > 0) counts.push_back(one);
  }
  return counts;
}

/// The number of the largest class plus one; very large numbers are refused, as a table of them is made.
std::int64_t class_count(std::span<const std::int64_t> labels, std::span<const std::int64_t> predicted) {
  if (labels.empty()) throw input_error("metrics", "there are no samples: the labels are empty");
  std::int64_t largest = *std::max_element(labels.begin(), labels.end());
  for (const auto label : predicted) largest = std::max(largest, label);
  if (largest >= 10000)
    throw input_error("metrics", "class " + std::to_string(largest) + " is too large", "number classes from 0 on");
  return std::max<std::int64_t>(largest, 0) + 1;
}

}  // namespace

std::array<double, 4> averaged_classification(std::span<const std::int64_t> labels,
                                              std::span<const std::int64_t> predicted, std::string_view average,
                                              double zero_division) {
  if (average != "macro" && average != "weighted" && average != "micro")
    throw usage_error("classification_metrics", "unknown average \"" + std::string(average) + "\"",
                      "known: macro, micro, weighted");
  const auto counts = counts_of(confusion_matrix(labels, predicted, class_count(labels, predicted)));
  Counts all;
  for (const Counts& one : counts) {
    all.hits += one.hits;
    all.truly += one.truly;
    all.predicted += one.predicted;
  }
  std::array<double, 3> mean = figures_of(all, zero_division);
  if (average != "micro") {
    mean = {0, 0, 0};
    for (const Counts& one : counts) {
      const double weight = average == "macro" ? 1 / static_cast<double>(counts.size()) : one.truly / all.truly;
      const auto figures = figures_of(one, zero_division);
      for (std::size_t i = 0; i < 3; ++i) mean[i] += weight * figures[i];
    }
  }
  return {all.hits / all.truly, mean[0], mean[1], mean[2]};
}

double ilss_score(double mean, double deviation, double lambda, double epsilon) {
  if (!(mean >= 0 && mean <= 100) || !(deviation >= 0))
    throw input_error("ilss", "mean " + number_text(mean) + ", deviation " + number_text(deviation) + " out of range",
                      "give percent: a mean in 0 … 100, a deviation of at least 0");
  const double spread = deviation / (1 + lambda * std::pow(mean, 2.5)) + epsilon;
  return std::sqrt(mean) / 10 * std::min(-std::log10(spread), 10.0);
}

}  // namespace caton
