// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/selection/auto_features.hpp"
#include "caton/decode/classical/selection/r2_map.hpp"

#include <span>
#include <utility>
#include <vector>

/// Training as HappyFeat does it: the OpenViBE classifier, tested on parts of the file that follow each other.
namespace caton {

/// First and one past the last sample of a part.
using Part = std::pair<std::int64_t, std::int64_t>;

/// First and one past the last sample of part i of `partitions`: floor(i n / partitions) …. Refuses more partitions
/// than samples (word `partitions`), fewer than two (`partitions`), parts of one sample (`partition`).
[[nodiscard]] std::vector<std::pair<std::int64_t, std::int64_t>> contiguous_parts(std::int64_t samples,
                                                                                  std::int64_t partitions);

struct BlockTraining {
  std::vector<double> fold_accuracy;  ///< percent
  double accuracy = 0;                ///< percent: mean of the parts, as OpenViBE prints it
  std::vector<std::int64_t> label;    ///< of each sample when its part was left out
};
/// x: samples x features in file order, y: 0, 1, …. Refuses as `contiguous_parts` and `fit_lda_openvibe`.
[[nodiscard]] BlockTraining train_with_kfold(Signal x, std::span<const std::int64_t> y, std::int64_t partitions = 10,
                                             double shrinkage = 0);

struct FeatureCombinations {
  std::vector<double> accuracy;  ///< percent, with the first feature, the first two, …
  std::int64_t best = 0;         ///< index of the largest, the first of equals
};
[[nodiscard]] FeatureCombinations feature_combinations(Signal x, std::span<const std::int64_t> y,
                                                       std::int64_t partitions = 10);

enum class SelectOn {
  all_trials,       ///< as published: the trials that are tested on chose the features too
  training_trials,  ///< the choice is made anew from the training part of each fold
};

struct SelectedTraining {
  SelectOn select = SelectOn::all_trials;
  AutoFeatures choice = {};
  std::vector<double> freqs_hz = {};  ///< for the choice's range; empty: bins are counted instead
  Pairing pairing = Pairing::first_common;
  std::int64_t partitions = 10;
  std::vector<Part> parts = {};  ///< instead of equal partitions: runs that follow each other
  double shrinkage = 0;
};
struct SelectedAccuracy {
  double accuracy = 0;                         ///< percent of the samples
  std::vector<std::int64_t> label;             ///< of each sample when its part was left out
  std::vector<std::vector<Cell>> chosen = {};  ///< in each fold
};
/// power: trials x channels x frequencies, y: 0 or 1. The `count` best channels, each at its best frequency by R²
/// (pairs of the first common trials), then `train_with_kfold`'s classifier. Refuses other than two classes (`class`).
[[nodiscard]] SelectedAccuracy selected_features_accuracy(TrialFeatures power, std::span<const std::int64_t> y,
                                                          const SelectedTraining& options);

/// The cells that `choice` finds in the R² map of all these trials.
[[nodiscard]] std::vector<Cell> select_cells(TrialFeatures power, std::span<const std::int64_t> y,
                                             const SelectedTraining& options);

}  // namespace caton
