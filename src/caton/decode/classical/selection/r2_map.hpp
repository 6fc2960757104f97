// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

/// What separates two classes of trials, at each channel and frequency.
namespace caton {

using TrialFeatures = View<const double, 3>;  ///< trials x channels x frequencies

enum class Pairing {
  first_common,  ///< the first min(n1, n2) trials of both classes, as HappyFeat
  all,
};

struct R2Map {
  Matrix r2;    ///< share of the variance that the class explains; 0 where nothing varies; signed where asked for
  Matrix sign;  ///< of mean(class 2) - mean(class 1), over all trials
};
/// Refuses classes with fewer than 2 trials (words `class`, `trials`), other channels or frequencies (`shape`).
/// `signed_by_ranks`: r2 takes the sign of the rank-sum z of class 1 against class 2.
[[nodiscard]] R2Map r2_map(TrialFeatures class1, TrialFeatures class2, Pairing pairing = Pairing::first_common,
                           bool signed_by_ranks = false);

struct RankSumMap {
  Matrix z, p;
};
/// `scipy.stats.ranksums` at each channel and frequency. Refuses as `r2_map`.
[[nodiscard]] RankSumMap rank_sum_map(TrialFeatures class1, TrialFeatures class2);

}  // namespace caton
