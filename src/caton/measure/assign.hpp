// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Which fold tests each sample: the rules of scikit-learn 1.2, without its random numbers.
namespace caton {

/// Refuses fewer than 2 folds and more than `samples` (`folds`).
void check_folds(std::int64_t folds, std::int64_t samples, const std::string& plan);
/// Refuses what is no permutation of 0 … count-1 (`order`).
void check_order(std::span<const std::int64_t> order, std::int64_t count, const std::string& plan);

/// Blocks in sample order; the first (samples mod folds) are one longer.
[[nodiscard]] std::vector<std::int64_t> contiguous_folds(std::int64_t samples, std::int64_t folds);
/// StratifiedKFold on the samples in `order`. Refuses more folds than samples of the smallest class, and more than ten
/// where a class has fewer than two samples a fold (`folds`).
[[nodiscard]] std::vector<std::int64_t> stratified_folds(std::span<const std::int64_t> labels, std::int64_t folds,
                                                         std::span<const std::int64_t> order, const std::string& plan);
/// GroupKFold with a stable sort. group: 0 … G-1.
[[nodiscard]] std::vector<std::int64_t> group_folds(std::span<const std::int64_t> group, std::int64_t folds,
                                                    const std::string& plan);
/// StratifiedGroupKFold. group: 0 … G-1.
[[nodiscard]] std::vector<std::int64_t> stratified_group_folds(std::span<const std::int64_t> labels,
                                                               std::span<const std::int64_t> group, std::int64_t folds,
                                                               const std::string& plan);

/// Whole groups dealt card by card within each class, in order of `rank` (of each group; equal ranks in order of
/// groups): the first group of every class is tested in fold 0, the second in fold 1. group: 0 … G-1. Refuses more
/// folds than groups (`groups`) and groups of two classes (`class`); without labels all groups are one class.
[[nodiscard]] std::vector<std::int64_t> dealt_group_folds(std::span<const std::int64_t> labels,
                                                          std::span<const std::int64_t> group,
                                                          std::span<const std::int64_t> rank, std::int64_t folds,
                                                          const std::string& plan);

}  // namespace caton
