// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstddef>
#include <vector>

namespace caton {

/// How the shells of a spherical head change the Legendre series of a dipole's potential at the outer surface.
class ShellSeries {
 public:
  ShellSeries(std::vector<double> relative_radii, std::vector<double> conductivities);

  /// f_n b^(n-1) for n = 1, 2, …: at least `terms` of them, more where b > 0.9 needs them. b = distance from the centre
  /// over the outer radius, below `innermost()`.
  [[nodiscard]] std::vector<double> weights(double eccentricity, int terms) const;
  /// f_n itself, n = 1 … terms.
  [[nodiscard]] std::vector<double> factors(int terms) const;
  [[nodiscard]] std::size_t shells() const noexcept { return radii_.size(); }
  [[nodiscard]] double innermost() const noexcept { return radii_.front() / radii_.back(); }

 private:
  [[nodiscard]] double outward(int n) const;

  std::vector<double> radii_, conductivities_;
};

}  // namespace caton
