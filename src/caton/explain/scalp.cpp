// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/explain/scalp.hpp"

#include "caton/base/error.hpp"
#include "caton/sensors/sphere.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {
namespace {

using Position = std::array<double, 3>;

double length(const Position& p) { return std::sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]); }

/// Centre of the sphere through the points; the origin where they are too few or do not tell one.
Position sphere_centre(const std::vector<Position>& points) {
  constexpr Position origin{0, 0, 0};
  if (points.size() < Scalp::fewest_electrodes) return origin;
  Matrix rows({static_cast<std::int64_t>(points.size()), 3}, uninitialised);
  double mean = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t k = 0; k < 3; ++k) rows(static_cast<std::int64_t>(i), static_cast<std::int64_t>(k)) = points[i][k];
    mean += length(points[i]) / static_cast<double>(points.size());
  }
  try {
    const Sphere sphere = fit_sphere(rows.view());
    const bool plausible =
        sphere.radius_m > 0.5 * mean && sphere.radius_m < 2 * mean && length(sphere.center_m) < sphere.radius_m;
    return plausible ? sphere.center_m : origin;
  } catch (const Error&) {
    return origin;  // all in one plane
  }
}

/// Perrin's g without the constant term. Stiffness m = 2 (a thin plate on the sphere) rather than the usual 4: stiffer
/// splines swing far beyond the measured values where a sparse cap leaves half of the head without electrodes.
double spline_kernel(double cosine) {
  constexpr int terms = 80;
  double before = 1, now = cosine, sum = 0;
  for (int n = 1; n <= terms; ++n) {
    const double order = static_cast<double>(n) * (n + 1);
    sum += (2 * n + 1) / (order * order) * now;
    const double next = ((2 * n + 1) * cosine * now - n * before) / (n + 1);
    before = now;
    now = next;
  }
  return sum / (4 * std::numbers::pi);
}

double cosine_between(const Position& a, const Position& b) {
  return std::clamp(a[0] * b[0] + a[1] * b[1] + a[2] * b[2], -1.0, 1.0);
}

}  // namespace

Scalp::Scalp(const std::vector<std::array<double, 3>>& positions_m) {
  for (const auto& position : positions_m) {
    if (!std::isfinite(length(position))) throw usage_error("scalp", "positions must be finite numbers");
  }
  const Position centre = sphere_centre(positions_m);
  double lowest = 0;
  std::vector<double> angles;
  for (const auto& p : positions_m) {
    Position direction{p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]};
    const double radius = length(direction);
    if (radius <= 0) throw usage_error("scalp", "positions must not lie in the centre of the head");
    for (double& part : direction) part /= radius;
    directions_.push_back(direction);
    angles.push_back(std::acos(std::clamp(direction[2], -1.0, 1.0)));
    lowest = std::max(lowest, angles.back());
  }
  // The equator (nasion, ears, inion) lies a little inside the rim; electrodes below it move everything inwards.
  constexpr double equator_radius = 0.88, outermost = 0.95;
  radius_per_radian_ = equator_radius / (std::numbers::pi / 2);
  if (lowest * radius_per_radian_ > outermost) radius_per_radian_ = outermost / lowest;
  for (std::size_t i = 0; i < directions_.size(); ++i) {
    const double flat = std::hypot(directions_[i][0], directions_[i][1]);
    const double radius = angles[i] * radius_per_radian_;
    points_.push_back(flat > 0 ? ScalpPoint{radius * directions_[i][0] / flat, radius * directions_[i][1] / flat}
                               : ScalpPoint{0, 0});
  }
}

Array<double, 2> Scalp::field(std::span<const double> values, std::int64_t size) const {
  if (!can_interpolate()) {
    throw usage_error("scalp", std::to_string(points_.size()) + " electrodes are too few to interpolate between",
                      "at least " + std::to_string(fewest_electrodes));
  }
  if (values.size() != points_.size())
    throw usage_error("scalp",
                      std::to_string(values.size()) + " values for " + std::to_string(points_.size()) + " electrodes");
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); }))
    throw usage_error("scalp", "values must be finite");
  const auto n = static_cast<Eigen::Index>(values.size());
  Eigen::MatrixXd system = Eigen::MatrixXd::Zero(n + 1, n + 1);
  Eigen::VectorXd right = Eigen::VectorXd::Zero(n + 1);
  const double ridge = 1e-9 * spline_kernel(1);  // two names at one place must not make it singular
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto& a = directions_[static_cast<std::size_t>(i)];
    for (Eigen::Index j = 0; j < n; ++j)
      system(i, j) = spline_kernel(cosine_between(a, directions_[static_cast<std::size_t>(j)]));
    system(i, i) += ridge;
    system(i, n) = system(n, i) = 1;
    right(i) = values[static_cast<std::size_t>(i)];
  }
  const Eigen::VectorXd weight = system.fullPivLu().solve(right);
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  Array<double, 2> field({size, size}, uninitialised);
  for (std::int64_t row = 0; row < size; ++row) {
    for (std::int64_t column = 0; column < size; ++column) {
      const double x = 2.0 * static_cast<double>(column) / static_cast<double>(size - 1) - 1;
      const double y = 2.0 * static_cast<double>(row) / static_cast<double>(size - 1) - 1;
      const double radius = std::hypot(x, y);
      const double angle = std::min(radius / radius_per_radian_, std::numbers::pi);
      const double flat = radius > 0 ? std::sin(angle) / radius : 0;
      const Position direction{x * flat, y * flat, std::cos(angle)};
      double sum = weight(n);
      for (Eigen::Index i = 0; i < n; ++i)
        sum += weight(i) * spline_kernel(cosine_between(direction, directions_[static_cast<std::size_t>(i)]));
      field(row, column) = std::clamp(sum, *low, *high);
    }
  }
  return field;
}

}  // namespace caton
