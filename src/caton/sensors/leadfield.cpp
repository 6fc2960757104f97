// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/sensors/leadfield.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/sensors/berg.hpp"
#include "caton/sensors/position_checks.hpp"
#include "caton/sensors/shells.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

using Point = std::array<double, 3>;

double dot(const Point& a, const Point& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Point relative_to(Signal positions, std::int64_t i, const Point& center) {
  return {positions(i, 0) - center[0], positions(i, 1) - center[1], positions(i, 2) - center[2]};
}

/// One dipole's place: direction (any, where it sits in the centre) and distance from the centre.
struct Place {
  Point direction{0, 0, 1};
  double distance = 0;
};

Place place_of(const Point& p) {
  const double distance = std::sqrt(dot(p, p));
  if (distance == 0) return {};
  return {{p[0] / distance, p[1] / distance, p[2] / distance}, distance};
}

/// sum over n of weight_n P_n(c) n, and of weight_n P_n'(c).
struct Sums {
  double radial = 0, tangential = 0;
};

Sums series_sums(const std::vector<double>& weights, double cosine) {
  double p_before = 1, p = cosine, d_before = 0, d = 1;
  Sums sums;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto n = static_cast<double>(i + 1);
    sums.radial += weights[i] * n * p;
    sums.tangential += weights[i] * d;
    const double p_next = ((2 * n + 1) * cosine * p - n * p_before) / (n + 1);
    const double d_next = d_before + (2 * n + 1) * p;
    p_before = p;
    p = p_next;
    d_before = d;
    d = d_next;
  }
  return sums;
}

void check(const SphereHead& head, Signal electrodes, Signal dipoles) {
  const std::string where = "sphere_leadfield";
  require_positions(where, dipoles);
  require_positions(where, electrodes);
  if (!(head.radius_m > 0)) throw usage_error(where, "radius_m must be positive");
  if (head.terms < 1 || head.terms > 100000) throw usage_error(where, "terms must be positive and at most 100000");
  if (head.conductivities.size() != head.relative_radii.size() || head.relative_radii.empty()) {
    throw usage_error(where, "shape: " + std::to_string(head.relative_radii.size()) + " relative_radii and " +
                                 std::to_string(head.conductivities.size()) + " conductivities");
  }
  double inner = 0;
  for (const double radius : head.relative_radii) {
    if (!(radius > inner)) throw usage_error(where, "relative_radii must be positive and rising");
    inner = radius;
  }
  for (const double s : head.conductivities) {
    if (!(s > 0 && std::isfinite(s))) {
      throw usage_error(where, "conductivities must be positive, got " + number_text(s));
    }
  }
}

std::vector<Point> electrode_directions(Signal electrodes, const Point& center) {
  std::vector<Point> directions;
  for (std::int64_t i = 0; i < electrodes.extent(0); ++i) {
    const Place place = place_of(relative_to(electrodes, i, center));
    if (place.distance == 0) {
      throw usage_error("sphere_leadfield", "the position of electrode " + std::to_string(i) + " is the centre");
    }
    directions.push_back(place.direction);
  }
  return directions;
}

}  // namespace

Matrix sphere_leadfield(Signal electrodes, Signal dipoles, const SphereHead& head) {
  check(head, electrodes, dipoles);
  const auto directions = electrode_directions(electrodes, head.center_m);
  const double outer = head.radius_m * head.relative_radii.back(), inner = head.radius_m * head.relative_radii.front();
  for (std::int64_t d = 0; d < dipoles.extent(0); ++d) {
    if (place_of(relative_to(dipoles, d, head.center_m)).distance < inner) continue;
    throw usage_error("sphere_leadfield", "dipole " + std::to_string(d) + " lies outside the innermost shell");
  }
  const ShellSeries shells(head.relative_radii, head.conductivities);
  const std::vector<BergDipole> berg =
      head.method == LeadfieldMethod::berg ? fit_berg_dipoles(shells) : std::vector<BergDipole>{};
  const double scale = 1 / (4 * std::numbers::pi * head.conductivities.front() * outer * outer);
  Matrix gain({electrodes.extent(0), 3 * dipoles.extent(0)}, uninitialised);
  thread_pool().parallel_for(dipoles.extent(0), [&](std::int64_t d) {
    const Place place = place_of(relative_to(dipoles, d, head.center_m));
    const double eccentricity = place.distance / outer;
    const auto weights = berg.empty() ? shells.weights(eccentricity, head.terms) : std::vector<double>{};
    for (std::int64_t e = 0; e < electrodes.extent(0); ++e) {
      const Point& direction = directions[static_cast<std::size_t>(e)];
      const double cosine = std::clamp(dot(direction, place.direction), -1.0, 1.0);
      Sums sums;
      if (berg.empty())
        sums = series_sums(weights, cosine);
      else
        berg_sums(berg, eccentricity, cosine, sums.radial, sums.tangential);
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double radial = place.direction[axis];
        const double tangential = direction[axis] - cosine * place.direction[axis];
        gain(e, 3 * d + static_cast<std::int64_t>(axis)) =
            scale * (sums.radial * radial + sums.tangential * tangential);
      }
    }
  });
  return gain;
}

namespace {

const Operation leadfield_operation{
    .name = "sphere_leadfield",
    .room = "sensors",
    .about = "Potentials of dipoles in a head of concentric shells (Legendre series; berg: mne.make_sphere_model)",
    .arguments = {{.name = "center_m", .type = "numbers"},
                  {.name = "radius_m", .type = "number"},
                  {.name = "relative_radii",
                   .type = "numbers",
                   .standard = Json::list_of(std::vector<double>{0.90, 0.92, 0.97, 1.0})},
                  {.name = "conductivities",
                   .type = "numbers",
                   .standard = Json::list_of(std::vector<double>{0.33, 1.0, 0.004, 0.33})},
                  {.name = "method", .type = "text", .standard = "series", .about = "series, berg"},
                  {.name = "terms", .type = "integer", .standard = 200}},
    .inputs = {{.name = "electrodes", .shape = "C 3", .unit = "m"}, {.name = "dipoles", .shape = "D 3", .unit = "m"}},
    .outputs = {{.name = "gain", .shape = "C 3D", .unit = "V/(A m)"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort electrodes(args, in, "electrodes"), dipoles(args, in, "dipoles");
          SphereHead head;
          const auto center = args.numbers("center_m");
          if (center.size() != 3) throw args.refuse("shape: center_m needs 3 coordinates");
          std::copy(center.begin(), center.end(), head.center_m.begin());
          head.radius_m = args.number("radius_m");
          head.relative_radii = args.numbers("relative_radii");
          head.conductivities = args.numbers("conductivities");
          head.method = choice_argument<LeadfieldMethod>(
              args, "method", {{"series", LeadfieldMethod::series}, {"berg", LeadfieldMethod::berg}});
          head.terms = count_argument(args, "terms");
          return Tensors{{"gain", Tensor::of(sphere_leadfield(electrodes, dipoles, head))}};
        },
};
CATON_REGISTER(Operation, leadfield_operation);

}  // namespace

}  // namespace caton
