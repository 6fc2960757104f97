// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace caton {

/// Accuracy, precision, recall and F1 over the classes that occur in labels or predictions, averaged as `average` says
/// (`macro`, `weighted` by true counts, `micro`), scikit-learn's way. Refuses no sample (`empty`), negative classes
/// (`class`), an unknown average (`average`).
[[nodiscard]] std::array<double, 4> averaged_classification(std::span<const std::int64_t> labels,
                                                            std::span<const std::int64_t> predicted,
                                                            std::string_view average, double zero_division);

/// RBTransformer's stability score of the mean and standard deviation of accuracy over folds, both in percent:
/// sqrt(mean)/10 * min(-log10(std/(1 + lambda mean^2.5) + epsilon), 10). Folds that share trials make it meaningless.
/// Refuses a mean outside [0, 100] or a negative deviation (`range`).
[[nodiscard]] double ilss_score(double mean, double deviation, double lambda = 71, double epsilon = 1e-10);

}  // namespace caton
