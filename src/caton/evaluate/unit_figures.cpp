// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/unit_figures.hpp"

#include "caton/measure/metrics.hpp"
#include "caton/base/ranks.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace caton {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

double value_of(const Measure& measure) { return measure.defined() ? measure.value : none; }

std::int64_t count_of(const std::vector<std::int64_t>& unit) {
  return unit.empty() ? 0 : *std::max_element(unit.begin(), unit.end()) + 1;
}

}  // namespace

const std::vector<std::string>& UnitSums::names() {
  static const std::vector<std::string> all{"accuracy", "balanced-accuracy", "macro-f1", "weighted-f1", "kappa", "mcc",
                                            "auroc",    "log-loss",          "brier",    "ece"};
  return all;
}

UnitSums::UnitSums(const Answers& answers, std::vector<std::int64_t> unit)
    : units_(count_of(unit)),
      classes_(static_cast<std::int64_t>(answers.classes.size())),
      unit_(std::move(unit)),
      confusion_({units_, classes_, classes_}),
      samples_(static_cast<std::size_t>(units_)),
      log_loss_(samples_.size()),
      brier_(samples_.size()),
      bins_({units_, reliability_bins, 1}) {
  for (std::int64_t row = 0; row < answers.size(); ++row) add_row(answers, row);
  if (answers.probability.empty() || classes_ < 2) return;
  for (std::int64_t k = classes_ == 2 ? 1 : 0; k < classes_; ++k) pairs_.push_back(pair_wins(answers, k));
}

void UnitSums::add_row(const Answers& answers, std::int64_t row) {
  const auto u = unit_[row];
  const auto label = answers.label[row];
  ++confusion_(u, label, answers.predicted[row]);
  samples_[u] += 1;
  if (answers.probability.empty()) return;
  const auto p = answers.probability.view()[row];
  log_loss_[u] += log_loss_of(p, label);
  std::int64_t top = 0;
  for (std::int64_t k = 0; k < classes_; ++k) {
    brier_[u] += (p[k] - (k == label)) * (p[k] - (k == label));
    if (p[k] > p[top]) top = k;
  }
  bins_(u, reliability_bin(p[top]), 0) += (top == label) - p[top];
}

UnitSums::PairWins UnitSums::pair_wins(const Answers& answers, std::int64_t k) const {
  const auto rows = answers.size();
  std::vector<double> score(static_cast<std::size_t>(rows));
  for (std::int64_t i = 0; i < rows; ++i) score[i] = answers.probability(i, k);
  PairWins pairs{.positives = std::vector<double>(samples_.size()),
                 .negatives = std::vector<double>(samples_.size()),
                 .order = ascending(score),
                 .ends_tie = std::vector<char>(score.size()),
                 .positive = std::vector<char>(score.size())};
  for (std::int64_t i = 0; i < rows; ++i) {
    pairs.positive[i] = answers.label[i] == k;
    (answers.label[i] == k ? pairs.positives : pairs.negatives)[unit_[i]] += 1;
    pairs.ends_tie[i] = i + 1 == rows || score[pairs.order[i]] != score[pairs.order[i + 1]];
  }
  if (units_ * units_ > 2 * rows) return pairs;
  pairs.wins = Array<double, 2>({units_, units_});
  std::vector<double> below(samples_.size()), tied(samples_.size());
  for (std::int64_t first = 0, i = 0; i < rows; ++i) {
    if (pairs.ends_tie[i] == 0) continue;
    std::fill(tied.begin(), tied.end(), 0);
    for (auto j = first; j <= i; ++j) tied[unit_[pairs.order[j]]] += pairs.positive[pairs.order[j]] == 0;
    for (auto j = first; j <= i; ++j) {
      if (pairs.positive[pairs.order[j]] == 0) continue;
      for (std::int64_t v = 0; v < units_; ++v) pairs.wins(unit_[pairs.order[j]], v) += below[v] + tied[v] / 2;
    }
    for (std::int64_t v = 0; v < units_; ++v) below[v] += tied[v];
    first = i + 1;
  }
  return pairs;
}

double UnitSums::auroc(const PairWins& pairs, std::span<const std::int32_t> times) const {
  double positives = 0, negatives = 0, wins = 0;
  for (std::int64_t u = 0; u < units_; ++u) {
    positives += times[u] * pairs.positives[u];
    negatives += times[u] * pairs.negatives[u];
  }
  if (positives == 0 || negatives == 0) return none;
  if (!pairs.wins.empty()) {
    for (std::int64_t u = 0; u < units_; ++u) {
      if (times[u] == 0) continue;
      double row = 0;
      for (std::int64_t v = 0; v < units_; ++v) row += times[v] * pairs.wins(u, v);
      wins += times[u] * row;
    }
    return wins / (positives * negatives);
  }
  double below = 0, tied = 0, in_tie = 0;
  for (std::size_t i = 0; i < pairs.order.size(); ++i) {
    const auto row = pairs.order[i];
    (pairs.positive[row] != 0 ? in_tie : tied) += times[unit_[row]];
    if (pairs.ends_tie[i] == 0) continue;
    wins += in_tie * (below + tied / 2);
    below += tied;
    tied = in_tie = 0;
  }
  return wins / (positives * negatives);
}

double UnitSums::auroc(std::span<const std::int32_t> times) const {
  if (pairs_.empty()) return none;
  double sum = 0;
  for (const PairWins& pairs : pairs_) sum += auroc(pairs, times);
  return sum / static_cast<double>(pairs_.size());
}

void UnitSums::figures(std::span<const std::int32_t> times, std::span<double> result) const {
  Array<std::int64_t, 2> pooled({classes_, classes_});
  std::array<double, reliability_bins> gap{};
  double samples = 0, loss = 0, brier = 0;
  for (std::int64_t u = 0; u < units_; ++u) {
    if (times[u] == 0) continue;
    for (std::int64_t k = 0; k < classes_ * classes_; ++k)
      pooled.data()[k] += times[u] * confusion_.data()[u * classes_ * classes_ + k];
    for (int bin = 0; bin < reliability_bins; ++bin) gap[bin] += times[u] * bins_(u, bin, 0);
    samples += times[u] * samples_[u];
    loss += times[u] * log_loss_[u];
    brier += times[u] * brier_[u];
  }
  const auto counted = confusion_metrics(pooled);
  double ece = 0;
  for (const double one : gap) ece += std::abs(one) / samples;
  const bool told = !pairs_.empty();
  const std::array<double, 10> all{counted.accuracy.value,
                                   counted.balanced_accuracy.value,
                                   counted.macro_f1.value,
                                   counted.weighted_f1.value,
                                   value_of(counted.kappa),
                                   counted.mcc.value,
                                   auroc(times),
                                   told ? loss / samples : none,
                                   told ? brier / samples : none,
                                   told ? ece : none};
  std::copy(all.begin(), all.end(), result.begin());
}

}  // namespace caton
