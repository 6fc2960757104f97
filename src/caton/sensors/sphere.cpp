// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/sensors/sphere.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/sensors/position_checks.hpp"

#include <Eigen/Dense>

#include <cmath>
#include <numbers>

namespace caton {

namespace {

using Point = Eigen::Vector3d;

Point point_of(Signal positions, std::int64_t i) { return {positions(i, 0), positions(i, 1), positions(i, 2)}; }

void refuse_plane(Signal positions, const Point& mean) {
  Matrix centred(positions);
  for (std::int64_t i = 0; i < positions.extent(0); ++i) {
    for (std::int64_t axis = 0; axis < 3; ++axis) centred(i, axis) -= mean[axis];
  }
  const auto singular = svd(centred).singular;
  if (singular[2] > 1e-9 * singular[0]) return;
  throw usage_error("fit_sphere", "the positions lie in one plane: no sphere is nearest to them");
}

}  // namespace

Sphere fit_sphere(Signal positions) {
  require_positions("fit_sphere", positions);
  const std::int64_t count = positions.extent(0);
  if (count < 4) {
    throw usage_error("fit_sphere", "too few positions: " + std::to_string(count) + ", a sphere needs 4");
  }
  Point center = Point::Zero();
  for (std::int64_t i = 0; i < count; ++i) center += point_of(positions, i) / static_cast<double>(count);
  refuse_plane(positions, center);
  double radius = 0;
  for (std::int64_t i = 0; i < count; ++i)
    radius += (point_of(positions, i) - center).norm() / static_cast<double>(count);
  for (int round = 0; round < 200; ++round) {
    Eigen::Matrix4d normal = Eigen::Matrix4d::Zero();
    Eigen::Vector4d right = Eigen::Vector4d::Zero();
    for (std::int64_t i = 0; i < count; ++i) {
      const Point away = point_of(positions, i) - center;
      const double distance = std::max(away.norm(), 1e-300);
      Eigen::Vector4d slope;
      slope << -away / distance, -1;
      normal += slope * slope.transpose();
      right += slope * (distance - radius);
    }
    const Eigen::Vector4d step = normal.ldlt().solve(-right);
    if (!step.allFinite()) break;
    center += step.head<3>();
    radius += step[3];
    if (step.norm() < 1e-13 * radius) break;
  }
  return {{center[0], center[1], center[2]}, radius};
}

Matrix project_2d(Signal positions) {
  require_positions("project_2d", positions);
  Matrix xy({positions.extent(0), 2});
  for (std::int64_t i = 0; i < positions.extent(0); ++i) {
    const Point p = point_of(positions, i);
    const double radius = p.norm();
    if (radius == 0) throw usage_error("project_2d", "position " + std::to_string(i) + " is the origin");
    const double angle = std::acos(std::clamp(p[2] / radius, -1.0, 1.0)) * 2 / std::numbers::pi;
    const double phi = std::atan2(p[1], p[0]);
    xy(i, 0) = angle * std::cos(phi);
    xy(i, 1) = angle * std::sin(phi);
  }
  return xy;
}

namespace {

const Operation fit_sphere_operation{
    .name = "fit_sphere",
    .room = "sensors",
    .about = "The sphere nearest to electrode positions (mne.bem._fit_sphere, to full accuracy)",
    .inputs = {{.name = "positions", .shape = "C 3", .unit = "m"}},
    .outputs = {{.name = "center", .shape = "3", .unit = "m"}, {.name = "radius", .shape = "1", .unit = "m"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const Sphere sphere = fit_sphere(MatrixPort(args, in, "positions"));
          return Tensors{
              {"center", Tensor::vector(std::vector<double>(sphere.center_m.begin(), sphere.center_m.end()))},
              {"radius", Tensor::vector(std::vector<double>{sphere.radius_m})}};
        },
};
CATON_REGISTER(Operation, fit_sphere_operation);

const Operation project_operation{
    .name = "project_2d",
    .room = "sensors",
    .about = "Electrodes on a flat map: azimuthal equidistant (mne _cart_to_sph, _pol_to_cart)",
    .inputs = {{.name = "positions", .shape = "C 3"}},
    .outputs = {{.name = "xy", .shape = "C 2"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          return Tensors{{"xy", Tensor::of(project_2d(MatrixPort(args, in, "positions")))}};
        },
};
CATON_REGISTER(Operation, project_operation);

}  // namespace

}  // namespace caton
