// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/random.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

struct TreeOptions {
  std::int64_t features_per_split = 0;  ///< drawn anew for each split; 0: the root of their number
  std::int64_t least_leaf = 1;          ///< samples on either side of a split
  std::int64_t most_depth = 0;          ///< 0: until leaves are pure
};

/// Nodes of one or more decision trees. A node's children stand behind it; a leaf has no feature (-1).
struct TreeNodes {
  std::vector<std::int32_t> feature, left, right;
  std::vector<float> threshold;  ///< a sample goes left when its value is at most this
  /// nodes x classes: shares of the training samples that came here; of a boosted tree nodes x 1: what it adds
  std::vector<float> share;

  [[nodiscard]] std::int64_t size() const noexcept { return static_cast<std::int64_t>(feature.size()); }
};

/// Rows (samples x features) with classes 0 … classes-1.
struct TreeData {
  View<const float, 2> rows;
  std::span<const std::int64_t> y;
  std::int64_t classes = 0;
};

/// Grows one tree on the given samples (a sample may stand there more than once): splits by Gini impurity, thresholds
/// half way between neighbouring values, equal splits by the first feature that was drawn (scikit-learn's
/// DecisionTreeClassifier up to its random numbers).
[[nodiscard]] TreeNodes grow_tree(const TreeData& data, std::vector<std::int64_t> samples, const TreeOptions& options,
                                  RandomStream random);

/// The threshold between two neighbouring values: half way, or the lower one where half way rounds to the upper one.
[[nodiscard]] float threshold_between(float low, float high);

/// The leaf in which a row ends, from this root on.
[[nodiscard]] std::int64_t leaf_of(const TreeNodes& nodes, std::int64_t root, View<const float, 1> row);

}  // namespace caton
