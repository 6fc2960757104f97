// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// Where an electrode is drawn: the head from above, nose up (y = 1), left ear left (x = -1), rim at radius 1.
struct ScalpPoint {
  double x = 0, y = 0;
};

/// Brings values at electrodes to the whole scalp. Positions [m] are x right, y front, z up; they are seen from the
/// centre of the sphere that fits them (from the origin where there are too few for a fit), so that a point keeps its
/// direction and its angle from the top (azimuthal equidistant projection).
class Scalp {
 public:
  /// Refuses (kind `usage`, word `positions`) positions that are not finite or lie in the centre.
  explicit Scalp(const std::vector<std::array<double, 3>>& positions_m);

  [[nodiscard]] const std::vector<ScalpPoint>& points() const noexcept { return points_; }
  /// Below 8 electrodes a field between them would be invented: `field` refuses, figures draw the electrodes alone.
  [[nodiscard]] bool can_interpolate() const noexcept { return points_.size() >= fewest_electrodes; }
  /// Values on a square grid of `size` x `size` points over [-1, 1] x [-1, 1] (row 0: y = -1) by spherical splines
  /// (Perrin et al. 1989, stiffness 2), kept within the range of the electrodes' values. Refuses (word `values`)
  /// another number of values than electrodes, values that are not finite, and too few electrodes (`electrodes`).
  [[nodiscard]] Array<double, 2> field(std::span<const double> values, std::int64_t size) const;

  static constexpr std::size_t fewest_electrodes = 8;

 private:
  std::vector<std::array<double, 3>> directions_;  ///< unit vectors
  std::vector<ScalpPoint> points_;
  double radius_per_radian_ = 1;
};

}  // namespace caton
