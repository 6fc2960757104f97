// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/tree_ensemble.hpp"

namespace caton {

struct BoostingOptions {
  std::int64_t rounds = 100;    ///< each adds one tree, or one a class where there are three or more
  double learning_rate = 0.1;   ///< share of a tree's answer that is added
  std::int64_t most_depth = 3;  ///< splits one after another
  std::int64_t least_leaf = 1;  ///< samples on either side of a split
};

/// Scores that start from the classes' shares; every round's trees follow what the loss still wants.
struct BoostedTrees {
  std::vector<double> start;  ///< one an output: log-odds of the second of two classes, else log shares
  TreeEnsemble trees;         ///< rounds x outputs
};

/// Gradient boosting of the logistic loss (softmax from three classes on) with exact splits by Friedman's criterion and
/// one Newton step a leaf; equals scikit-learn 1.2 `GradientBoostingClassifier` with all samples and features, up to
/// equally good splits (here the first feature's) and float32 leaves. No random numbers; the same bits for any number
/// of threads.
[[nodiscard]] BoostedTrees fit_boosted_trees(const TreeData& data, const BoostingOptions& options);

/// One score an output of a row.
void boosted_scores(const BoostedTrees& model, View<const float, 1> row, std::span<double> score);

}  // namespace caton
