// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/placement.hpp"

#include "caton/sensors/leadfield.hpp"

#include <algorithm>
#include <cmath>

namespace caton::simulated {
namespace {

constexpr double background_depth = 0.72;  // deeper than rhythms, so that neighbours share it
constexpr double background_tilt = 0.7;

double norm(const Point& p) { return std::sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]); }
Point unit(const Point& p) {
  const double length = norm(p);
  return {p[0] / length, p[1] / length, p[2] / length};
}

}  // namespace

Point turned(const Point& direction, double spread, RandomStream& random) {
  Point result = direction;
  for (double& x : result) x += spread * random.normal();
  return unit(result);
}

Point direction_of(const Head& head, const std::string& electrode) {
  const auto index = std::find(head.electrodes.begin(), head.electrodes.end(), electrode) - head.electrodes.begin();
  Point p;
  for (std::size_t axis = 0; axis < 3; ++axis)
    p[axis] = head.positions(index, static_cast<std::int64_t>(axis)) - head.center_m[axis];
  return unit(p);
}

PlacedSources room_for(std::int64_t sources) { return {Matrix({sources, 3}), Matrix({sources, 3}), {}}; }

void place(PlacedSources& sources, const Head& head, std::int64_t source, const Point& direction, double depth,
           const Point& orientation) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto a = static_cast<std::int64_t>(axis);
    sources.positions(source, a) = head.center_m[axis] + depth * head.radius_m * direction[axis];
    sources.orientations(source, a) = orientation[axis];
  }
}

void place_background(PlacedSources& sources, const Head& head, std::uint64_t seed, std::string_view purpose,
                      std::int64_t first) {
  for (std::int64_t i = 0; i < background_sources; ++i) {
    RandomStream random(seed, purpose, {static_cast<std::uint64_t>(i)});
    Point direction = turned({0, 0, 0}, 1, random);
    direction[2] = std::abs(direction[2]) - 0.25;
    direction = unit(direction);
    place(sources, head, first + i, direction, background_depth, turned(direction, background_tilt, random));
  }
}

void compute_leadfield(PlacedSources& sources, const Head& head) {
  SphereHead sphere;
  sphere.center_m = head.center_m;
  sphere.radius_m = head.radius_m;
  const Matrix gain = sphere_leadfield(head.positions, sources.positions, sphere);
  const std::int64_t electrodes = gain.extent(0), count = sources.positions.extent(0);
  sources.leadfield = Matrix({electrodes, count});
  for (std::int64_t e = 0; e < electrodes; ++e) {
    for (std::int64_t s = 0; s < count; ++s) {
      for (std::int64_t axis = 0; axis < 3; ++axis)
        sources.leadfield(e, s) += gain(e, 3 * s + axis) * sources.orientations(s, axis);
    }
  }
}

double largest_weight(const PlacedSources& sources, std::int64_t source) {
  double largest = 0;
  for (std::int64_t e = 0; e < sources.leadfield.extent(0); ++e)
    largest = std::max(largest, std::abs(sources.leadfield(e, source)));
  return largest;
}

void add_source(const PlacedSources& sources, std::int64_t source, std::span<const double> moment,
                View<double, 2> out) {
  for (std::int64_t e = 0; e < out.extent(0); ++e) {
    const double weight = sources.leadfield(e, source);
    for (std::int64_t t = 0; t < out.extent(1); ++t) out(e, t) += weight * moment[static_cast<std::size_t>(t)];
  }
}

}  // namespace caton::simulated
