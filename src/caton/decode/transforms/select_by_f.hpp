// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/samples/sample_set.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// F of the one-way analysis of variance of each feature over classes; equals scikit-learn `f_classif`, but 0 for a
/// constant feature and infinite for one that differs between classes only.
/// rows: samples x features; label: 0 … K-1. Refuses fewer than two classes (word `class`).
[[nodiscard]] std::vector<double> anova_f(View<const float, 2> rows, std::span<const std::int64_t> label);

/// The `count` features of the highest score, in their own order; equal scores: lowest feature.
[[nodiscard]] std::vector<std::int64_t> best_features(const std::vector<double>& score, std::int64_t count);

/// The set with the chosen flat features only, as a block "features" with their names.
[[nodiscard]] SampleSet with_features(const SampleSet& samples, const std::vector<std::int64_t>& chosen);

}  // namespace caton
