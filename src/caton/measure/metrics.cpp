// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/metrics.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ranks.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace caton {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

struct Margins {
  std::vector<double> rows, columns;
  double total = 0, hits = 0;
};

Margins margins_of(View<const std::int64_t, 2> confusion) {
  const auto classes = confusion.extent(0);
  Margins margins{std::vector<double>(classes), std::vector<double>(classes)};
  for (std::int64_t i = 0; i < classes; ++i) {
    for (std::int64_t j = 0; j < classes; ++j) {
      const auto count = static_cast<double>(confusion(i, j));
      margins.rows[i] += count;
      margins.columns[j] += count;
      margins.total += count;
    }
    margins.hits += static_cast<double>(confusion(i, i));
  }
  return margins;
}

double ratio_or_zero(double numerator, double denominator) { return denominator == 0 ? 0 : numerator / denominator; }

template <class Weight>
Measure weighted_kappa(View<const std::int64_t, 2> confusion, const Margins& margins, const Weight& weight) {
  double observed = 0, expected = 0;
  for (std::int64_t i = 0; i < confusion.extent(0); ++i) {
    for (std::int64_t j = 0; j < confusion.extent(1); ++j) {
      observed += weight(i, j) * static_cast<double>(confusion(i, j));
      expected += weight(i, j) * margins.rows[i] * margins.columns[j] / margins.total;
    }
  }
  if (expected == 0) return {.undefined = "labels and predictions are all of one class: no disagreement is expected"};
  return {1 - observed / expected};
}

double matthews(const Margins& margins) {
  double product = 0, rows = 0, columns = 0;
  for (std::size_t k = 0; k < margins.rows.size(); ++k) {
    product += margins.rows[k] * margins.columns[k];
    rows += margins.rows[k] * margins.rows[k];
    columns += margins.columns[k] * margins.columns[k];
  }
  const double square = margins.total * margins.total;
  const double variance = (square - columns) * (square - rows);
  return variance == 0 ? 0 : (margins.hits * margins.total - product) / std::sqrt(variance);
}

void fill_by_class(View<const std::int64_t, 2> confusion, const Margins& margins, ConfusionMetrics& result) {
  double recall_sum = 0, f1_sum = 0, weighted = 0;
  int present = 0, seen = 0;
  for (std::int64_t k = 0; k < confusion.extent(0); ++k) {
    const auto hits = static_cast<double>(confusion(k, k));
    result.precision.push_back(ratio_or_zero(hits, margins.columns[k]));
    result.recall.push_back(ratio_or_zero(hits, margins.rows[k]));
    result.f1.push_back(ratio_or_zero(2 * hits, margins.rows[k] + margins.columns[k]));
    if (margins.rows[k] == 0) result.absent.push_back(k);
    present += margins.rows[k] > 0;
    seen += margins.rows[k] + margins.columns[k] > 0;
    recall_sum += result.recall.back();
    f1_sum += result.f1.back();
    weighted += margins.rows[k] * result.f1.back();
  }
  result.balanced_accuracy = {recall_sum / present};
  result.macro_f1 = {f1_sum / seen};
  result.weighted_f1 = {weighted / margins.total};
}

std::vector<double> column_of(View<const double, 2> probability, std::int64_t k) {
  std::vector<double> column(probability.extent(0));
  for (std::int64_t i = 0; i < probability.extent(0); ++i) column[i] = probability(i, k);
  return column;
}

std::vector<std::int64_t> is_class(std::span<const std::int64_t> labels, std::int64_t k) {
  std::vector<std::int64_t> flags(labels.size());
  std::transform(labels.begin(), labels.end(), flags.begin(), [k](auto label) { return std::int64_t(label == k); });
  return flags;
}

/// Mean over classes of a one-against-rest figure; for two classes the figure of class 1.
template <class Figure>
Measure over_classes(std::span<const std::int64_t> labels, View<const double, 2> probability, const Figure& figure) {
  const auto classes = probability.extent(1);
  if (classes == 2) return figure(column_of(probability, 1), is_class(labels, 1));
  double sum = 0;
  for (std::int64_t k = 0; k < classes; ++k) {
    const Measure one = figure(column_of(probability, k), is_class(labels, k));
    if (!one.defined()) return {.undefined = "class " + std::to_string(k) + ": " + one.undefined};
    sum += one.value;
  }
  return {sum / static_cast<double>(classes)};
}

/// Of the samples of classes i and j only: does the probability of i separate them?
Measure one_against_one(std::span<const std::int64_t> labels, View<const double, 2> probability, std::int64_t i,
                        std::int64_t j) {
  std::vector<double> score;
  std::vector<std::int64_t> positive;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    if (labels[n] != i && labels[n] != j) continue;
    score.push_back(probability(static_cast<std::int64_t>(n), i));
    positive.push_back(labels[n] == i);
  }
  return auroc(score, positive);
}

Measure auroc_over_pairs(std::span<const std::int64_t> labels, View<const double, 2> probability) {
  const auto classes = probability.extent(1);
  double sum = 0;
  for (std::int64_t i = 0; i < classes; ++i) {
    for (std::int64_t j = 0; j < classes; ++j) {
      if (i == j) continue;
      const Measure one = one_against_one(labels, probability, i, j);
      if (!one.defined())
        return {.undefined = "classes " + std::to_string(i) + " and " + std::to_string(j) + ": " + one.undefined};
      sum += one.value;
    }
  }
  return {sum / static_cast<double>(classes * (classes - 1))};
}

void check_probabilities(View<const double, 2> probability, std::size_t samples, std::int64_t classes) {
  if (probability.extent(0) != static_cast<std::int64_t>(samples) || probability.extent(1) != classes)
    throw usage_error("metrics", "the lengths (shape) differ: " + std::to_string(samples) + " labels, probabilities " +
                                     std::to_string(probability.extent(0)) + " x " +
                                     std::to_string(probability.extent(1)));
  for (std::int64_t i = 0; i < probability.extent(0); ++i) {
    double sum = 0;
    for (std::int64_t k = 0; k < classes; ++k) {
      const double p = probability(i, k);
      if (!(p >= 0 && p <= 1))
        throw input_error("metrics",
                          "probability " + number_text(p) + " of sample " + std::to_string(i) + " lies outside [0, 1]");
      sum += p;
    }
    if (std::abs(sum - 1) > 1e-6)
      throw input_error("metrics", "the probabilities of sample " + std::to_string(i) + " sum to " + number_text(sum),
                        "normalise them so that each row sums to 1");
  }
}

void fill_calibration(std::span<const std::int64_t> labels, View<const double, 2> probability, Metrics& metrics) {
  metrics.reliability = Array<double, 2>({reliability_bins, 3});
  double loss = 0, brier = 0;
  for (std::int64_t i = 0; i < probability.extent(0); ++i) {
    const auto row = probability[i];
    const auto label = labels[i];
    loss += log_loss_of(row, label);
    std::int64_t top = 0;
    for (std::int64_t k = 0; k < row.extent(0); ++k) {
      brier += (row[k] - (k == label)) * (row[k] - (k == label));
      if (row[k] > row[top]) top = k;
    }
    const int bin = reliability_bin(row[top]);
    metrics.reliability(bin, 0) += 1;
    metrics.reliability(bin, 1) += top == label;
    metrics.reliability(bin, 2) += row[top];
  }
  const auto count = static_cast<double>(labels.size());
  double ece = 0;
  for (int bin = 0; bin < reliability_bins; ++bin) {
    const double in_bin = metrics.reliability(bin, 0);
    if (in_bin == 0) continue;
    ece += std::abs(metrics.reliability(bin, 1) - metrics.reliability(bin, 2)) / count;
    metrics.reliability(bin, 1) /= in_bin;
    metrics.reliability(bin, 2) /= in_bin;
  }
  metrics.log_loss = {loss / count};
  metrics.brier = {brier / count};
  metrics.ece = {ece};
}

struct NamedMetric {
  const char* name;
  const Measure& (*of)(const Metrics&);
};

constexpr std::array<NamedMetric, 13> named_metrics{{
    {"accuracy", [](const Metrics& m) -> const Measure& { return m.counted.accuracy; }},
    {"balanced_accuracy", [](const Metrics& m) -> const Measure& { return m.counted.balanced_accuracy; }},
    {"macro_f1", [](const Metrics& m) -> const Measure& { return m.counted.macro_f1; }},
    {"weighted_f1", [](const Metrics& m) -> const Measure& { return m.counted.weighted_f1; }},
    {"kappa", [](const Metrics& m) -> const Measure& { return m.counted.kappa; }},
    {"quadratic_kappa", [](const Metrics& m) -> const Measure& { return m.counted.quadratic_kappa; }},
    {"mcc", [](const Metrics& m) -> const Measure& { return m.counted.mcc; }},
    {"log_loss", [](const Metrics& m) -> const Measure& { return m.log_loss; }},
    {"brier", [](const Metrics& m) -> const Measure& { return m.brier; }},
    {"ece", [](const Metrics& m) -> const Measure& { return m.ece; }},
    {"auroc", [](const Metrics& m) -> const Measure& { return m.auroc; }},
    {"auroc_ovo", [](const Metrics& m) -> const Measure& { return m.auroc_ovo; }},
    {"auc_pr", [](const Metrics& m) -> const Measure& { return m.auc_pr; }},
}};

}  // namespace

ConfusionMetrics confusion_metrics(View<const std::int64_t, 2> confusion) {
  const Margins margins = margins_of(confusion);
  if (margins.total == 0) throw input_error("metrics", "there are no samples: the confusion matrix is empty");
  ConfusionMetrics result;
  result.accuracy = {margins.hits / margins.total};
  fill_by_class(confusion, margins, result);
  result.kappa = weighted_kappa(confusion, margins, [](auto i, auto j) { return i == j ? 0.0 : 1.0; });
  result.quadratic_kappa =
      weighted_kappa(confusion, margins, [](auto i, auto j) { return static_cast<double>((i - j) * (i - j)); });
  result.mcc = {matthews(margins)};
  return result;
}

Array<std::int64_t, 2> confusion_matrix(std::span<const std::int64_t> labels, std::span<const std::int64_t> predicted,
                                        std::int64_t classes) {
  if (labels.size() != predicted.size())
    throw usage_error("metrics", "the lengths (shape) differ: " + std::to_string(labels.size()) + " labels, " +
                                     std::to_string(predicted.size()) + " predictions");
  if (labels.empty()) throw input_error("metrics", "there are no samples: the labels are empty");
  if (classes < 1) throw usage_error("metrics", std::to_string(classes) + " is no number of classes");
  Array<std::int64_t, 2> confusion({classes, classes});
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (const auto label : {labels[i], predicted[i]}) {
      if (label < 0 || label >= classes)
        throw input_error("metrics", "sample " + std::to_string(i) + " has class " + std::to_string(label) + ", but " +
                                         std::to_string(classes) + " classes are stated (0 … " +
                                         std::to_string(classes - 1) + ")");
    }
    ++confusion(labels[i], predicted[i]);
  }
  return confusion;
}

Metrics evaluate_predictions(std::span<const std::int64_t> labels, std::span<const std::int64_t> predicted,
                             View<const double, 2> probability, std::int64_t classes) {
  Metrics metrics;
  metrics.confusion = confusion_matrix(labels, predicted, classes);
  metrics.counted = confusion_metrics(metrics.confusion);
  if (probability.empty()) {
    for (Measure* const measure :
         {&metrics.log_loss, &metrics.brier, &metrics.ece, &metrics.auroc, &metrics.auroc_ovo, &metrics.auc_pr})
      *measure = {.undefined = "no probabilities were given"};
    return metrics;
  }
  check_probabilities(probability, labels.size(), classes);
  fill_calibration(labels, probability, metrics);
  if (classes < 2) {
    for (Measure* const measure : {&metrics.auroc, &metrics.auroc_ovo, &metrics.auc_pr})
      *measure = {.undefined = "there is one class only"};
    return metrics;
  }
  metrics.auroc = over_classes(labels, probability, auroc);
  metrics.auroc_ovo = auroc_over_pairs(labels, probability);
  metrics.auc_pr = over_classes(labels, probability, average_precision);
  return metrics;
}

Measure auroc(std::span<const double> score, std::span<const std::int64_t> positive) {
  const auto ranks = average_ranks(score);
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (positive[i] == 0) continue;
    sum += ranks[i];
    count += 1;
  }
  const double others = static_cast<double>(score.size()) - count;
  if (count == 0) return {.undefined = "no sample of the class is in the labels"};
  if (others == 0) return {.undefined = "the labels hold no other class"};
  return {(sum - count * (count + 1) / 2) / (count * others)};
}

Measure average_precision(std::span<const double> score, std::span<const std::int64_t> positive) {
  const auto order = ascending(score);
  double total = 0;
  for (const auto flag : positive) total += static_cast<double>(flag != 0);
  if (total == 0) return {.undefined = "no sample of the class is in the labels"};
  double hits = 0, taken = 0, recall = 0, area = 0;
  for (std::size_t i = order.size(); i-- > 0;) {
    hits += static_cast<double>(positive[order[i]] != 0);
    taken += 1;
    if (i > 0 && score[order[i - 1]] == score[order[i]]) continue;
    area += (hits / total - recall) * hits / taken;
    recall = hits / total;
  }
  return {area};
}

int reliability_bin(double confidence) noexcept {
  int bin = 0;
  while (bin + 1 < reliability_bins && confidence > static_cast<double>(bin + 1) / reliability_bins) ++bin;
  return bin;
}

double log_loss_of(View<const double, 1> probability, std::int64_t label) {
  double sum = 0;
  for (std::int64_t k = 0; k < probability.extent(0); ++k) sum += std::clamp(probability[k], epsilon, 1 - epsilon);
  return -std::log(std::clamp(probability[label], epsilon, 1 - epsilon) / sum);
}

const Measure& Metrics::named(std::string_view name) const {
  std::string plain(name);
  std::replace(plain.begin(), plain.end(), '-', '_');
  for (const auto& metric : named_metrics) {
    if (plain == metric.name) return metric.of(*this);
  }
  throw usage_error("metrics", "unknown metric \"" + std::string(name) + "\"", suggestion(plain, metric_names()));
}

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& metric : named_metrics) all.emplace_back(metric.name);
    return all;
  }();
  return names;
}

}  // namespace caton
