// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// Mean and standard deviation (divisor n) of each feature; the deviation of a feature that is constant up to rounding
/// is 1, so that it becomes 0 and not noise. Equals scikit-learn 1.2 `StandardScaler`.
struct Scaling {
  std::vector<double> mean, deviation;
};

/// Over the chosen rows of samples x features; at least one row.
[[nodiscard]] Scaling scaling_of(View<const float, 2> rows, std::span<const std::int64_t> chosen);

/// (value - mean) / deviation, in double, rounded to float32; `row` holds one value a feature.
void scale(const Scaling& scaling, std::span<float> row);

}  // namespace caton
