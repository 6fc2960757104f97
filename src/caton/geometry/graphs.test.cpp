// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/curvature.hpp"
#include "caton/geometry/eigenmap.hpp"
#include "caton/geometry/graph.hpp"
#include "caton/geometry/optimal_transport.hpp"
#include "caton/signal/mixing.hpp"
#include "geometry_test.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {

using testing::largest_difference;
using testing::noise;
using testing::refuses;

namespace {

Matrix triangle() {
  Matrix w({3, 3}, 1.0);
  for (std::int64_t i = 0; i < 3; ++i) w(i, i) = 0;
  return w;
}

/// Two groups, every pair of a group linked, and one edge between them (nodes 0 and size).
Matrix two_groups(std::int64_t size) {
  Matrix w({2 * size, 2 * size});
  for (std::int64_t i = 0; i < 2 * size; ++i) {
    for (std::int64_t j = 0; j < 2 * size; ++j) w(i, j) = i != j && i / size == j / size ? 1 : 0;
  }
  w(0, size) = w(size, 0) = 1;
  return w;
}

double sum_of(const Matrix& w) { return std::accumulate(w.begin(), w.end(), 0.0); }

std::vector<double> masses(std::int64_t count, std::uint64_t seed) {
  const Matrix x = noise(1, count, 1, seed);
  std::vector<double> mass;
  double sum = 0;
  for (const double value : x) {
    mass.push_back(value * value);
    sum += value * value;
  }
  for (double& value : mass) value /= sum;
  return mass;
}

/// On a line the least cost is the area between the cumulated masses.
double line_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double ahead = 0, area = 0;
  for (std::size_t k = 0; k + 1 < a.size(); ++k) {
    ahead += a[k] - b[k];
    area += std::abs(ahead);
  }
  return area;
}

}  // namespace

TEST_SUITE("geometry") {
  TEST_CASE("transport: on a line the area between cumulated masses, for many sizes") {
    for (const std::int64_t count : {1, 2, 3, 7, 20, 60}) {
      Matrix cost({count, count});
      for (std::int64_t i = 0; i < count; ++i) {
        for (std::int64_t j = 0; j < count; ++j) cost(i, j) = std::abs(static_cast<double>(i - j));
      }
      const auto a = masses(count, 1), b = masses(count, 2);
      CHECK(optimal_transport(a, b, cost) == doctest::Approx(line_distance(a, b)).epsilon(1e-12));
      CHECK(std::abs(optimal_transport(a, a, cost)) <= 1e-12);
    }
  }

  TEST_CASE("transport: a constant added to every cost is paid once; equal masses find the best pairing") {
    Matrix cost = noise(4, 4);
    const std::vector<double> even(4, 0.25);
    std::vector<std::int64_t> order{0, 1, 2, 3};
    double best = 1e9;
    do {
      double sum = 0;
      for (std::int64_t i = 0; i < 4; ++i) sum += 0.25 * cost(i, order[static_cast<std::size_t>(i)]);
      best = std::min(best, sum);
    } while (std::next_permutation(order.begin(), order.end()));
    CHECK(optimal_transport(even, even, cost) == doctest::Approx(best).epsilon(1e-12));
    for (double& value : cost) value += 5;
    CHECK(optimal_transport(even, even, cost) == doctest::Approx(best + 5).epsilon(1e-12));
    CHECK(refuses("mass", [&] { (void)optimal_transport(std::vector<double>{0.5, 0.2, 0.2, 0.2}, even, cost); }));
    CHECK(refuses("mass", [&] { (void)optimal_transport(std::vector<double>{1.5, -0.5, 0, 0}, even, cost); }));
    CHECK(refuses("shape", [&] { (void)optimal_transport(std::vector<double>{1}, even, cost); }));
  }

  TEST_CASE("curvature: a triangle has 3/4, no edge more than 1, and names of nodes do not matter") {
    for (const double power : {0.0, 1.0, 2.0})
      CHECK(ollivier_ricci(triangle(), {.exp_power = power}).edges(0, 1) == doctest::Approx(0.75));
    const Matrix w = neighbour_lengths(noise(12, 3), 3);
    const Curvature curvature = ollivier_ricci(w);
    Matrix turned(w.extents());
    for (std::int64_t i = 0; i < 12; ++i) {
      for (std::int64_t j = 0; j < 12; ++j) turned((i * 5) % 12, (j * 5) % 12) = w(i, j);
    }
    const Curvature other = ollivier_ricci(turned);
    const Matrix forman = forman_ricci(w), other_forman = forman_ricci(turned);
    for (std::int64_t i = 0; i < 12; ++i) {
      for (std::int64_t j = 0; j < 12; ++j) {
        CHECK(curvature.edges(i, j) <= 1);
        CHECK(curvature.edges(i, j) == doctest::Approx(other.edges((i * 5) % 12, (j * 5) % 12)).epsilon(1e-9));
        CHECK(forman(i, j) == doctest::Approx(other_forman((i * 5) % 12, (j * 5) % 12)).epsilon(1e-9));
      }
    }
  }

  TEST_CASE("flow: keeps the sum of lengths, and a bridge between two groups becomes the longest edge") {
    const Matrix w = two_groups(5);
    const FlowResult flow = ricci_flow(w);
    CHECK(sum_of(flow.lengths) / 2 == doctest::Approx(21).epsilon(1e-12));
    CHECK(flow.lengths(0, 5) == *std::max_element(flow.lengths.begin(), flow.lengths.end()));
    CHECK(flow.left_out.empty());
    CHECK(ollivier_ricci(w).edges(0, 5) < 0);
  }

  TEST_CASE("flow: what hangs apart is left out and named") {
    Matrix w({6, 6});
    put(triangle(), w.view().slice(0, 0, 3).slice(1, 0, 3));
    w(3, 4) = w(4, 3) = 2;
    const FlowResult flow = ricci_flow(w);
    CHECK(flow.left_out == std::vector<std::int64_t>{3, 4, 5});
    CHECK(flow.lengths(3, 4) == 0);
    CHECK(refuses("node 5 is isolated", [&] { (void)ollivier_ricci(w); }));
    CHECK(refuses("step", [&] { (void)ricci_flow(w, {.step = 1.5}); }));
    w(0, 1) = 3;
    CHECK(refuses("symmetric", [&] { (void)ricci_flow(w); }));
    w(0, 1) = w(1, 0) = -1;
    CHECK(refuses("negative", [&] { (void)forman_ricci(w); }));
  }

  TEST_CASE("eigenmap: two far groups are told apart by the first coordinate") {
    Matrix points = noise(16, 4);
    for (std::int64_t i = 8; i < 16; ++i) points(i, 2) += 12;
    const Eigenmap map = laplacian_eigenmap(points, 4, 2);
    CHECK(std::abs(map.eigenvalues.front()) <= 1e-12);
    CHECK(map.eigenvalues[1] > 0);
    for (std::int64_t i = 0; i < 8; ++i) CHECK(map.embedding(i, 0) * map.embedding(i + 8, 0) < 0);
    CHECK(refuses("neighbours", [&] { (void)laplacian_eigenmap(points, 16, 2); }));
    CHECK(refuses("components", [&] { (void)laplacian_eigenmap(points, 4, 16); }));
    for (std::int64_t d = 0; d < 4; ++d) points(3, d) = points(2, d);
    CHECK(refuses("identical", [&] { (void)laplacian_eigenmap(points, 4, 2); }));
  }

  TEST_CASE("mixing: the ratio of powers is the one asked for, twice as many decibels by the other rule") {
    const Matrix eeg = noise(2, 400, 3, 1), hiss = noise(2, 400, 0.2, 2);
    const std::vector<double> snr_db{4, -6};
    for (const SnrRule rule : {SnrRule::power, SnrRule::eegdenoisenet}) {
      const Mixture mixture = mix_at_snr(eeg, hiss, snr_db, rule);
      for (std::int64_t n = 0; n < 2; ++n) {
        double signal = 0, rest = 0, mean = 0, square = 0;
        for (std::int64_t t = 0; t < 400; ++t) {
          const double added = mixture.noisy(n, t) - mixture.clean(n, t);
          signal += mixture.clean(n, t) * mixture.clean(n, t);
          rest += added * added;
          mean += mixture.noisy(n, t) / 400;
          square += mixture.noisy(n, t) * mixture.noisy(n, t) / 400;
        }
        const double factor = rule == SnrRule::power ? 1 : 2;
        CHECK(10 * std::log10(signal / rest) == doctest::Approx(factor * snr_db[static_cast<std::size_t>(n)]));
        CHECK(square - mean * mean == doctest::Approx(1).epsilon(1e-10));
      }
    }
    const DenoisingMetrics perfect = denoising_metrics(eeg, eeg);
    CHECK(perfect.rrmse_time[1] == 0);
    CHECK(perfect.correlation[1] == doctest::Approx(1));
    CHECK(refuses("flat", [&] { (void)denoising_metrics(eeg, Matrix({2, 400})); }));
    CHECK(refuses("shape", [&] { (void)mix_at_snr(eeg, noise(2, 399), snr_db); }));
  }
}

}  // namespace caton
