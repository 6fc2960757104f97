// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"
#include "caton/geometry/mutual_information.hpp"

#include <span>
#include <vector>

/// How many delayed copies a series needs, and how far apart (DelayEmbeddings.jl).
namespace caton {

/// Nearest neighbour (Euclid) of every row among rows more than `theiler` places away.
struct Neighbours {
  std::vector<std::int64_t> index;
  std::vector<double> distance;
};
/// Refuses (word `theiler`) a window that leaves a row without neighbour.
[[nodiscard]] Neighbours nearest_neighbours(Signal rows, std::int64_t theiler);

/// Nichkawde's statistic: mean over the points i of trajectory `y` (points x dimensions) of
/// log10(|s(i+delay) - s(j+delay)| / |y_i - y_j|), j the nearest neighbour. Pairs that coincide in either are left out,
/// since the logarithm knows no zero; when none is left that is refused (word `identical`).
[[nodiscard]] std::vector<double> beta_statistic(Signal y, std::span<const double> s, const DelayRange& delays,
                                                 std::int64_t theiler);

/// Cao's E1 for dimensions first … last: how much farther neighbours get when a dimension is added. Where values of the
/// series repeat, the neighbour is the nearest point that is not the same; DelayEmbeddings.jl means to take it too, but
/// asks for the one nearest point again and divides by 0. A series of equal points is refused (word `identical`).
[[nodiscard]] std::vector<double> false_nearest_cao(std::span<const double> x, std::int64_t delay,
                                                    std::int64_t first_dimension, std::int64_t last_dimension);

struct MdopOptions {
  std::int64_t theiler = 1;
  double r = 2;
  DelayRange delays{0, 50};
  double fnn_threshold = 0.05;
  std::int64_t max_cycles = 50;
  bool corrected = false;  ///< keep the delay of the last cycle, and take a share of exactly 0 as reached
};

struct Mdop {
  std::vector<std::int64_t> delays;  ///< as published: the delay of the last cycle is dropped
  std::vector<std::int64_t> series;  ///< the channel of each
  std::vector<double> fnn;           ///< share of false nearest neighbours after each cycle
  Matrix beta_first;                 ///< channels x delays: the first cycle's statistic for the chosen start channel
};

/// Maximal derivatives on projections: adds the channel and delay with the largest statistic until few false nearest
/// neighbours are left. `x` is channels x samples; a flat channel is refused (word `flat`).
[[nodiscard]] Mdop mdop_embedding(Signal x, const MdopOptions& options);

enum class OrderLagMethod { mdop, afnn };
struct OrderLag {
  std::int64_t order = 1;
  std::int64_t lag = 1;
};
/// Order and lag for the augmented covariance of trials x channels x samples, labels unused. mdop: rounded means over
/// the trials of the number of delays and of their mean; afnn: first peak of Cao's statistic over 1 … 30 dimensions
/// (fewer where a trial is too short for them at its delay), and first trough of the mutual information. For afnn a
/// channel that is flat in a trial says nothing and is left out there.
[[nodiscard]] OrderLag acm_order_lag(Epochs x, OrderLagMethod method = OrderLagMethod::mdop, double r = 2,
                                     bool corrected = false);

}  // namespace caton
