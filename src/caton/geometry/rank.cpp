// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/rank.hpp"

#include "caton/geometry/spectral.hpp"

#include <algorithm>

namespace caton {

std::optional<Finding> rank_finding(const std::string& where, MatricesView c) {
  require_symmetric(where, c);
  const auto all = ranks(c);
  const std::int64_t size = c.extent(1), lowest = *std::min_element(all.begin(), all.end());
  if (lowest == size) return std::nullopt;
  const auto count = std::count_if(all.begin(), all.end(), [size](std::int64_t rank) { return rank < size; });
  return Finding{
      "geometry/rank-deficient", Severity::warn, where,
      std::to_string(count) + " of " + std::to_string(all.size()) + " covariance matrices are rank deficient (" +
          std::to_string(lowest) + " of " + std::to_string(size) +
          " at the lowest): an average reference, interpolated or flat channels, removed components, or fewer "
          "samples than channels; estimate with \"oas\" or \"lwf\", shrink, or project to the rank that is left"};
}

}  // namespace caton
