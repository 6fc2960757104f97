// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// Ranks from 1 on; equal values share the mean of their ranks.
[[nodiscard]] std::vector<double> average_ranks(std::span<const double> values);
/// How often each value that occurs more than once occurs, in the order of the values.
[[nodiscard]] std::vector<std::int64_t> tie_counts(std::span<const double> values);
/// Indices of `values` in ascending order, equal ones in the order they stand.
[[nodiscard]] std::vector<std::int64_t> ascending(std::span<const double> values);

/// Linear quantile between order statistics (NumPy's default) of values that are sorted already.
[[nodiscard]] double sorted_quantile(std::span<const double> sorted, double probability);

}  // namespace caton
