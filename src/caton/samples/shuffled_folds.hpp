// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <vector>

namespace caton {

/// The fold (0 … folds-1) in which each of `n` samples is tested, as scikit-learn's `KFold(shuffle=True)` deals them.
/// Refuses (word `folds`) fewer than 2 folds or more folds than samples.
[[nodiscard]] std::vector<std::int64_t> shuffled_folds(std::int64_t n, std::int64_t folds, std::int64_t seed);

/// RBTransformer's published split over windows (train.py).
struct PublishedSplit {
  std::vector<std::int64_t> kept;  ///< windows that are left after the drop, in their shuffled order
  std::vector<std::int64_t> fold;  ///< fold in which each of `kept` is tested
};
/// Shuffles all `n` windows, throws the first share `drop` of them away, deals the rest by `shuffled_folds`. Refuses
/// (word `drop`) a share outside [0, 1).
[[nodiscard]] PublishedSplit rbt_published_split(std::int64_t n, std::int64_t folds, std::int64_t seed, double drop);

}  // namespace caton
