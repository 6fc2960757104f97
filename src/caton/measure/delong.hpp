// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// Areas under the receiver operating characteristic of several scores on the same samples, and how they vary together
/// (DeLong, DeLong and Clarke-Pearson 1988).
struct DelongAreas {
  std::vector<double> area;
  Array<double, 2> covariance;  ///< of the areas
};

/// scores: methods x samples. Refuses other lengths (word `length`) and fewer than two samples on either side (word
/// `class`).
[[nodiscard]] DelongAreas delong_areas(View<const double, 2> scores, std::span<const std::int64_t> positive);

}  // namespace caton
