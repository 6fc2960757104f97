// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/area_interval.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/error.hpp"
#include "caton/measure/delong.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
AreaInterval area_interval(std::span<const double> score, std::span<const std::int64_t> positive, double level) {
  if (score.size() != positive.size()) throw usage_error("area_interval", "the lengths of scores and classes differ");
  if (!(level > 0 && level < 1)) throw usage_error("area_interval", "the level must lie between 0 and 1");
  const auto above = std::count_if(positive.begin(), positive.end(), [](std::int64_t label) { return label != 0; });
  const auto count = static_cast<std::int64_t>(score.size());
  if (above < 2 || count - above < 2) return {};
  const DelongAreas found = delong_areas({score.data(), {1, count}}, positive);
  AreaInterval result{
      .value = found.area.front(), .deviation = std::sqrt(std::max(found.covariance(0, 0), 0.0)), .defined = true};
  const double reach = -normal_quantile((1 - level) / 2) * result.deviation;
  result.low = std::max(0.0, result.value - reach);
  result.high = std::min(1.0, result.value + reach);
  return result;
}

}  // namespace caton
