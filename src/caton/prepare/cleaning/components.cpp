// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/cleaning/components.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/signal/cleaning/ica.hpp"
#include "caton/signal/cleaning/whitening.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {

namespace {

constexpr std::int64_t fewest_channels = 4, fewest_components = 3, samples_per_weight = 20;
/// Samples that a fit looks at; more are thinned out evenly.
constexpr std::int64_t most_samples = 400000;
/// Robust deviations beyond which a sample is left out of the fit; blinks reach about 10.
constexpr double wild = 30;

/// What a fit looks at: every n-th sample, so that there are no more than it needs, without those at which some channel
/// is far beyond anything that eyes or brains make (a loose wire would claim components for itself).
Matrix to_fit(Signal x) {
  std::vector<double> limits;
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    std::vector<double> values;
    for (std::int64_t t = 0; t < x.extent(1); ++t) values.push_back(x(c, t));
    limits.push_back(wild * robust_deviation(std::move(values)));
  }
  const std::int64_t step = (x.extent(1) + most_samples - 1) / most_samples;
  std::vector<std::int64_t> kept;
  for (std::int64_t t = 0; t < x.extent(1); t += step) {
    bool usable = true;
    for (std::int64_t c = 0; c < x.extent(0) && usable; ++c)
      usable = std::abs(x(c, t)) <= limits[static_cast<std::size_t>(c)];
    if (usable) kept.push_back(t);
  }
  Matrix seen({x.extent(0), static_cast<std::int64_t>(kept.size())}, uninitialised);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::size_t i = 0; i < kept.size(); ++i) seen(c, static_cast<std::int64_t>(i)) = x(c, kept[i]);
  }
  return seen;
}

}  // namespace

const char* kind_name(ComponentKind kind) noexcept {
  switch (kind) {
    case ComponentKind::eye: return "eye";
    case ComponentKind::muscle: return "muscle";
    case ComponentKind::heart: return "heart";
    case ComponentKind::brain: break;
  }
  return "kept";
}

std::optional<Components> fit_components(Signal copy) {
  const Matrix seen = to_fit(copy);
  if (seen.extent(1) < samples_per_weight) return std::nullopt;
  const std::int64_t rank = rank_of_signal(seen);
  const std::int64_t weights = seen.extent(1) / samples_per_weight;
  const auto carried = static_cast<std::int64_t>(std::sqrt(static_cast<double>(weights)));
  const std::int64_t count = std::min(rank, carried);
  if (copy.extent(0) < fewest_channels || count < fewest_components) return std::nullopt;
  const Whitening whitening = pca_whitening("ica", seen, count);
  const PicardResult picard =
      ica_picard(whitened(whitening, seen), {.extended = true, .max_iterations = 300, .tolerance = 1e-5});
  const Matrix unmixing = product(picard.unmixing, whitening.matrix), mixing = pseudo_inverse(unmixing);
  std::vector<double> variance(static_cast<std::size_t>(count), 0.0);
  for (std::int64_t k = 0; k < count; ++k) {
    for (std::int64_t c = 0; c < mixing.extent(0); ++c)
      variance[static_cast<std::size_t>(k)] += mixing(c, k) * mixing(c, k);
  }
  std::vector<std::size_t> order(variance.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return variance[a] > variance[b]; });
  const double all = std::accumulate(variance.begin(), variance.end(), 0.0);
  Components result{Matrix(unmixing), Matrix(mixing), whitening.mean, {}, {}, picard.findings};
  for (std::int64_t k = 0; k < count; ++k) {
    const auto from = static_cast<std::int64_t>(order[static_cast<std::size_t>(k)]);
    double largest = 0;
    for (std::int64_t c = 0; c < mixing.extent(0); ++c) {
      if (std::abs(mixing(c, from)) > std::abs(largest)) largest = mixing(c, from);
    }
    const double sign = largest < 0 ? -1 : 1;
    for (std::int64_t c = 0; c < mixing.extent(0); ++c) {
      result.unmixing(k, c) = sign * unmixing(from, c);
      result.mixing(c, k) = sign * mixing(c, from);
    }
    result.found.push_back({.variance = variance[static_cast<std::size_t>(from)] / all});
  }
  result.sources = multiplied(result.unmixing, Tiles(copy, result.mean)).signal();
  return result;
}

}  // namespace caton
