// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/area_interval.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace caton {
namespace {

/// Share of `others` (sorted) that lie below `value`, equal ones half.
double share_below(const std::vector<double>& others, double value) {
  const auto [first, last] = std::equal_range(others.begin(), others.end(), value);
  const auto below = static_cast<double>(first - others.begin()), equal = static_cast<double>(last - first);
  return (below + equal / 2) / static_cast<double>(others.size());
}

double variance_of(const std::vector<double>& values, double mean) {
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / static_cast<double>(values.size() - 1);
}

}  // namespace

AreaInterval area_interval(std::span<const double> score, std::span<const std::int64_t> positive, double level) {
  if (score.size() != positive.size()) throw usage_error("area_interval", "the lengths of scores and classes differ");
  if (!(level > 0 && level < 1)) throw usage_error("area_interval", "the level must lie between 0 and 1");
  std::vector<double> high, low;
  for (std::size_t i = 0; i < score.size(); ++i) (positive[i] != 0 ? high : low).push_back(score[i]);
  if (high.size() < 2 || low.size() < 2) return {};
  auto sorted_high = high, sorted_low = low;
  std::sort(sorted_high.begin(), sorted_high.end());
  std::sort(sorted_low.begin(), sorted_low.end());
  std::vector<double> of_high, of_low;
  double area = 0;
  for (const double value : high) of_high.push_back(share_below(sorted_low, value));
  for (const double value : low) of_low.push_back(1 - share_below(sorted_high, value));
  for (const double share : of_high) area += share;
  area /= static_cast<double>(of_high.size());
  AreaInterval result{.value = area, .defined = true};
  result.deviation = std::sqrt(variance_of(of_high, area) / static_cast<double>(of_high.size()) +
                               variance_of(of_low, area) / static_cast<double>(of_low.size()));
  const double reach = -normal_quantile((1 - level) / 2) * result.deviation;
  result.low = std::max(0.0, area - reach);
  result.high = std::min(1.0, area + reach);
  return result;
}

}  // namespace caton
