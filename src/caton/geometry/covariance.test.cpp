// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/covariance.hpp"

#include "caton/geometry/covariance_forms.hpp"
#include "caton/geometry/delay_embedding.hpp"
#include "geometry_test.hpp"

#include <limits>

namespace caton {

using testing::largest_difference;
using testing::refuses;

namespace {

Array<double, 3> epochs(std::int64_t trials, std::int64_t channels, std::int64_t samples) {
  Array<double, 3> x({trials, channels, samples}, uninitialised);
  for (std::int64_t n = 0; n < trials; ++n)
    put(testing::noise(channels, samples, 10, 3 + static_cast<std::uint64_t>(n)), x[n]);
  return x;
}

const std::vector<Estimator> every_estimator{Estimator::scm, Estimator::cov, Estimator::corr,
                                             Estimator::lwf, Estimator::oas, Estimator::sch,
                                             Estimator::hub, Estimator::stu, Estimator::tyl};

}  // namespace

TEST_SUITE("geometry") {
  TEST_CASE("covariance: an offset of a channel changes nothing, a scale goes in by its square") {
    const auto x = epochs(2, 4, 90);
    Array<double, 3> shifted = x, doubled = x;
    for (double& value : doubled) value *= 2;
    for (std::int64_t n = 0; n < 2; ++n) {
      for (std::int64_t t = 0; t < 90; ++t) shifted(n, 1, t) += 1000;
    }
    for (const Estimator estimator : every_estimator) {
      CAPTURE(estimator_name(estimator));
      const CovarianceOptions options{.estimator = estimator, .tol = 1e-10, .n_iter_max = 500};
      const Matrices c = covariances(x, options);
      CHECK(largest_difference(c, covariances(shifted, options)) <= 1e-8 * frobenius_norm(c.view()[0]));
      const bool scale_free = estimator == Estimator::corr || estimator == Estimator::tyl;
      Matrices wanted = c;
      for (double& value : wanted) value *= scale_free ? 1 : 4;
      CHECK(largest_difference(covariances(doubled, options), wanted) <= 1e-9 * frobenius_norm(wanted.view()[0]));
      CHECK(largest_difference(c.view()[1], c.view()[1].transposed()) == 0);
    }
  }

  TEST_CASE("covariance: equal weights are no weights, a weight of 0 removes its sample") {
    const Matrix x = testing::noise(3, 40);
    const CovarianceOptions scm;
    CHECK(largest_difference(covariance(x, scm), covariance(x, scm, std::vector<double>(40, 2.5))) <= 1e-14);
    std::vector<double> weights(40, 1);
    weights.back() = 0;
    CHECK(largest_difference(covariance(x.view().slice(1, 0, 39), scm), covariance(x, scm, weights)) <= 1e-14);
  }

  TEST_CASE("covariance: robust estimators forget an outlier that the plain one follows") {
    Matrix x = testing::noise(3, 300);
    const Matrix clean = covariance(x);
    x(0, 7) = x(1, 7) = 300;
    for (const Estimator estimator : {Estimator::hub, Estimator::stu}) {
      const Matrix robust = covariance(x, {.estimator = estimator, .tol = 1e-8, .n_iter_max = 200});
      CHECK(std::abs(robust(0, 1)) < 0.02 * covariance(x)(0, 1));
    }
    CHECK(covariance(x)(0, 1) > 100 * std::abs(clean(0, 1)));
    const Matrix tyler = covariance(x, {.estimator = Estimator::tyl});
    CHECK(trace(tyler) == doctest::Approx(3));
  }

  TEST_CASE("covariance: shrinkage makes few samples positive definite") {
    const Matrix x = testing::noise(8, 5);
    CHECK(ranks(as_set(covariance(x))).front() == 4);
    for (const Estimator estimator : {Estimator::lwf, Estimator::oas, Estimator::sch})
      CHECK(ranks(as_set(covariance(x, {.estimator = estimator}))).front() == 8);
  }

  TEST_CASE("covariance: what cannot be estimated is refused by its name") {
    Array<double, 3> x = epochs(2, 3, 20);
    CHECK(refuses("estimator", [] { (void)estimator_named("here", "nonesuch"); }));
    CHECK(refuses("weights", [&] { (void)covariances(x, {}, std::vector<double>(20, -1)); }));
    CHECK(refuses("weights", [&] { (void)covariances(x, {.estimator = Estimator::oas}, std::vector<double>(20, 1)); }));
    CHECK(refuses("samples", [&] { (void)covariances(x.view().slice(2, 0, 1), {.estimator = Estimator::cov}); }));
    CHECK(refuses("q must", [&] { (void)covariances(x, {.estimator = Estimator::hub, .q = 0}); }));
    for (std::int64_t t = 0; t < 20; ++t) x(1, 2, t) = 4;
    CHECK(refuses("channel 2 is flat", [&] { (void)covariances(x, {.estimator = Estimator::sch}); }));
    CHECK(refuses("channel 2 is flat", [&] { (void)covariances(x, {.estimator = Estimator::corr}); }));
    x(1, 0, 13) = std::numeric_limits<double>::infinity();
    CHECK(refuses("trial 1, channel 0 is not finite at sample 13", [&] { (void)covariances(x); }));
  }

  TEST_CASE("covariance: blocks, circular delays, mixing with the identity") {
    const auto x = epochs(3, 4, 50);
    const Matrices all = covariances(x), blocks = covariance_block(x, {1, 3});
    CHECK(blocks(1, 0, 0) == doctest::Approx(all(1, 0, 0)));
    CHECK(blocks(1, 2, 3) == doctest::Approx(all(1, 2, 3)));
    CHECK(blocks(1, 0, 2) == 0);
    CHECK(refuses("blocks", [&] { (void)covariance_block(x, {2, 3}); }));
    CHECK(refuses("blocks", [&] { (void)covariance_block(x, {4, 0}); }));
    const Matrices delayed = covariance_time_delay(x, {50});
    CHECK(largest_difference(delayed.view()[0].slice(0, 4, 4).slice(1, 0, 4), all.view()[0]) <= 1e-12);
    // In a circle of 50 samples a delay of 53, or of -47, is one of 3.
    CHECK(largest_difference(covariance_time_delay(x, {53, -47}), covariance_time_delay(x, {3, 3})) == 0);
    CHECK(largest_difference(covariance_shrink(all, 0), all) == 0);
    CHECK(covariance_shrink(all, 1)(2, 0, 1) == 0);
    CHECK(refuses("shrinkage", [&] { (void)covariance_shrink(all, 1.5); }));
    CHECK(trace(spd_normalize(all, MatrixNorm::trace).view()[1]) == doctest::Approx(1));
    CHECK(spd_normalize(all, MatrixNorm::corr)(1, 3, 3) == 1);
  }

  TEST_CASE("delay embedding: blocks are the signal, shifted") {
    const auto x = epochs(2, 3, 30);
    const auto y = delay_embedding(x, 3, 4);
    REQUIRE(y.extents() == Array<double, 3>::Extents{2, 9, 18});
    for (std::int64_t p = 0; p < 3; ++p) CHECK(y(1, 3 * p + 2, 17) == x(1, 2, 17 + 4 * p));
    CHECK(delay_embedding(x, 1, 7).extents() == x.extents());
    CHECK(refuses("samples", [&] { (void)delay_embedding(x, 3, 10); }));
    CHECK(refuses("samples", [&] { (void)delay_embedding(x, 2, std::numeric_limits<std::int64_t>::max()); }));
    CHECK(refuses("order", [&] { (void)delay_embedding(x, 0, 1); }));
    CHECK(refuses("lag", [&] { (void)delay_embedding(x, 2, 0); }));
  }
}

}  // namespace caton
