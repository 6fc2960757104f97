// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/random.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace caton {

/// What a score would be if labels had nothing to do with the answers.
struct PermutationChance {
  double score = 0;
  std::vector<double> null = {};  ///< score of each permutation
  double p = 1;                   ///< (1 + #{null >= score}) / (P + 1)
};

/// Accuracy of the answers against labels in the orders of `permutation` (P x N, each row a permutation of 0 … N-1).
/// Refuses a table of another width or rows that are none (`permutation`).
[[nodiscard]] PermutationChance permutation_chance(std::span<const std::int64_t> labels,
                                                   std::span<const std::int64_t> predicted,
                                                   View<const std::int64_t, 2> permutation);

enum class ExchangeLevel { unit, sample, block };

/// Which labels may change places: those of units (trials) with a label of their own, within blocks (subjects).
struct Exchange {
  std::vector<std::int64_t> unit = {};        ///< unit of each sample, 0 … U-1
  std::vector<std::int64_t> block = {};       ///< block of each unit; units of one block may exchange their labels
  std::vector<std::int64_t> label = {};       ///< label of each unit
  ExchangeLevel level = ExchangeLevel::unit;  ///< what a unit is: as given, a single sample, or a whole block
  bool possible = false;                      ///< false: all labels are one and the same
};
/// Units and their labels. A unit whose samples differ in label cannot be exchanged whole: then every sample is a unit.
/// Where all units of each block share one label (labels of people), blocks are left out, so that there is something
/// to exchange. `unit` and `block` are any numbers, one a sample.
[[nodiscard]] Exchange exchangeable(std::span<const std::int64_t> labels, std::span<const std::int64_t> unit,
                                    std::span<const std::int64_t> block);
/// Labels of the units after one permutation within blocks.
[[nodiscard]] std::vector<std::int64_t> permuted_unit_labels(const Exchange& exchange, RandomStream& random);
/// Labels of all samples after one permutation of units within blocks.
[[nodiscard]] std::vector<std::int64_t> permuted_labels(const Exchange& exchange, RandomStream& random);

struct BinomialChance {
  double threshold = 0;    ///< smallest accuracy with one-sided probability below alpha; above 1: none is
  double p_at_chance = 0;  ///< probability of at least chance itself
};
/// `trials` independent trials of `classes` equally likely classes. 40 two-class trials: 0.65.
[[nodiscard]] BinomialChance binomial_chance(std::int64_t classes, std::int64_t trials, double alpha = 0.05);

}  // namespace caton
