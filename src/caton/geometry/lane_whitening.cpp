// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/lane_whitening.hpp"

#include "caton/geometry/lane_cholesky.hpp"

#include <cmath>

namespace caton {

namespace {

/// Below, nothing but rounding is left of a channel.
constexpr double least_usable = 1e-14;

}  // namespace

LaneWhitening::LaneWhitening(std::int64_t size, Processor target)
    : size_(size),
      stride_(lane_stride(size)),
      target_(target),
      matrices_({size * stride_ * lane_count}, uninitialised),
      factor_({size * stride_ * lane_count}, uninitialised),
      inverse_({size * stride_ * lane_count}, uninitialised),
      block_(size, target) {}

void LaneWhitening::whiten(MatricesView b, std::int64_t first, std::int64_t count) {
  interleave_lanes(b, first, count, matrices_.data());
  whiten();
}

void LaneWhitening::whiten() {
  run_on<CholeskyInverse>(target_, static_cast<const double*>(matrices_.data()), size_, stride_, factor_.data(),
                          inverse_.data(), share_.data());
  // The trace of the inverse of the scaled matrix is that of s kᵀ k s, s the roots of b's diagonal.
  std::array<double, lane_count> traces{};
  for (std::int64_t i = 0; i < size_; ++i) {
    for (std::int64_t j = 0; j <= i; ++j) {
      for (std::int64_t lane = 0; lane < lane_count; ++lane) {
        const double factor = entry(i, j, lane);
        traces[static_cast<std::size_t>(lane)] +=
            factor * factor * matrices_.data()[(j * stride_ + j) * lane_count + lane];
      }
    }
  }
  for (std::size_t lane = 0; lane < traces.size(); ++lane) smallest_bound_[lane] = 1 / traces[lane];
}

void LaneWhitening::drop(std::int64_t lane) {
  for (std::int64_t k = lane; k < inverse_.size(); k += lane_count) inverse_.data()[k] = 0;
}

void LaneWhitening::store(std::int64_t lane, View<double, 2> place) const {
  for (std::int64_t i = 0; i < size_; ++i) {
    for (std::int64_t j = 0; j < size_; ++j) place(i, j) = j <= i ? entry(i, j, lane) : 0;
  }
}

void LaneWhitening::largest_vectors(MatricesView a, std::int64_t first, std::int64_t count, View<double, 2> vectors) {
  interleave_lanes(a, first, count, matrices_.data());
  // A lane that could not be whitened must not keep the others from converging.
  for (std::int64_t lane = 0; lane < lane_count; ++lane) {
    if (least_share(lane) > least_usable) continue;
    drop(lane);
    for (std::int64_t k = lane; k < matrices_.size(); k += lane_count) matrices_.data()[k] = 0;
  }
  run_on<Congruence>(target_, static_cast<const double*>(inverse_.data()), static_cast<const double*>(matrices_.data()),
                     size_, stride_, factor_.data(), block_.entries());
  block_.decompose(true);
  for (std::int64_t lane = 0; lane < count; ++lane) {
    const std::int64_t last = block_.ascending(lane).back();
    for (std::int64_t j = 0; j < size_; ++j) {
      double sum = 0;
      for (std::int64_t i = j; i < size_; ++i) sum += entry(i, j, lane) * block_.vector(last, i, lane);
      vectors(lane, j) = sum;
    }
  }
}

}  // namespace caton
