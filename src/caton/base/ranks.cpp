// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/ranks.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {
namespace {

/// Calls `body(first, last)` for each run of equal values in ascending order.
template <class Body>
void for_each_tie(std::span<const double> values, const std::vector<std::int64_t>& order, const Body& body) {
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first + 1;
    while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
    body(first, last);
    first = last;
  }
}

}  // namespace

std::vector<std::int64_t> ascending(std::span<const double> values) {
  std::vector<std::int64_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });
  return order;
}

std::vector<double> average_ranks(std::span<const double> values) {
  const auto order = ascending(values);
  std::vector<double> ranks(values.size());
  for_each_tie(values, order, [&](std::size_t first, std::size_t last) {
    const double rank = static_cast<double>(first + last + 1) / 2;
    for (std::size_t i = first; i < last; ++i) ranks[order[i]] = rank;
  });
  return ranks;
}

std::vector<std::int64_t> tie_counts(std::span<const double> values) {
  std::vector<std::int64_t> counts;
  for_each_tie(values, ascending(values), [&](std::size_t first, std::size_t last) {
    if (last - first > 1) counts.push_back(static_cast<std::int64_t>(last - first));
  });
  return counts;
}

double sorted_quantile(std::span<const double> sorted, double probability) {
  const double place = probability * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  const auto above = std::min(below + 1, sorted.size() - 1);
  const double share = place - static_cast<double>(below);
  // NumPy interpolates from the nearer end, so that the ends are met exactly.
  const double step = sorted[above] - sorted[below];
  return share >= 0.5 ? sorted[above] - step * (1 - share) : sorted[below] + step * share;
}

}  // namespace caton
