// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/samples/sample_set.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// Making samples of rare classes from neighbours, number for number as imbalanced-learn 0.10.
namespace caton {

struct OversamplingOptions {
  std::int64_t neighbours = 5;
  std::int64_t seed = 23;  ///< of NumPy's legacy generator
};

/// What a made sample is made of: `first + gap * (second - first)`, rows of the set it was made in.
struct MadeSample {
  std::int64_t first = 0, second = 0;
  double gap = 0;
  std::int64_t label = 0;
};

/// The members of `label` and for each its `neighbours` nearest others of that class: members x neighbours, as indices
/// within the class. The first hit, normally the member itself, is left out; equal distances: lowest index. Refuses a
/// class with fewer than neighbours + 1 members (word `neighbours`).
[[nodiscard]] Array<std::int64_t, 2> class_neighbours(View<const double, 2> rows, std::span<const std::int64_t> label,
                                                      std::int64_t wanted, std::int64_t neighbours);

/// SMOTE (Chawla et al. 2002): every class up to the size of the largest, classes in ascending order.
/// Equals imbalanced-learn 0.10 `SMOTE(k_neighbors, random_state)`.
[[nodiscard]] std::vector<MadeSample> smote(View<const double, 2> rows, std::span<const std::int64_t> label,
                                            const OversamplingOptions& options = {});

/// ADASYN (He et al. 2008): more samples where neighbours are of other classes. Equals imbalanced-learn 0.10
/// `ADASYN(n_neighbors, random_state)`. Refuses a class none of whose neighbours is of another (word `neighbours`).
[[nodiscard]] std::vector<MadeSample> adasyn(View<const double, 2> rows, std::span<const std::int64_t> label,
                                             const OversamplingOptions& options = {});

/// Values (first axis: samples, float32 or float64) with the made rows behind them, computed in float64 and rounded to
/// their own type.
[[nodiscard]] Tensor with_made_rows(const Tensor& block, const std::vector<MadeSample>& made);

/// The set with made samples behind it: every block computed in float64 and rounded to its own type, weight 1, no
/// rating, parents set, no recording and no place in time; subject, session, study and groups are kept where both
/// parents agree. Ids of made samples are negative and below all others (-1 stands for "none").
[[nodiscard]] SampleSet with_made(const SampleSet& samples, const std::vector<MadeSample>& made);

}  // namespace caton
