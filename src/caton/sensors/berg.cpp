// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Berg and Scherg, Electroencephalography and clinical Neurophysiology 90, 1994: a shell head is nearly three dipoles
// in one sphere. Fit and weights as MNE's _fwd_eeg_fit_berg_scherg.
#include "caton/sensors/berg.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <array>
#include <cmath>

namespace caton {

namespace {

constexpr int terms = 200;
using Shifts = std::array<double, 3>;

struct Fit {
  double residual = 0;
  Shifts weights{};
};

/// The best weights for given shifts; their sum is the first factor, so that deep dipoles are exact.
class Series {
 public:
  explicit Series(const ShellSeries& shells) : factors_(shells.factors(terms)) {
    for (int n = 1; n < terms; ++n) {
      factors_[static_cast<std::size_t>(n - 1)] *= n / (2 * n + 1.0);
      weights_.push_back(std::sqrt((2.0 * n + 1) * (3.0 * n + 1) / n) * std::pow(shells.innermost(), n - 1));
    }
    factors_.pop_back();
  }

  [[nodiscard]] Fit at(const Shifts& shifts) const {
    const auto count = static_cast<Eigen::Index>(factors_.size());
    Eigen::VectorXd y(count);
    Eigen::MatrixXd m(count, 2);
    Shifts power{1, 1, 1};
    for (Eigen::Index i = 0; i < count; ++i) {
      const double w = weights_[static_cast<std::size_t>(i)];
      y[i] = w * (factors_[static_cast<std::size_t>(i)] - power[0] * factors_[0]);
      m(i, 0) = w * (power[1] - power[0]);
      m(i, 1) = w * (power[2] - power[0]);
      for (std::size_t k = 0; k < 3; ++k) power[k] *= shifts[k];
    }
    const Eigen::Vector2d weights = m.colPivHouseholderQr().solve(y);
    return {(y - m * weights).squaredNorm(), {factors_[0] - weights[0] - weights[1], weights[0], weights[1]}};
  }

 private:
  std::vector<double> factors_, weights_;
};

Shifts shifts_of(const std::array<double, 3>& free) {
  return {std::tanh(free[0]), std::tanh(free[1]), std::tanh(free[2])};
}

using Corner = std::pair<double, std::array<double, 3>>;

/// The downhill simplex method; the shifts' hyperbolic tangents keep them inside the sphere.
Shifts smallest_residual(const Series& series) {
  const auto residual = [&](const std::array<double, 3>& free) { return series.at(shifts_of(free)).residual; };
  std::array<Corner, 4> simplex;
  for (std::size_t i = 0; i < 4; ++i) {
    std::array<double, 3> free{0.2, 0.7, 1.2};
    if (i > 0) free[i - 1] += 0.2;
    simplex[i] = {residual(free), free};
  }
  const auto along = [&](const std::array<double, 3>& middle, double step) {
    std::array<double, 3> free{};
    for (std::size_t k = 0; k < 3; ++k) free[k] = middle[k] + step * (simplex[3].second[k] - middle[k]);
    return Corner{residual(free), free};
  };
  for (int round = 0; round < 1000; ++round) {
    std::stable_sort(simplex.begin(), simplex.end(),
                     [](const Corner& a, const Corner& b) { return a.first < b.first; });
    if (simplex[3].first - simplex[0].first <= 1e-14 * simplex[0].first) break;
    std::array<double, 3> middle{};
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t k = 0; k < 3; ++k) middle[k] += simplex[i].second[k] / 3;
    }
    const Corner reflected = along(middle, -1);
    if (reflected.first < simplex[0].first) {
      const Corner further = along(middle, -2);
      simplex[3] = further.first < reflected.first ? further : reflected;
    } else if (reflected.first < simplex[2].first) {
      simplex[3] = reflected;
    } else {
      const Corner nearer = along(middle, reflected.first < simplex[3].first ? -0.5 : 0.5);
      if (nearer.first < std::min(reflected.first, simplex[3].first)) {
        simplex[3] = nearer;
      } else {
        for (std::size_t i = 1; i < 4; ++i) {
          for (std::size_t k = 0; k < 3; ++k) simplex[i].second[k] = (simplex[i].second[k] + simplex[0].second[k]) / 2;
          simplex[i].first = residual(simplex[i].second);
        }
      }
    }
  }
  return shifts_of(simplex[0].second);
}

}  // namespace

std::vector<BergDipole> fit_berg_dipoles(const ShellSeries& shells) {
  if (shells.shells() == 1) return {{1, 1}};
  const Series series(shells);
  const Shifts shifts = smallest_residual(series);
  const Fit fit = series.at(shifts);
  std::vector<BergDipole> dipoles;
  for (std::size_t k = 0; k < 3; ++k) dipoles.push_back({shifts[k], fit.weights[k]});
  return dipoles;
}

void berg_sums(const std::vector<BergDipole>& dipoles, double eccentricity, double cosine, double& radial,
               double& tangential) {
  radial = tangential = 0;
  for (const BergDipole& dipole : dipoles) {
    const double e = dipole.shift * eccentricity;
    const double d = std::sqrt(1 - 2 * e * cosine + e * e);
    radial += dipole.weight * (2 * (cosine - e) / (d * d * d) + (2 * cosine - e) / (d * (1 + d)));
    tangential += dipole.weight * (2 / (d * d * d) + (2 + e * e / (d + 1 - e * cosine)) / ((1 + d) * d));
  }
}

}  // namespace caton
