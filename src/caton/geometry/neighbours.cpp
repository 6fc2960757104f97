// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Nearest neighbours of trajectories, and the two statistics that ask only for them.
#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/embedding_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Squares of how far values are from one, added to what the dimensions before gave.
struct AddSquares {
  static inline __attribute__((always_inline)) void run(const double* values, double from, std::int64_t count,
                                                        double* squares) {
    Lanes value, sum;
    std::int64_t j = 0;
    for (; j + lane_count <= count; j += lane_count) {
      load_lanes(value, values + j);
      load_lanes(sum, squares + j);
      value = from - value;
      sum += value * value;
      store_lanes(sum, squares + j);
    }
    for (; j < count; ++j) squares[j] += (from - values[j]) * (from - values[j]);
  }
};

/// The least of all squares, infinite where there is none; a square of zero counts as `zero`.
struct LeastSquare {
  static inline __attribute__((always_inline)) void run(const double* squares, std::int64_t count, double zero,
                                                        double* least) {
    Lanes best = Lanes{} + infinity, value;
    std::int64_t j = 0;
    for (; j + lane_count <= count; j += lane_count) {
      load_lanes(value, squares + j);
      value = value == 0 ? Lanes{} + zero : value;
      best = value < best ? value : best;
    }
    double all = infinity;
    for (std::int64_t k = 0; k < lane_count; ++k) all = std::min(all, best[k]);
    for (; j < count; ++j) all = std::min(all, squares[j] == 0 ? zero : squares[j]);
    *least = all;
  }
};

struct Nearest {
  std::int64_t index = 0;
  double square = infinity;
};

/// The first of the nearest points; those at the very place count as `zero` away.
Nearest nearest_of(const std::vector<double>& squares, std::int64_t count, double zero) {
  Nearest best;
  run_on<LeastSquare>(processor(), squares.data(), count, zero, &best.square);
  if (best.square < infinity) best.index = std::find(squares.begin(), squares.end(), best.square) - squares.begin();
  return best;
}

}  // namespace

Neighbours nearest_neighbours(Signal rows, std::int64_t theiler) {
  const std::int64_t count = rows.extent(0), dimensions = rows.extent(1);
  if (theiler < 0 || theiler >= count - 1 || 2 * theiler + 1 >= count) {
    throw usage_error("nearest neighbours", "the theiler window " + std::to_string(theiler) +
                                                " leaves no neighbour among " + std::to_string(count) + " points");
  }
  Neighbours result{std::vector<std::int64_t>(static_cast<std::size_t>(count), 0),
                    std::vector<double>(static_cast<std::size_t>(count), 0.0)};
  const Matrix columns(rows.transposed());
  thread_pool().parallel_for(count, [&](std::int64_t i) {
    std::vector<double> squares(static_cast<std::size_t>(count));
    for (std::int64_t d = 0; d < dimensions; ++d)
      run_on<AddSquares>(processor(), &columns(d, 0), columns(d, i), count, squares.data());
    std::fill(squares.begin() + std::max<std::int64_t>(i - theiler, 0),
              squares.begin() + std::min(i + theiler + 1, count), infinity);
    const Nearest best = nearest_of(squares, count, 0.0);
    result.index[static_cast<std::size_t>(i)] = best.index;
    result.distance[static_cast<std::size_t>(i)] = std::sqrt(best.square);
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

/// How much farther than its nearest neighbour point `i` is once one more dimension is looked at, for dimensions from
/// `first` to as many as `growth` has room for and the series lasts. Cao: of points at the very same place the next one
/// that differs is the neighbour.
void put_growth(std::span<const double> x, std::int64_t i, std::int64_t delay, std::int64_t first,
                View<double, 1> growth) {
  std::vector<double> squares(x.size());
  for (std::int64_t d = 1; d <= growth.extent(0); ++d) {
    const std::int64_t count = static_cast<std::int64_t>(x.size()) - d * delay;
    if (i >= count) return;
    const double* const column = x.data() + (d - 1) * delay;
    run_on<AddSquares>(processor(), column, column[i], count, squares.data());
    if (d < first) continue;
    const Nearest near = nearest_of(squares, count, infinity);
    const double distance = std::sqrt(near.square);
    if (!std::isfinite(distance))
      throw input_error("false_nearest_cao", "all points are identical: the series is flat");
    const double gap = column[i + delay] - column[near.index + delay];
    growth(d - 1) = std::sqrt(distance * distance + gap * gap) / distance;
  }
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
  Matrix growth({samples - delay, last + 1});
  thread_pool().parallel_for(growth.extent(0), [&](std::int64_t i) { put_growth(x, i, delay, first, growth[i]); });
  std::vector<double> means, result;
  for (std::int64_t dimension = first; dimension <= last + 1; ++dimension) {
    double sum = 0;
    const std::int64_t count = samples - dimension * delay;
    for (std::int64_t i = 0; i < count; ++i) sum += growth(i, dimension - 1);
    means.push_back(sum / static_cast<double>(count - 1));
  }
  for (std::size_t k = 0; k + 1 < means.size(); ++k) result.push_back(means[k + 1] / means[k]);
  return result;
}

}  // namespace caton
