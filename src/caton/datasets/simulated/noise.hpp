// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/random.hpp"
#include "caton/datasets/simulated/source_model.hpp"

#include <array>
#include <vector>

/// Random signals of known spectrum and unit power.
namespace caton::simulated {

/// White noise through parallel first-order filters (after P. Kellet): power falls as 1/f from about 0.1 Hz to half the
/// rate.
class PinkNoise {
 public:
  explicit PinkNoise(RandomStream stream);
  [[nodiscard]] double next() noexcept;
  /// Share of the power between two frequencies.
  [[nodiscard]] static double share(BandEdges band);

 private:
  RandomStream stream_;
  std::array<double, 3> state_{};
  double scale_ = 1;
};

/// White noise through a Butterworth band-pass of order 2, root mean square 1: `samples` values.
[[nodiscard]] std::vector<double> band_noise(RandomStream stream, BandEdges band, std::int64_t samples);

/// Evenly spread, mean 0, standard deviation 1: gains that must not run away.
[[nodiscard]] double bounded(RandomStream& random) noexcept;

/// A slow random course, one value a second, standard deviation 1, correlation falling to 1/e after `memory_s`.
[[nodiscard]] std::vector<double> slow_course(RandomStream stream, double memory_s, std::int64_t seconds);

/// A course of one value a second, read between them.
[[nodiscard]] double course_at(const std::vector<double>& course, double time_s) noexcept;

}  // namespace caton::simulated
