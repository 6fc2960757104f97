// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/sensors/shells.hpp"

#include <vector>

namespace caton {

/// A dipole in one homogeneous sphere that stands for a part of the shells' effect: it lies at `shift` times the place
/// of the true one and has `weight` times its moment.
struct BergDipole {
  double shift = 0, weight = 0;
};

/// Three dipoles whose series comes nearest to that of the shells, weighted as MNE does.
[[nodiscard]] std::vector<BergDipole> fit_berg_dipoles(const ShellSeries& shells);

/// What the Legendre series of all dipoles adds up to, in closed form: the factors of the radial and the tangential
/// moment for an electrode at the angle of `cosine` from a dipole at `eccentricity`.
void berg_sums(const std::vector<BergDipole>& dipoles, double eccentricity, double cosine, double& radial,
               double& tangential);

}  // namespace caton
