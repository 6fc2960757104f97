// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/distance.hpp"
#include "caton/geometry/geodesic.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/median.hpp"
#include "caton/geometry/nearest.hpp"
#include "caton/geometry/tangent.hpp"
#include "caton/geometry/transport.hpp"
#include "geometry_test.hpp"

#include <cmath>

namespace caton {

using testing::largest_difference;
using testing::refuses;
using testing::spd;
using testing::spd_set;

namespace {

/// w c wᵀ of every matrix.
Matrices moved(MatricesView c) { return congruence(testing::noise(c.extent(1), c.extent(1), 1, 77), c); }

bool symmetric(Metric metric) { return metric != Metric::kullback && metric != Metric::kullback_right; }

}  // namespace

TEST_SUITE("geometry") {
  TEST_CASE("distances: none to itself, the same both ways, pairs agree with single ones") {
    const Matrices a = spd_set(5, 6), b = spd_set(3, 6, 40);
    for (const Metric metric : distance_metrics()) {
      CAPTURE(metric_name(metric));
      for (const double self : spd_distance(a, a, metric, 0.5)) CHECK(std::abs(self) <= 1e-6);
      const Matrix pairs = spd_pairwise_distance(a, b, metric, false, 0.5);
      const Matrix back = spd_pairwise_distance(b, a, metric, false, 0.5);
      const Matrix squares = spd_pairwise_distance(a, b, metric, true, 0.5);
      for (std::int64_t j = 0; j < 3; ++j) {
        const auto single = spd_distance(a, as_set(b.view()[j]), metric, 0.5);
        for (std::int64_t i = 0; i < 5; ++i) {
          CHECK(pairs(i, j) > 0.01);
          CHECK(pairs(i, j) == doctest::Approx(single[static_cast<std::size_t>(i)]).epsilon(1e-12));
          CHECK(squares(i, j) == doctest::Approx(pairs(i, j) * pairs(i, j)).epsilon(1e-12));
          if (symmetric(metric)) CHECK(pairs(i, j) == doctest::Approx(back(j, i)).epsilon(1e-9));
        }
      }
    }
  }

  TEST_CASE("distances: riemann does not see an invertible mixing of the channels, euclid does") {
    const Matrices a = spd_set(4, 5), b = spd_set(4, 5, 20);
    for (const Metric metric : {Metric::riemann, Metric::thompson, Metric::kullback, Metric::logdet}) {
      const auto before = spd_distance(a, b, metric), after = spd_distance(moved(a), moved(b), metric);
      for (std::size_t n = 0; n < before.size(); ++n) CHECK(before[n] == doctest::Approx(after[n]).epsilon(1e-8));
    }
    CHECK(spd_distance(a, b, Metric::euclid)[0] !=
          doctest::Approx(spd_distance(moved(a), moved(b), Metric::euclid)[0]));
  }

  TEST_CASE("means: of one matrix itself, of equal ones the same, between the eigenvalues") {
    const Matrices one = spd_set(1, 4), set = spd_set(3, 4);
    Matrices equal({3, 4, 4}, uninitialised);
    for (std::int64_t n = 0; n < 3; ++n) put(one.view()[0], equal[n]);
    for (const Metric metric : mean_metrics()) {
      CAPTURE(metric_name(metric));
      const MeanOptions options{.metric = metric, .p = 0.4};
      CHECK(largest_difference(spd_mean(one, options), one.view()[0]) <= 1e-7);
      CHECK(largest_difference(spd_mean(equal, options), one.view()[0]) <= 1e-7);
      const Matrix values = eigenvalues(set), middle = eigenvalues(as_set(spd_mean(set, options)));
      double least = values(0, 0), most = values(0, 3);
      for (std::int64_t n = 0; n < 3; ++n) {
        least = std::min(least, values(n, 0));
        most = std::max(most, values(n, 3));
      }
      CHECK(middle(0, 0) >= least * 0.999);
      CHECK(middle(0, 3) <= most * 1.001);
    }
  }

  TEST_CASE("means: the Riemannian one moves with a mixing and has no gradient left") {
    const Matrices c = spd_set(9, 5);
    const Matrix mean = spd_mean(c);
    const Matrix w = testing::noise(5, 5, 1, 77);
    const Matrix wanted = product_transposed(product(w, mean), w);
    CHECK(largest_difference(spd_mean(congruence(w, c)), wanted) <= 1e-6 * frobenius_norm(wanted));
    const Matrix gradient = weighted_sum(log_map(c, mean), std::vector<double>(9, 1.0 / 9));
    CHECK(frobenius_norm(gradient) <= 1e-7);
    CHECK(largest_difference(spd_mean(c, Metric::riemann, std::vector<double>(9, 3)), mean) <= 1e-12);
  }

  TEST_CASE("means: a matrix without channels counts for the channels it has") {
    Matrices c = spd_set(6, 4);
    const Matrix whole = spd_mean(c);
    CHECK(largest_difference(spd_mean_missing(c), whole) <= 1e-6);
    for (std::int64_t k = 0; k < 4; ++k) c(2, 1, k) = c(2, k, 1) = std::nan("");
    const Matrix partly = spd_mean_missing(c);
    CHECK(largest_difference(partly, whole) > 1e-4);
    CHECK(eigenvalues(as_set(partly))(0, 0) > 0);
    CHECK(refuses("finite", [&] { (void)spd_mean(c); }));
    c(3, 0, 1) = std::nan("");
    CHECK(refuses("missing", [&] { (void)spd_mean_missing(c); }));
  }

  TEST_CASE("means: weights and sets that make none are refused") {
    const Matrices c = spd_set(3, 4);
    CHECK(refuses("alm", [] { (void)spd_mean(spd_set(7, 2), Metric::alm); }));
    CHECK(refuses("weights", [&] { (void)spd_mean(c, Metric::euclid, std::vector<double>{1, -1, 1}); }));
    CHECK(refuses("weights", [&] { (void)spd_mean(c, Metric::euclid, std::vector<double>{0, 0, 0}); }));
    CHECK(refuses("weights", [&] { (void)spd_mean(c, Metric::euclid, std::vector<double>{1, 1}); }));
    CHECK(refuses("empty", [] { (void)spd_mean(Matrices({0, 4, 4})); }));
    CHECK(refuses("metric", [&] { (void)spd_mean(c, Metric::kullback); }));
    Matrices deficient = c;
    put(scaled(product_transposed(testing::noise(4, 2), testing::noise(4, 2)), 1), deficient[1]);
    const std::function<void()> mean = [&] { (void)spd_mean(deficient, Metric::logeuclid); };
    CHECK(refuses("matrix 1 is not positive definite", mean));
    CHECK(refuses("rank 2 of 4", mean));
    CHECK(refuses("oas", mean));
  }

  TEST_CASE("medians: an outlier moves the mean, hardly the median") {
    Matrices c = spd_set(9, 4);
    const Matrix before = spd_median(c), euclid_before = spd_median(c, Metric::euclid), mean = spd_mean(c);
    for (std::int64_t k = 0; k < 4; ++k) c(0, k, k) += 1e4;
    const double moved_mean = spd_distance(as_set(spd_mean(c)), as_set(mean)).front();
    CHECK(spd_distance(as_set(spd_median(c)), as_set(before)).front() < 0.5 * moved_mean);
    CHECK(frobenius_norm(combination(1, spd_median(c, Metric::euclid), -1, euclid_before)) < 10);
  }

  TEST_CASE("geodesics: begin and end where they should, halfway is the mean of two") {
    const Matrix a = spd(5, 3), b = spd(5, 9);
    Matrices both({2, 5, 5}, uninitialised);
    put(a, both[0]);
    put(b, both[1]);
    for (const Metric metric : geodesic_metrics()) {
      CAPTURE(metric_name(metric));
      CHECK(largest_difference(spd_geodesic(a, b, 0, metric), a) <= 1e-11);
      CHECK(largest_difference(spd_geodesic(a, b, 1, metric), b) <= 1e-11);
      if (metric == Metric::thompson) continue;
      CHECK(largest_difference(spd_geodesic(a, b, 0.5, metric), spd_mean(both, metric)) <= 1e-7);
    }
    CHECK(refuses("shape", [&] { (void)spd_geodesic(a, spd(4)); }));
    CHECK(refuses("metric", [&] { (void)spd_geodesic(a, b, 0.5, Metric::harmonic); }));
  }

  TEST_CASE("tangent maps: exp undoes log, vectors keep the length, transport keeps inner products") {
    const Matrices c = spd_set(10, 5), ends = spd_set(2, 5, 60);
    const Signal from = ends.view()[0], to = ends.view()[1];
    for (const Metric metric : tangent_metrics()) {
      CAPTURE(metric_name(metric));
      const Matrices v = log_map(c, from, metric);
      CHECK(largest_difference(exp_map(v, from, metric), c) <= 1e-9);
      CHECK(largest_difference(untangent_space(tangent_space(c, from, metric), from, metric), c) <= 1e-9);
      if (metric == Metric::wasserstein || metric == Metric::logchol) continue;
      const Matrices u = metric == Metric::riemann ? congruence(roots_of("test", from).sqrt, v) : v;
      const auto distance = spd_distance(c, as_set(from), metric);
      for (std::size_t n = 0; n < distance.size(); ++n)
        CHECK(std::sqrt(inner_product(u, u, from, metric)[n]) == doctest::Approx(distance[n]).epsilon(1e-8));
    }
    const Matrices u = log_map(c, from, Metric::euclid), w = log_map(moved(c), from, Metric::euclid);
    for (const Metric metric : {Metric::euclid, Metric::logeuclid, Metric::riemann, Metric::logchol}) {
      CAPTURE(metric_name(metric));
      const auto before = inner_product(u, w, from, metric);
      const auto after =
          inner_product(parallel_transport(u, from, to, metric), parallel_transport(w, from, to, metric), to, metric);
      for (std::size_t n = 0; n < before.size(); ++n) CHECK(after[n] == doctest::Approx(before[n]).epsilon(1e-8));
    }
    CHECK(refuses("shape", [&] { (void)untangent_space(Matrix({2, 7}), from); }));
    CHECK(refuses("metric", [&] { (void)log_map(c, from, Metric::kullback); }));
  }

  TEST_CASE("kernels: the Gram matrix of tangent vectors") {
    const Matrices a = spd_set(4, 3);
    const Matrix reference = spd(3, 30), t = tangent_space(a, reference);
    const Matrix gram = spd_kernel(a, MatricesView(a), Signal(reference));
    CHECK(largest_difference(gram, product_transposed(t, t)) <= 1e-12);
    CHECK(spd_kernel(a, std::nullopt, Signal(reference))(2, 2) == doctest::Approx(gram(2, 2) + 1e-10).epsilon(1e-13));
  }

  TEST_CASE("functions: inverse pairs, and what they refuse") {
    const Matrices c = spd_set(11, 6);
    CHECK(largest_difference(spd_function(spd_function(c, SpdFunction::log), SpdFunction::exp), c) <= 1e-12);
    CHECK(largest_difference(spd_function(spd_function(c, SpdFunction::sqrt), SpdFunction::power, 2), c) <= 1e-12);
    const Matrix root = spd_function(c.view()[3], SpdFunction::invsqrt);
    CHECK(largest_difference(congruence(root, as_set(c.view()[3])).view()[0], identity(6)) <= 1e-12);
    CHECK(refuses("finite", [&] { (void)spd_function(scaled(c.view()[0], 1e4), SpdFunction::exp); }));
    Matrices skewed = c;
    skewed(4, 1, 0) += 1e-3;
    CHECK(refuses("matrix 4 is not symmetric", [&] { (void)spd_function(skewed, SpdFunction::exp); }));
    const Matrices near = spd_nearest(skewed);
    CHECK(eigenvalues(near)(4, 0) > 0);
    CHECK(largest_difference(near.view()[0], c.view()[0]) <= 1e-12);
    const auto length = mahalanobis(spd_function(c.view()[0], SpdFunction::sqrt), c.view()[0], {});
    for (const double one : length) CHECK(one == doctest::Approx(1).epsilon(1e-12));
  }
}

}  // namespace caton
