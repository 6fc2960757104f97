// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/answers.hpp"

#include <span>

namespace caton {

/// The figures of a report, computed again and again on resampled units from sums made once: a draw costs units, not
/// samples.
class UnitSums {
 public:
  /// unit: number of each row's unit, 0 … U-1.
  UnitSums(const Answers& answers, std::vector<std::int64_t> unit);

  /// "accuracy", "balanced-accuracy", "macro-f1", "weighted-f1", "kappa", "mcc", "auroc", "log-loss", "brier", "ece".
  [[nodiscard]] static const std::vector<std::string>& names();
  [[nodiscard]] std::int64_t units() const noexcept { return units_; }
  /// Figures in the order of `names` when unit u stands `times[u]` times; NaN where undefined.
  void figures(std::span<const std::int32_t> times, std::span<double> result) const;

 private:
  /// Pairs of a class' samples with the others', won by the class, by unit of either.
  struct PairWins {
    std::vector<double> positives, negatives;  ///< of each unit
    Array<double, 2> wins;                     ///< units x units; empty: too many units, then from `order`
    std::vector<std::int64_t> order;           ///< rows by ascending probability
    std::vector<char> ends_tie;                ///< the last of equal probabilities, along `order`
    std::vector<char> positive;                ///< of each row
  };

  void add_row(const Answers& answers, std::int64_t row);
  [[nodiscard]] PairWins pair_wins(const Answers& answers, std::int64_t k) const;
  [[nodiscard]] double auroc(const PairWins& pairs, std::span<const std::int32_t> times) const;
  [[nodiscard]] double auroc(std::span<const std::int32_t> times) const;

  std::int64_t units_ = 0, classes_ = 0;
  std::vector<std::int64_t> unit_;
  Array<std::int64_t, 3> confusion_;  ///< units x K x K
  std::vector<double> samples_, log_loss_, brier_;
  Array<double, 3> bins_;  ///< units x 15 x (hits - confidence)
  std::vector<PairWins> pairs_;
};

}  // namespace caton
