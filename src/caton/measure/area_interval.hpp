// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <span>

namespace caton {

/// Area under the receiver operating characteristic with its interval after DeLong, DeLong and Clarke-Pearson (1988).
struct AreaInterval {
  double value = 0, low = 0, high = 1;
  double deviation = 0;  ///< standard error of the area
  bool defined = false;  ///< false: a class has fewer than two samples
};

/// `positive` is 1 where a sample is of the class that high scores speak for. Samples count as independent; the
/// interval is cut at 0 and 1. Equal scores count half. O(n log n). Refuses other lengths (`length`), levels outside
/// (0, 1)
/// (`level`).
[[nodiscard]] AreaInterval area_interval(std::span<const double> score, std::span<const std::int64_t> positive,
                                         double level = 0.95);

}  // namespace caton
