// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <array>

namespace caton {

struct Sphere {
  std::array<double, 3> center_m{};
  double radius_m = 0;
};

/// The sphere nearest to the positions (N x 3): least squares of | |p - c| - r |. Refuses fewer than four positions or
/// positions in one plane (word `positions`).
[[nodiscard]] Sphere fit_sphere(Signal positions);

/// Azimuthal equidistant map: the angle from +z is the distance from the middle (1 = the plane z = 0), N x 2.
/// Refuses a position at the origin (word `position`).
[[nodiscard]] Matrix project_2d(Signal positions);

}  // namespace caton
