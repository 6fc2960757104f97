// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/sensors/shells.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

ShellSeries::ShellSeries(std::vector<double> relative_radii, std::vector<double> conductivities)
    : radii_(std::move(relative_radii)), conductivities_(std::move(conductivities)) {}

/// The coefficient of r^-(n+1) in the innermost shell, taken at that shell's own boundary, when at the surface it is 1
/// and no current leaves. Carried from boundary to boundary, so that no power of a radius overflows.
double ShellSeries::outward(int n) const {
  double a = (n + 1.0) / n, b = 1;
  for (std::size_t k = radii_.size() - 1; k > 0; --k) {
    const double step = radii_[k - 1] / radii_[k];
    const double inward = a * std::pow(step, n), outward = b * std::pow(step, -(n + 1));
    const double potential = inward + outward;
    const double current = conductivities_[k] / conductivities_[k - 1] * (n * inward - (n + 1) * outward);
    a = ((n + 1) * potential + current) / (2 * n + 1);
    b = (n * potential - current) / (2 * n + 1);
  }
  return b;
}

std::vector<double> ShellSeries::weights(double eccentricity, int terms) const {
  constexpr int most_terms = 20000;
  const double inner = innermost();
  if (eccentricity > 0.9)
    terms =
        std::max(terms, std::min(most_terms, static_cast<int>(std::ceil(std::log(1e-14) / std::log(eccentricity)))));
  std::vector<double> result;
  double power = 1 / (inner * inner);
  for (int n = 1; n <= terms; ++n) {
    result.push_back(((n + 1.0) / n + 1) / outward(n) * power);
    power *= eccentricity / inner;
  }
  return result;
}

std::vector<double> ShellSeries::factors(int terms) const {
  std::vector<double> result;
  double power = 1 / (innermost() * innermost());
  for (int n = 1; n <= terms; ++n) {
    result.push_back(((n + 1.0) / n + 1) / outward(n) * power);
    power /= innermost();
  }
  return result;
}

}  // namespace caton
