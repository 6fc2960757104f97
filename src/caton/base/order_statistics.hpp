// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <vector>

namespace caton {

/// Middle value; the mean of the two in the middle for even counts; NaN for none.
[[nodiscard]] double median(std::vector<double> values);

/// 1.4826 median |x - median|: the standard deviation of normal values, hardly moved by a few wild ones; 0 for none.
[[nodiscard]] double robust_deviation(std::vector<double> values);

}  // namespace caton
