// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Nearest neighbours of trajectories, and the two statistics that ask only for them.
#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/embedding_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {

Neighbours nearest_neighbours(Signal rows, std::int64_t theiler, EqualRows equal) {
  const std::int64_t count = rows.extent(0), dimensions = rows.extent(1);
  if (theiler < 0 || theiler >= count - 1 || 2 * theiler + 1 >= count) {
    throw usage_error("nearest neighbours", "the theiler window " + std::to_string(theiler) +
                                                " leaves no neighbour among " + std::to_string(count) + " points");
  }
  Neighbours result{std::vector<std::int64_t>(static_cast<std::size_t>(count), 0),
                    std::vector<double>(static_cast<std::size_t>(count), 0.0)};
  thread_pool().parallel_for(count, [&](std::int64_t i) {
    double best = std::numeric_limits<double>::infinity();
    for (std::int64_t j = 0; j < count; ++j) {
      if (std::abs(i - j) <= theiler) continue;
      double square = 0;
      for (std::int64_t d = 0; d < dimensions && square < best; ++d) {
        const double difference = rows(i, d) - rows(j, d);
        square += difference * difference;
      }
      if (square >= best || (square == 0 && equal == EqualRows::are_passed_over)) continue;
      best = square;
      result.index[static_cast<std::size_t>(i)] = j;
    }
    result.distance[static_cast<std::size_t>(i)] = std::sqrt(best);
  });
  return result;
}

std::vector<double> beta_statistic(Signal y, std::span<const double> s, const DelayRange& delays,
                                   std::int64_t theiler) {
  const std::string where = "beta_statistic";
  require_delays(where.c_str(), delays, y.extent(0));
  if (static_cast<std::int64_t>(s.size()) < y.extent(0))
    throw usage_error(where, "the series has fewer samples than the trajectory has points");
  const std::int64_t count = y.extent(0) - delays.last;
  const Neighbours near = nearest_neighbours(y.slice(0, 0, count), theiler);
  std::vector<double> result;
  for (std::int64_t delay = delays.first; delay <= delays.last; ++delay) {
    double sum = 0;
    std::int64_t used = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const double gap =
          std::abs(s[static_cast<std::size_t>(i + delay)] - s[static_cast<std::size_t>(near.index[at] + delay)]);
      if (!(gap > 0) || !(near.distance[at] > 0)) continue;
      sum += std::log10(gap / near.distance[at]);
      ++used;
    }
    if (used == 0) throw input_error(where, "all neighbours are identical: the series repeats itself or is flat");
    result.push_back(sum / static_cast<double>(used));
  }
  return result;
}

namespace {

/// Points of `dimension` values a `delay` apart.
Matrix embedded(std::span<const double> x, std::int64_t dimension, std::int64_t delay) {
  const auto count = static_cast<std::int64_t>(x.size()) - (dimension - 1) * delay;
  Matrix points({count, dimension}, uninitialised);
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t d = 0; d < dimension; ++d) points(i, d) = x[static_cast<std::size_t>(i + d * delay)];
  }
  return points;
}

/// Mean growth of the distance to the nearest neighbour when one more dimension is looked at.
double mean_growth(std::span<const double> x, std::int64_t dimension, std::int64_t delay) {
  const Matrix points = embedded(x.first(x.size() - static_cast<std::size_t>(delay)), dimension, delay);
  const Neighbours near = nearest_neighbours(points, 0, EqualRows::are_passed_over);
  double sum = 0;
  for (std::int64_t i = 0; i < points.extent(0); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double distance = near.distance[at];
    if (!std::isfinite(distance))
      throw input_error("false_nearest_cao", "all points are identical: the series is flat");
    const double gap = x[static_cast<std::size_t>(i + dimension * delay)] -
                       x[static_cast<std::size_t>(near.index[at] + dimension * delay)];
    sum += std::sqrt(distance * distance + gap * gap) / distance;
  }
  return sum / static_cast<double>(points.extent(0) - 1);
}

}  // namespace

std::vector<double> false_nearest_cao(std::span<const double> x, std::int64_t delay, std::int64_t first,
                                      std::int64_t last) {
  const std::string where = "false_nearest_cao";
  const auto samples = static_cast<std::int64_t>(x.size());
  if (delay < 1) throw usage_error(where, "the delay must be at least 1");
  if (first < 1 || last < first) throw usage_error(where, "dimensions must be [first, last] with 1 <= first <= last");
  if (last >= samples || delay >= samples || (last + 1) * delay > samples - 3) {
    throw usage_error(where, std::to_string(samples) + " samples are too few for " + std::to_string(last + 1) +
                                 " dimensions " + std::to_string(delay) + " apart");
  }
  std::vector<double> growth(static_cast<std::size_t>(last - first + 2));
  for (std::size_t k = 0; k < growth.size(); ++k)
    growth[k] = mean_growth(x, first + static_cast<std::int64_t>(k), delay);
  std::vector<double> result;
  for (std::size_t k = 0; k + 1 < growth.size(); ++k) result.push_back(growth[k + 1] / growth[k]);
  return result;
}

}  // namespace caton
