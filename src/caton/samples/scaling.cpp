// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/samples/scaling.hpp"

#include "caton/base/error.hpp"

#include <cmath>
#include <limits>

namespace caton {

Scaling scaling_of(View<const float, 2> rows, std::span<const std::int64_t> chosen) {
  if (chosen.empty()) throw usage_error("scaling", "there are no samples to learn from (empty)");
  const auto width = static_cast<std::size_t>(rows.extent(1));
  const auto n = static_cast<double>(chosen.size());
  Scaling result{std::vector<double>(width, 0.0), std::vector<double>(width, 0.0)};
  for (const auto i : chosen) {
    for (std::size_t f = 0; f < width; ++f) result.mean[f] += rows(i, f);
  }
  for (auto& mean : result.mean) mean /= n;
  for (const auto i : chosen) {
    for (std::size_t f = 0; f < width; ++f) result.deviation[f] += std::pow(rows(i, f) - result.mean[f], 2);
  }
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  for (std::size_t f = 0; f < width; ++f) {
    const double variance = result.deviation[f] / n;
    const double floor = n * epsilon * variance + std::pow(n * result.mean[f] * epsilon, 2);
    result.deviation[f] = variance <= floor ? 1 : std::sqrt(variance);
  }
  return result;
}

void scale(const Scaling& scaling, std::span<float> row) {
  for (std::size_t f = 0; f < row.size(); ++f)
    row[f] = static_cast<float>((row[f] - scaling.mean[f]) / scaling.deviation[f]);
}

}  // namespace caton
