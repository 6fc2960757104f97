// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/sensors/leadfield.hpp"
#include "caton/sensors/montage.hpp"
#include "caton/sensors/sphere.hpp"
#include "caton/sensors/spline.hpp"
#include "own_cases.hpp"
#include "signal_test.hpp"

#include <cmath>
#include <set>

namespace caton {

using testing::error_of;
using testing::largest_difference;
using testing::noise;
using testing::says;

namespace {

/// Points on the unit sphere, spread out.
Matrix on_sphere(std::int64_t count, double radius = 1) {
  Matrix points = noise(count, 3, 1, 7);
  for (std::int64_t i = 0; i < count; ++i) {
    const double norm = std::hypot(points(i, 0), points(i, 1), points(i, 2));
    for (std::int64_t axis = 0; axis < 3; ++axis) points(i, axis) *= radius / norm;
  }
  return points;
}

/// Turned by an angle around z.
Matrix turned(const Matrix& points, double angle) {
  Matrix result(points.extents());
  for (std::int64_t i = 0; i < points.extent(0); ++i) {
    result(i, 0) = std::cos(angle) * points(i, 0) - std::sin(angle) * points(i, 1);
    result(i, 1) = std::sin(angle) * points(i, 0) + std::cos(angle) * points(i, 1);
    result(i, 2) = points(i, 2);
  }
  return result;
}

}  // namespace

TEST_SUITE("sensors") {
  TEST_CASE("sensors: golden cases") {
    testing::replay_case("signal-toolbox/sensors");
    testing::replay_case("signal-toolbox/leadfield");
  }

  TEST_CASE("sensors: own cases") { testing::replay_own_cases("signal-toolbox", {"sensors"}); }

  TEST_CASE("montage: names in every spelling, aliases and stand-ins are told") {
    const auto plain = montage_positions({"T7", "Fp1", "PO9"});
    const auto odd = montage_positions({"T3", "EEG FP1", "CB1"});
    CHECK(largest_difference(plain.positions, odd.positions) == 0);
    REQUIRE(odd.findings.size() == 2);
    CHECK(odd.findings[0].code == "montage/alias");
    CHECK(odd.findings[1].code == "montage/stand-in");
    CHECK(plain.findings.empty());
    CHECK(montage_positions({"T3", "T7"}).findings.back().code == "montage/same-place");
    CHECK(plain.positions(0, 0) < -0.08);
    CHECK(montage_positions({"E1"}, "gsn_hydrocel_128").positions(0, 0) > 0.06);
    CHECK(montage_fiducials()(1, 0) < -0.08);
  }

  TEST_CASE("montage: what a channel name says") {
    CHECK(electrode_name(" Fc5. ").name == "FC5");
    CHECK(electrode_name("EEG Fp1-LE").name == "Fp1");
    CHECK(electrode_name("EEG Fp1-LE").reference == "LE");
    CHECK(electrode_name("POL CZ").name == "Cz");
    CHECK(electrode_name("cb2").known);
    CHECK_FALSE(electrode_name("EEG Fpz-Cz").known);
    CHECK(electrode_name("EEG Fpz-Cz").name == "Fpz-Cz");
    CHECK_FALSE(electrode_name("Fz1").known);
    CHECK_FALSE(electrode_name("").known);
  }

  TEST_CASE("montage: unknown names and montages are refused with near ones") {
    CHECK(says(error_of([] { (void)montage_positions({"Cz", "XX9"}); }), "unknown"));
    CHECK(says(error_of([] { (void)montage_positions({"Cz"}, "standard_1006"); }), "standard_1005"));
    CHECK(says(error_of([] { (void)montage_positions({}); }), "empty"));
  }

  TEST_CASE("caps: every electrode of the single-electrode caps has a place, none twice") {
    CHECK(caps().size() == 11);
    for (const Cap& cap : caps()) {
      CAPTURE(cap.name);
      CHECK(std::set<std::string>(cap.channels.begin(), cap.channels.end()).size() == cap.channels.size());
      if (cap.name == "tuh_tcp_22") continue;
      const char* const montage = cap.name == "gsn_hydrocel_128" ? "gsn_hydrocel_128" : "standard_1005";
      CHECK(montage_positions(cap.channels, montage).positions.extent(0) ==
            static_cast<std::int64_t>(cap.channels.size()));
    }
    CHECK(cap_named("dreamer14").channels.front() == "AF3");
    CHECK(says(error_of([] { (void)cap_named("deap"); }), "unknown"));
  }

  TEST_CASE("fit_sphere: finds a sphere exactly, refuses a plane") {
    Matrix points = on_sphere(9, 0.09);
    for (std::int64_t i = 0; i < 9; ++i) {
      points(i, 0) += 0.01;
      points(i, 2) -= 0.03;
    }
    const Sphere sphere = fit_sphere(points);
    CHECK(sphere.radius_m == doctest::Approx(0.09).epsilon(1e-12));
    CHECK(std::abs(sphere.center_m[0] - 0.01) < 1e-13);
    CHECK(std::abs(sphere.center_m[1]) < 1e-13);
    CHECK(std::abs(sphere.center_m[2] + 0.03) < 1e-13);
    for (std::int64_t i = 0; i < 9; ++i) points(i, 1) = 0;
    CHECK(says(error_of([&] { (void)fit_sphere(points); }), "plane"));
    CHECK(says(error_of([] { (void)fit_sphere(Matrix({4, 2}, 1.0)); }), "shape"));
  }

  TEST_CASE("project_2d: the top is the middle, the equator is the unit circle") {
    Matrix points({3, 3});
    points(0, 2) = 2;
    points(1, 0) = 5;
    points(2, 1) = -3;
    const Matrix xy = project_2d(points);
    CHECK(xy(0, 0) == doctest::Approx(0));
    CHECK(xy(1, 0) == doctest::Approx(1));
    CHECK(xy(2, 1) == doctest::Approx(-1));
    CHECK(says(error_of([] { (void)project_2d(Matrix({1, 3})); }), "origin"));
  }

  TEST_CASE(
      "splines: a constant stays a constant, good channels stay as they are, a source-free field has no density") {
    const Matrix places = on_sphere(20);
    const Matrix weights = spline_interpolation_matrix(places, on_sphere(4));
    for (std::int64_t i = 0; i < 4; ++i) {
      double sum = 0;
      for (std::int64_t j = 0; j < 20; ++j) sum += weights(i, j);
      CHECK(sum == doctest::Approx(1).epsilon(1e-9));
    }
    const Matrix x = noise(20, 30);
    const Matrix y = interpolate_bad(x, places, {4});
    for (std::int64_t c = 0; c < 20; ++c)
      CHECK((largest_difference(x.view().slice(0, c, 1), y.view().slice(0, c, 1)) == 0) == (c != 4));
    const Matrix constant({20, 5}, 3.5);
    const Matrix density = current_source_density(constant, places, {.radius_m = 0.09});
    CHECK(largest_difference(density, Matrix({20, 5})) < 1e-8);
    CHECK(says(error_of([&] { (void)interpolate_bad(x, places, {20}); }), "channels"));
  }

  TEST_CASE("sphere_leadfield: turns with the head, linear in the depth's limit, one shell in closed form") {
    const Matrix electrodes = on_sphere(12, 0.09);
    Matrix dipoles = on_sphere(3, 0.05);
    for (const LeadfieldMethod method : {LeadfieldMethod::series, LeadfieldMethod::berg}) {
      const SphereHead head{.method = method};
      const Matrix here = sphere_leadfield(electrodes, dipoles, head);
      const Matrix there = sphere_leadfield(turned(electrodes, 0.7), turned(dipoles, 0.7), head);
      double largest = 0;
      for (std::int64_t e = 0; e < 12; ++e) {
        for (std::int64_t d = 0; d < 3; ++d) {
          const double x = there(e, 3 * d), y = there(e, 3 * d + 1);
          largest = std::max(largest, std::abs(std::cos(0.7) * x + std::sin(0.7) * y - here(e, 3 * d)));
          largest = std::max(largest, std::abs(there(e, 3 * d + 2) - here(e, 3 * d + 2)));
        }
      }
      CHECK(largest < 1e-9);
    }
    const SphereHead one{.relative_radii = {1.0}, .conductivities = {0.33}};
    SphereHead closed = one;
    closed.method = LeadfieldMethod::berg;
    CHECK(largest_difference(sphere_leadfield(electrodes, dipoles, one),
                             sphere_leadfield(electrodes, dipoles, closed)) < 1e-8);
    const SphereHead shells{};
    SphereHead berg{};
    berg.method = LeadfieldMethod::berg;
    const Matrix series = sphere_leadfield(electrodes, dipoles, shells);
    double largest = 0;
    for (const double value : series) largest = std::max(largest, std::abs(value));
    CHECK(largest_difference(series, sphere_leadfield(electrodes, dipoles, berg)) < 3e-3 * largest);
  }

  TEST_CASE("sphere_leadfield: a dipole near the skin gets the terms it needs") {
    const Matrix electrodes = on_sphere(6, 0.09), dipole = on_sphere(1, 0.0891);
    const SphereHead few{.relative_radii = {1.0}, .conductivities = {0.33}, .terms = 1};
    SphereHead closed = few;
    closed.method = LeadfieldMethod::berg;
    const Matrix series = sphere_leadfield(electrodes, dipole, few);
    double largest = 0;
    for (const double value : series) largest = std::max(largest, std::abs(value));
    CHECK(largest_difference(series, sphere_leadfield(electrodes, dipole, closed)) < 1e-9 * largest);
  }
}

}  // namespace caton
