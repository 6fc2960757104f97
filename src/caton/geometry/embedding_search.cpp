// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/embedding_search.hpp"

#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "mdop_embedding";

Matrix standardised(Signal x) {
  Matrix result(x);
  const double count = static_cast<double>(x.extent(1));
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    double sum = 0, square = 0;
    for (std::int64_t t = 0; t < x.extent(1); ++t) sum += result(c, t);
    for (std::int64_t t = 0; t < x.extent(1); ++t)
      square += (result(c, t) - sum / count) * (result(c, t) - sum / count);
    const double deviation = std::sqrt(square / (count - 1));
    if (!(deviation > 0)) throw input_error(where, "channel " + std::to_string(c) + " is flat");
    for (std::int64_t t = 0; t < x.extent(1); ++t) result(c, t) = (result(c, t) - sum / count) / deviation;
  }
  return result;
}

/// The trajectory with one more coordinate, as long as the delayed series lasts.
Matrix extended(Signal y, std::span<const double> s, std::int64_t delay) {
  const std::int64_t count = std::min(y.extent(0), static_cast<std::int64_t>(s.size()) - delay);
  Matrix result({count, y.extent(1) + 1}, uninitialised);
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t d = 0; d < y.extent(1); ++d) result(i, d) = y(i, d);
    result(i, y.extent(1)) = s[static_cast<std::size_t>(i + delay)];
  }
  return result;
}

/// Share of neighbours that part by more than r in the new coordinate, of those that were near; 1 where none does, as
/// published.
double false_share(const std::vector<double>& before, const std::vector<double>& after, double r, bool corrected) {
  double parted = 0, near = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (!(before[i] < 1 / r)) continue;
    near += 1;
    if (after[i] / before[i] > r) parted += 1;
  }
  if (parted == 0) return corrected ? 0 : 1;
  return parted / near;
}

/// Rows are candidates (channels), columns delays.
struct Choice {
  std::int64_t row = 0, column = 0;
};

Choice largest(Signal values) {
  Choice best;
  for (std::int64_t i = 0; i < values.extent(0); ++i) {
    for (std::int64_t j = 0; j < values.extent(1); ++j) {
      if (values(i, j) > values(best.row, best.column)) best = {i, j};
    }
  }
  return best;
}

class MdopSearch {
 public:
  MdopSearch(Signal x, const MdopOptions& options) : options_(options), x_(standardised(x)) {}

  Mdop run() {
    start();
    while (!ended()) add(largest(betas_of(trajectory_)));
    if (!options_.corrected) {
      result_.delays.pop_back();
      result_.series.pop_back();
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::span<const double> channel(std::int64_t c) const {
    return {&x_(c, 0), static_cast<std::size_t>(x_.extent(1))};
  }

  [[nodiscard]] Matrix betas_of(Signal trajectory) const {
    Matrix betas({x_.extent(0), options_.delays.last - options_.delays.first + 1}, uninitialised);
    thread_pool().parallel_for(x_.extent(0), [&](std::int64_t c) {
      const auto beta = beta_statistic(trajectory, channel(c), options_.delays, options_.theiler);
      std::copy(beta.begin(), beta.end(), &betas(c, 0));
    });
    return betas;
  }

  [[nodiscard]] Signal column(std::int64_t c) const { return Signal(&x_(c, 0), {x_.extent(1), 1}); }

  /// The first cycle looks at every pair of a start channel and an added one.
  void start() {
    std::int64_t first = 0;
    Choice best;
    for (std::int64_t a = 0; a < x_.extent(0); ++a) {
      Matrix betas = betas_of(column(a));
      const Choice choice = largest(betas);
      if (a > 0 && !(betas(choice.row, choice.column) > result_.beta_first(best.row, best.column))) continue;
      first = a;
      best = choice;
      result_.beta_first = std::move(betas);
    }
    result_.delays.push_back(0);
    result_.series.push_back(first);
    trajectory_ = Matrix(column(first));
    distances_ = nearest_neighbours(trajectory_, options_.theiler).distance;
    add(best);
  }

  void add(const Choice& choice) {
    const std::int64_t delay = options_.delays.first + choice.column;
    result_.delays.push_back(delay);
    result_.series.push_back(choice.row);
    trajectory_ = extended(trajectory_, channel(choice.row), delay);
    auto after = nearest_neighbours(trajectory_, options_.theiler).distance;
    result_.fnn.push_back(false_share(distances_, after, options_.r, options_.corrected));
    distances_ = std::move(after);
  }

  [[nodiscard]] bool ended() const {
    const std::size_t cycles = result_.fnn.size();
    if (result_.fnn.back() <= options_.fnn_threshold) return true;
    if (cycles > 1 && result_.fnn[cycles - 1] > result_.fnn[cycles - 2]) return true;
    return static_cast<std::int64_t>(cycles) >= options_.max_cycles;
  }

  MdopOptions options_;
  Matrix x_, trajectory_;
  std::vector<double> distances_;
  Mdop result_;
};

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

OrderLag mdop_order_lag(Epochs x, double r, bool corrected) {
  std::vector<double> orders, lags;
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    const Matrix trial(x[n]);
    MdopOptions options{.theiler = 0, .r = r, .corrected = corrected};
    for (std::int64_t c = 0; c < trial.extent(0); ++c) {
      const std::span<const double> row(&trial(c, 0), static_cast<std::size_t>(trial.extent(1)));
      options.theiler = std::max(options.theiler, embedding_delay(row));
    }
    const Mdop found = mdop_embedding(trial, options);
    orders.push_back(static_cast<double>(found.delays.size()));
    double sum = 0;
    for (const std::int64_t delay : found.delays) sum += static_cast<double>(delay);
    lags.push_back(std::nearbyint(sum / orders.back()));
  }
  return {static_cast<std::int64_t>(std::nearbyint(mean_of(orders))),
          static_cast<std::int64_t>(std::nearbyint(mean_of(lags)))};
}

/// The first inner place that no neighbour exceeds; the largest of all where there is none.
std::int64_t first_peak(const std::vector<double>& values) {
  for (std::size_t k = 1; k + 1 < values.size(); ++k) {
    if (values[k] >= values[k - 1] && values[k] >= values[k + 1]) return static_cast<std::int64_t>(k);
  }
  return std::max_element(values.begin(), values.end()) - values.begin();
}

/// One channel of one trial: its delay, and how many dimensions it is long enough for.
struct Series {
  Vector values;
  std::int64_t delay = 1, dimensions = 0;
};

std::vector<Series> varying_series(Epochs x, std::int64_t most) {
  std::vector<Series> all;
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    for (std::int64_t c = 0; c < x.extent(1); ++c) {
      Series one{Vector(x[n][c])};
      const auto [low, high] = std::minmax_element(one.values.begin(), one.values.end());
      if (*low == *high) continue;
      one.delay = embedding_delay({one.values.begin(), one.values.end()});
      one.dimensions = std::min(most, (x.extent(2) - 3) / one.delay - 1);
      all.push_back(std::move(one));
    }
  }
  if (all.empty()) throw input_error("acm_order_lag", "every channel of every trial is flat");
  return all;
}

OrderLag cao_order_lag(Epochs x) {
  constexpr std::int64_t most = 30, fewest = 3;
  const auto all = varying_series(x, most);
  std::int64_t dimensions = most;
  for (const Series& one : all) dimensions = std::min(dimensions, one.dimensions);
  if (dimensions < fewest)
    throw input_error("acm_order_lag",
                      "trials of " + std::to_string(x.extent(2)) +
                          " samples are too short to look for a peak over embedding dimensions",
                      "take longer trials, or by = \"mdop\"");
  std::vector<double> e1(static_cast<std::size_t>(dimensions), 0.0), trough(most, 0.0);
  for (const Series& one : all) {
    const std::span<const double> series(one.values.begin(), one.values.end());
    const auto growth = false_nearest_cao(series, one.delay, 1, dimensions);
    const auto information = self_mutual_information(series, {1, most}).mi;
    for (std::size_t k = 0; k < e1.size(); ++k) e1[k] += growth[k];
    for (std::size_t k = 0; k < trough.size(); ++k) trough[k] -= information[k];
  }
  return {first_peak(e1) + 1, first_peak(trough) + 1};
}

}  // namespace

Mdop mdop_embedding(Signal x, const MdopOptions& options) {
  if (x.extent(1) < 2) throw usage_error(where, "too few samples: " + std::to_string(x.extent(1)));
  if (!(options.r > 0) || !std::isfinite(options.r)) throw usage_error(where, "r must be above 0");
  if (options.max_cycles < 1) throw usage_error(where, "max_cycles must be at least 1");
  if (!(options.fnn_threshold >= 0 && options.fnn_threshold < 1))
    throw usage_error(where, "fnn_threshold must be in [0, 1)");
  return MdopSearch(x, options).run();
}

OrderLag acm_order_lag(Epochs x, OrderLagMethod method, double r, bool corrected) {
  if (x.empty()) throw usage_error("acm_order_lag", "the signals are empty");
  return method == OrderLagMethod::mdop ? mdop_order_lag(x, r, corrected) : cao_order_lag(x);
}

}  // namespace caton
