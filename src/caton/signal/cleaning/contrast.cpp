// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/contrast.hpp"

#include "caton/base/lane_math.hpp"
#include "caton/base/threads.hpp"

#include <algorithm>

namespace caton {

namespace {

inline __attribute__((always_inline)) void tanh_lanes(Lanes& y, Lanes& e) noexcept {
  Lanes size = y;
  absolute_lanes(size);
  e = -2.0 * size;
  exp_lanes(e);
  const Lanes t = (1.0 - e) / (1.0 + e);
  y = y < 0.0 ? -t : t;
}

/// One row of one tile: scores, slopes (where `slopes` is given), and the row's sums.
struct RowSums {
  double slope = 0, value = 0, power = 0;
};

template <Contrast function, bool WithValue>
struct Scores {
  static inline __attribute__((always_inline)) void run(const double* y, double alpha, double* scores, double* slopes,
                                                        RowSums* sums) {
    Lanes slope_sum = {}, value_sum = {}, power_sum = {};
    for (std::int64_t t = 0; t < tile_samples; t += lane_count) {
      Lanes u, score, slope, value = {};
      load_lanes(u, y + t);
      const Lanes square = u * u;
      if constexpr (function == Contrast::log_cosh) {
        Lanes e;
        score = alpha * u;
        Lanes size = score;
        tanh_lanes(score, e);
        slope = alpha * (1.0 - score * score);
        if constexpr (WithValue) {
          absolute_lanes(size);
          log1p_lanes(e);
          value = (size + e) / alpha;
        }
      } else if constexpr (function == Contrast::exp) {
        Lanes e = -0.5 * square;
        exp_lanes(e);
        score = u * e;
        slope = (1.0 - square) * e;
        value = -e;
      } else {
        score = u * square;
        slope = 3.0 * square;
        value = 0.25 * (square * square);
      }
      store_lanes(score, scores + t);
      if (slopes != nullptr) store_lanes(slope, slopes + t);
      slope_sum += slope;
      value_sum += value;
      power_sum += square;
    }
    for (int i = 0; i < lane_count; ++i) {
      sums->slope += slope_sum[i];
      sums->value += value_sum[i];
      sums->power += power_sum[i];
    }
  }
};

struct SquareInPlace {
  static inline __attribute__((always_inline)) void run(double* values, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) values[i] *= values[i];
  }
};

struct Tanh {
  static inline __attribute__((always_inline)) void run(double* values, std::int64_t count) {
    for (std::int64_t i = 0; i < count; i += lane_count) {
      Lanes y, e;
      load_lanes(y, values + i);
      tanh_lanes(y, e);
      store_lanes(y, values + i);
    }
  }
};

template <Contrast function>
void scores_of_row(bool with_value, const double* y, double alpha, double* scores, double* slopes, RowSums* sums) {
  if (with_value)
    run_on<Scores<function, true>>(processor(), y, alpha, scores, slopes, sums);
  else
    run_on<Scores<function, false>>(processor(), y, alpha, scores, slopes, sums);
}

void scores_of_row(const ContrastOptions& options, const double* y, double* scores, double* slopes, RowSums* sums) {
  switch (options.function) {
    case Contrast::log_cosh:
      return scores_of_row<Contrast::log_cosh>(options.value, y, options.alpha, scores, slopes, sums);
    case Contrast::exp: return scores_of_row<Contrast::exp>(options.value, y, options.alpha, scores, slopes, sums);
    case Contrast::cube: return scores_of_row<Contrast::cube>(options.value, y, options.alpha, scores, slopes, sums);
  }
}

/// What one item of work adds up.
struct Partial {
  Matrix cross, curvature;
  std::vector<RowSums> rows;
};

Partial partial_sums(const Matrix& w, const Tiles& x, const ContrastOptions& options, std::int64_t item) {
  const std::int64_t rows = w.extent(0), across = options.with_input ? x.rows() : rows;
  Partial partial{Matrix({rows, across}), options.curvature ? Matrix({rows, rows}) : Matrix(),
                  std::vector<RowSums>(static_cast<std::size_t>(rows))};
  Vector y({rows * tile_samples}, uninitialised), scores({rows * tile_samples}, uninitialised), slopes;
  if (options.curvature) slopes = Vector({rows * tile_samples}, uninitialised);
  const std::int64_t end = std::min(x.count(), (item + 1) * tiles_per_item);
  for (std::int64_t tile = item * tiles_per_item; tile < end; ++tile) {
    multiply_tile(w.data(), rows, w.extent(1), x.tile(tile), tile_samples, y.data());
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::int64_t at = row * tile_samples;
      scores_of_row(options, y.data() + at, scores.data() + at, options.curvature ? slopes.data() + at : nullptr,
                    &partial.rows[static_cast<std::size_t>(row)]);
    }
    add_products_of_tile(scores.data(), rows, options.with_input ? x.tile(tile) : y.data(), across, tile_samples,
                         partial.cross.data());
    if (!options.curvature) continue;
    run_on<SquareInPlace>(processor(), y.data(), y.size());
    add_products_of_tile(slopes.data(), rows, y.data(), rows, tile_samples, partial.curvature.data());
  }
  return partial;
}

/// Slope and value at 0: what the samples that fill the last tile have added.
RowSums of_filling(const ContrastOptions& options) {
  switch (options.function) {
    case Contrast::log_cosh: return {options.alpha, 0.6931471805599453 / options.alpha, 0};
    case Contrast::exp: return {1, -1, 0};
    case Contrast::cube: break;
  }
  return {};
}

}  // namespace

ContrastMeans contrast_means(Signal w, const Tiles& x, const ContrastOptions& options) {
  const Matrix packed(w);
  std::vector<Partial> partial(static_cast<std::size_t>(items_of(x)));
  thread_pool().parallel_for(items_of(x), [&](std::int64_t item) {
    partial[static_cast<std::size_t>(item)] = partial_sums(packed, x, options, item);
  });
  Partial sum = std::move(partial.front());
  for (std::size_t item = 1; item < partial.size(); ++item) {
    const Partial& part = partial[item];
    for (std::int64_t i = 0; i < sum.cross.size(); ++i) sum.cross.data()[i] += part.cross.data()[i];
    for (std::int64_t i = 0; i < sum.curvature.size(); ++i) sum.curvature.data()[i] += part.curvature.data()[i];
    for (std::size_t row = 0; row < sum.rows.size(); ++row) {
      sum.rows[row].slope += part.rows[row].slope;
      sum.rows[row].value += part.rows[row].value;
      sum.rows[row].power += part.rows[row].power;
    }
  }
  const double share = 1 / static_cast<double>(x.samples());
  const RowSums zero = of_filling(options);
  const auto filling = static_cast<double>(x.filling());
  ContrastMeans means;
  for (const RowSums& row : sum.rows) {
    means.slope.push_back((row.slope - filling * zero.slope) * share);
    if (options.value) means.value.push_back((row.value - filling * zero.value) * share);
    if (options.curvature) means.power.push_back(row.power * share);
  }
  for (double& value : sum.cross) value *= share;
  for (double& value : sum.curvature) value *= share;
  means.cross = std::move(sum.cross);
  means.curvature = std::move(sum.curvature);
  return means;
}

void tanh_in_place(double* values, std::int64_t count) { run_on<Tanh>(processor(), values, count); }

}  // namespace caton
