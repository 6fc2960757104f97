// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/ica.hpp"
#include "caton/base/lane_math.hpp"
#include "caton/signal/cleaning/component_scores.hpp"
#include "caton/signal/cleaning/whitening.hpp"
#include "cleaning.test.hpp"

#include <array>

namespace caton {

using testing::amari_distance;
using testing::error_of;
using testing::noise;
using testing::says;

namespace {

/// Unmixing of the mixed sources by whitening and a rotation found on the whitened samples.
Matrix through_whitening(Signal x, std::int64_t components, const auto& rotation_of) {
  const Whitening whitening = pca_whitening("test", x, components);
  return product(rotation_of(whitened(whitening, x)), whitening.matrix);
}

const Matrix& scaled_mixing() {
  static const Matrix mixing = [] {
    Matrix m = testing::mixing_matrix(4);
    for (double& value : m) value *= 1e-5;
    return m;
  }();
  return mixing;
}

}  // namespace

TEST_SUITE("signal") {
  TEST_CASE("lanes: exp and log1p are those of the library") {
    for (double x = -700; x <= 700; x += 0.37) {
      std::array<double, 8> values;
      for (std::size_t i = 0; i < 8; ++i) values[i] = x + 0.01 * static_cast<double>(i);
      Lanes lanes;
      load_lanes(lanes, values.data());
      exp_lanes(lanes);
      for (std::size_t i = 0; i < 8; ++i) CHECK(lanes[i] == doctest::Approx(std::exp(values[i])).epsilon(1e-15));
      for (std::size_t i = 0; i < 8; ++i) values[i] = std::abs(values[i]) / 800;
      load_lanes(lanes, values.data());
      log1p_lanes(lanes);
      for (std::size_t i = 0; i < 8; ++i) CHECK(std::abs(lanes[i] - std::log1p(values[i])) < 4e-16);
    }
    std::vector<double> y{-30, -2, -1e-9, 0, 1e-9, 0.5, 2, 1e300};
    const std::vector<double> from = y;
    tanh_in_place(y.data(), 8);
    for (std::size_t i = 0; i < 8; ++i) CHECK(std::abs(y[i] - std::tanh(from[i])) < 4e-16);
  }

  TEST_CASE("whitening: unit covariance, and the covariance's path agrees with the samples'") {
    const Matrix x = testing::mixed_sources(6, 1301);
    const Whitening whitening = pca_whitening("test", x, 5);
    const Matrix white = whitened(whitening, x).signal();
    const Matrix covariance = product_transposed(white, white);
    for (std::int64_t i = 0; i < 5; ++i) {
      for (std::int64_t j = 0; j < 5; ++j) CHECK(covariance(i, j) / 1301 == doctest::Approx(i == j).epsilon(1e-9));
    }
    Matrix uneven(x);
    for (std::int64_t t = 0; t < x.extent(1); ++t) uneven(5, t) *= 1e-6;
    const Whitening wide = pca_whitening("test", uneven, 6);
    const Matrix even = whitened(wide, uneven).signal();
    const Matrix unit = product_transposed(even, even);
    for (std::int64_t i = 0; i < 6; ++i) {
      for (std::int64_t j = 0; j < 6; ++j) CHECK(std::abs(unit(i, j) / 1301 - (i == j)) < 1e-9);
    }
    Matrix dependent(x);
    for (std::int64_t t = 0; t < x.extent(1); ++t) dependent(5, t) = dependent(0, t) - dependent(1, t);
    CHECK(rank_of_signal(dependent) == 5);
    CHECK(says(error_of([&] { (void)pca_whitening("test", dependent, 6); }), "rank"));
    CHECK(says(error_of([&] { (void)pca_whitening("test", x, 7); }), "components"));
  }

  TEST_CASE("ica: every method finds the sources again") {
    const Matrix x = testing::mixed_sources(4, 20000);
    const Signal mixing = scaled_mixing();
    for (const Contrast function : {Contrast::log_cosh, Contrast::exp, Contrast::cube}) {
      const IcaResult result = ica_fastica(x, {.components = 4, .function = function, .tolerance = 1e-8});
      CHECK(amari_distance(result.unmixing, mixing) < 0.05);
      CHECK(result.findings.empty());
    }
    CHECK(amari_distance(ica_fastica(x, {.components = 4, .algorithm = FastIcaAlgorithm::deflation}).unmixing, mixing) <
          0.06);
    for (const bool orthogonal : {true, false}) {
      const Matrix unmixing = through_whitening(x, 4, [&](const Tiles& white) {
        return ica_picard(white, {.orthogonal = orthogonal, .extended = true}).unmixing;
      });
      CHECK(amari_distance(unmixing, mixing) < 0.03);
    }
    const Matrix unmixing = through_whitening(x, 4, [](const Tiles& white) {
      return ica_infomax(testing::transposed(white.signal()), {.max_iterations = 60}).unmixing;
    });
    CHECK(amari_distance(unmixing, mixing) < 0.05);
  }

  TEST_CASE("ica: sources have variance 1 and are what the unmixing gives; no convergence is told") {
    const Matrix x = testing::mixed_sources(4, 3000);
    const IcaResult result = ica_fastica(x, {.components = 3, .max_iterations = 2, .tolerance = 1e-12});
    CHECK(result.iterations == 2);
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].code == "ica/not-converged");
    Matrix centred(x);
    for (std::int64_t c = 0; c < 4; ++c) {
      for (std::int64_t t = 0; t < 3000; ++t) centred(c, t) -= result.mean[static_cast<std::size_t>(c)];
    }
    CHECK(testing::largest_difference(product(result.unmixing, centred), result.sources) < 1e-9);
    for (std::int64_t k = 0; k < 3; ++k) {
      double power = 0;
      for (std::int64_t t = 0; t < 3000; ++t) power += result.sources(k, t) * result.sources(k, t);
      CHECK(power / 3000 == doctest::Approx(1).epsilon(1e-9));
    }
  }

  TEST_CASE("ica_remove: nothing taken away changes nothing; what is taken away is gone, the rest untouched") {
    const Matrix x = testing::mixed_sources(4, 2000);
    const IcaResult ica = ica_fastica(x, {.components = 3});
    CHECK(testing::largest_difference(ica_remove(x, ica.unmixing, ica.mixing, ica.mean, {}), x) < 1e-18);
    const Matrix y = ica_remove(x, ica.unmixing, ica.mixing, ica.mean, {1, 1});
    Matrix centred(y);
    for (std::int64_t c = 0; c < 4; ++c) {
      for (std::int64_t t = 0; t < 2000; ++t) centred(c, t) -= ica.mean[static_cast<std::size_t>(c)];
    }
    const Matrix sources = product(ica.unmixing, centred);
    for (std::int64_t t = 0; t < 2000; ++t) {
      CHECK(std::abs(sources(1, t)) < 1e-9);
      CHECK(sources(0, t) == doctest::Approx(ica.sources(0, t)).epsilon(1e-6));
    }
    CHECK(rank_of_signal(y) == 3);
    CHECK(says(error_of([&] { (void)ica_remove(x, ica.unmixing, ica.mixing, ica.mean, {3}); }), "component"));
    CHECK(says(error_of([&] { (void)ica_remove(x, ica.mixing, ica.mixing, ica.mean, {0}); }), "shape"));
  }

  TEST_CASE("ica_score_eog: the source that is in the eye channel stands out") {
    Matrix sources = noise(12, 3000, 1, 41), eog = noise(1, 3000, 1e-5, 42);
    for (std::int64_t t = 0; t < 3000; ++t) {
      sources(7, t) = t % 500 < 40 ? std::sin(0.08 * static_cast<double>(t % 500)) * 8 : 0.05 * sources(7, t);
      eog(0, t) -= sources(7, t) * 2e-5;
    }
    const EogScores scores = ica_score_eog(sources, eog, {.rate_hz = 100});
    CHECK(scores.bad == std::vector<std::int64_t>{7});
    CHECK(scores.scores(0, 7) < -0.9);
    CHECK(outliers({0, 0, 0, 0}, 3).empty());
    CHECK(pearson(noise(1, 50, 0).view()[0], noise(1, 50).view()[0]) == 0);
  }

  TEST_CASE("ica: bad arguments are refused by name") {
    const Matrix x = testing::mixed_sources(3, 500);
    CHECK(says(error_of([&] { (void)ica_fastica(x, {.components = 3, .alpha = 3}); }), "alpha"));
    CHECK(says(error_of([&] { (void)ica_fastica(x, {.components = 3, .max_iterations = 0}); }), "max_iterations"));
    CHECK(says(error_of([&] { (void)ica_fastica(x, {.components = 3, .tolerance = 0}); }), "tolerance"));
    CHECK(says(error_of([&] { (void)ica_fastica(x, {.components = 3}, Matrix({3, 3})); }), "rank"));
    const Matrix white = testing::transposed(testing::sources(3, 100));
    CHECK(says(error_of([&] { (void)ica_infomax(white, {.block = 101}); }), "block"));
    CHECK(says(error_of([&] { (void)ica_infomax(white, {.subgaussian = 4}); }), "subgaussian"));
    Array<std::int64_t, 2> order({2, 100}, 100);
    CHECK(says(error_of([&] { (void)ica_infomax(white, {.max_iterations = 2}, order); }), "permutations"));
  }
}

}  // namespace caton
