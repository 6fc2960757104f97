// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <span>
#include <vector>

namespace caton {

/// Middle value; the mean of the two in the middle for even counts; NaN for none.
[[nodiscard]] double median(std::vector<double> values);
/// The same; the values end up in another order.
[[nodiscard]] double median_in_place(std::span<double> values);

/// The value below which this share (0 to 1) of the values lies, with straight lines between neighbours (numpy's
/// `quantile`); NaN for none.
[[nodiscard]] double quantile(std::vector<double> values, double share);

/// 1.4826 median |x - median|: the standard deviation of normal values, hardly moved by a few wild ones; 0 for none.
[[nodiscard]] double robust_deviation(std::vector<double> values);

}  // namespace caton
