// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace caton {

enum class LeadfieldMethod {
  series,  ///< Legendre series, exact up to the number of terms
  berg     ///< three dipoles in one sphere that stand for the shells (Berg and Scherg 1994), as MNE; error about 1e-3
};

/// A head of concentric shells, innermost first: brain, fluid, skull, scalp.
struct SphereHead {
  std::array<double, 3> center_m{};
  double radius_m = 0.09;
  std::vector<double> relative_radii = {0.90, 0.92, 0.97, 1.0};
  std::vector<double> conductivities = {0.33, 1.0, 0.004, 0.33};  ///< S/m
  LeadfieldMethod method = LeadfieldMethod::series;
  int terms = 200;  ///< more are taken where a dipole beyond 0.9 of the radius needs them
};

/// Potentials (electrodes x 3 dipoles, V/(A m), against infinity) of unit dipoles along x, y, z at `dipoles` (D x 3,
/// m). Electrodes are projected to the surface. Refuses dipoles outside the innermost shell (word `outside`),
/// conductivities not above 0 (`conductivities`), lists of different lengths (`shape`), electrodes at the centre
/// (`position`).
[[nodiscard]] Matrix sphere_leadfield(Signal electrodes, Signal dipoles, const SphereHead& head);

}  // namespace caton
