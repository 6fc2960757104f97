// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// Spherical splines (Perrin et al. 1989): weights (B x G) that give the values at `bad` (B x 3) from those at `good`
/// (G x 3); positions are relative to the sphere's centre, only their directions count. As MNE's
/// `_make_interpolation_matrix`. Refuses a position at the centre (word `position`).
[[nodiscard]] Matrix spline_interpolation_matrix(Signal good, Signal bad, double smoothing = 1e-5);

/// The signal with the channels `bad` (indices) replaced by what the others say by spherical splines. Refuses indices
/// out of range and when no good channel is left (word `channels`), other shapes (`shape`).
[[nodiscard]] Matrix interpolate_bad(Signal x, Signal positions, const std::vector<std::int64_t>& bad);

struct CurrentSourceDensity {
  double radius_m = 0;
  double lambda = 1e-5;
  int stiffness = 4;
  int legendre_terms = 50;
};
/// The surface Laplacian of spherical splines, V/m^2 (MNE `compute_current_source_density`).
[[nodiscard]] Matrix current_source_density(Signal x, Signal positions, const CurrentSourceDensity& options);

}  // namespace caton
