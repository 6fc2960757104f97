// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/embedding_search.hpp"
#include "geometry_test.hpp"

#include <cmath>
#include <limits>
#include <numeric>

namespace caton {

using testing::refuses;

namespace {

std::vector<double> values_of(const Matrix& row) { return {row.begin(), row.end()}; }

}  // namespace

TEST_SUITE("geometry") {
  TEST_CASE("mutual information: all of it at delay 0, none between noise and its past") {
    const auto x = values_of(testing::noise(1, 4000));
    const auto result = self_mutual_information(x, {0, 30});
    CHECK(std::accumulate(result.bins.begin(), result.bins.end(), std::int64_t{0}) == 3970);
    double entropy = 0;
    for (const std::int64_t count : result.bins) {
      const double share = static_cast<double>(count) / 3970;
      entropy -= share * std::log2(share);
    }
    CHECK(result.mi.front() == doctest::Approx(entropy).epsilon(1e-10));
    for (std::size_t k = 1; k < result.mi.size(); ++k) CHECK(result.mi[k] < 0.3 * entropy);
    CHECK(refuses("delays", [&] { (void)self_mutual_information(x, {5, 4}); }));
    CHECK(refuses("samples", [&] { (void)self_mutual_information(x, {1, 3995}); }));
  }

  TEST_CASE("embedding delay: where the mutual information stops falling") {
    Matrix x = testing::sine(700, 1, 80), hiss = testing::noise(1, 700, 0.1);
    for (std::int64_t t = 0; t < 700; ++t) x(0, t) += hiss(0, t);
    const auto series = values_of(x);
    const auto mi = self_mutual_information(series, {1, 100}).mi;
    const auto place = static_cast<std::size_t>(embedding_delay(series) - 1);
    REQUIRE(place + 1 < mi.size());
    CHECK(place > 1);
    for (std::size_t k = 0; k < place; ++k) CHECK(mi[k + 1] < mi[k]);
    CHECK(mi[place + 1] >= mi[place]);
    CHECK(embedding_delay(series, {1, 2}) == 2);
  }

  TEST_CASE("nearest neighbours keep the distance in time that is asked for") {
    const Matrix rows = testing::noise(50, 2);
    const Neighbours near = nearest_neighbours(rows, 6);
    for (std::int64_t i = 0; i < 50; ++i) CHECK(std::abs(near.index[static_cast<std::size_t>(i)] - i) > 6);
    CHECK(refuses("theiler", [&] { (void)nearest_neighbours(rows, 25); }));
  }

  TEST_CASE("nearest neighbours: the first of the nearest, as looking at every pair finds it") {
    for (const std::int64_t count : {9, 40, 67}) {
      Matrix rows = testing::noise(count, 3);
      for (double& value : rows) value = std::nearbyint(1.5 * value);  // many distances are equal, some are zero
      for (const std::int64_t theiler : {0, 3}) {
        const Neighbours near = nearest_neighbours(rows, theiler);
        for (std::int64_t i = 0; i < count; ++i) {
          std::int64_t wanted = -1;
          double best = std::numeric_limits<double>::infinity();
          for (std::int64_t j = 0; j < count; ++j) {
            double square = 0;
            for (std::int64_t d = 0; d < 3; ++d) square += (rows(i, d) - rows(j, d)) * (rows(i, d) - rows(j, d));
            if (std::abs(i - j) <= theiler || square >= best) continue;
            best = square;
            wanted = j;
          }
          CHECK(near.index[static_cast<std::size_t>(i)] == wanted);
          CHECK(near.distance[static_cast<std::size_t>(i)] == std::sqrt(best));
        }
      }
    }
  }

  TEST_CASE("Cao: a noisy wave needs few dimensions more than the noise") {
    Matrix wave = testing::sine(500, 1.37, 40), hiss = testing::noise(1, 500);
    for (std::int64_t t = 0; t < 500; ++t) wave(0, t) += 0.02 * hiss(0, t);
    const auto calm = false_nearest_cao(values_of(wave), 7, 1, 4), wild = false_nearest_cao(values_of(hiss), 7, 1, 4);
    CHECK(calm[1] > wild[1]);
    CHECK(refuses("samples", [&] { (void)false_nearest_cao(values_of(hiss), 200, 1, 4); }));
    CHECK(refuses("identical", [] { (void)false_nearest_cao(std::vector<double>(60, 1.0), 2, 1, 2); }));
  }

  TEST_CASE("Cao: repeated values take the nearest point that is not the same") {
    // 1, 2, 4 over and over, one value apart: in one dimension every point has equals, and the distances are known.
    std::vector<double> series;
    for (int k = 0; k < 20; ++k) series.insert(series.end(), {1.0, 2.0, 4.0});
    const auto growth = [&](std::size_t places) {
      double sum = 0;
      for (std::size_t i = 0; i < places; ++i) {
        double best = 1e300, after = 0;
        for (std::size_t j = 0; j < places; ++j) {
          const double distance = std::abs(series[i] - series[j]);
          if (distance == 0 || distance >= best) continue;
          best = distance;
          after = std::hypot(distance, series[i + 1] - series[j + 1]);
        }
        sum += after / best;
      }
      return sum / static_cast<double>(places - 1);
    };
    series.push_back(3.0);
    const auto e1 = false_nearest_cao(series, 1, 1, 1);
    CHECK(std::isfinite(e1[0]));
    double second = 0;
    const std::size_t places = series.size() - 2;
    for (std::size_t i = 0; i < places; ++i) {
      double best = 1e300, after = 0;
      for (std::size_t j = 0; j < places; ++j) {
        const double distance = std::hypot(series[i] - series[j], series[i + 1] - series[j + 1]);
        if (distance == 0 || distance >= best) continue;
        best = distance;
        after = std::hypot(distance, series[i + 2] - series[j + 2]);
      }
      second += after / best;
    }
    CHECK(e1[0] == doctest::Approx(second / static_cast<double>(places - 1) / growth(series.size() - 1)));
  }

  TEST_CASE("aFNN: coarse values and a flat channel still give an order and a lag, and the flat one changes nothing") {
    Array<double, 3> trials({2, 3, 330});
    const Matrix hiss = testing::noise(4, 330);
    for (std::int64_t n = 0; n < 2; ++n) {
      for (std::int64_t t = 0; t < 330; ++t) {
        trials(n, 0, t) = std::round(4 * std::sin(0.21 * static_cast<double>(t)) + 2 * hiss(n, t));
        trials(n, 1, t) = std::round(3 * std::sin(0.34 * static_cast<double>(t)) + 2 * hiss(n + 2, t));
      }
    }
    const OrderLag found = acm_order_lag(trials, OrderLagMethod::afnn);
    const OrderLag without = acm_order_lag(trials.view().slice(1, 0, 2), OrderLagMethod::afnn);
    CHECK(found.order == without.order);
    CHECK(found.lag == without.lag);
    CHECK(found.order >= 2);
    CHECK(found.order <= 30);
    CHECK(found.lag >= 2);
    CHECK(found.lag <= 29);
    CHECK(refuses("flat", [] { (void)acm_order_lag(Array<double, 3>({1, 2, 330}), OrderLagMethod::afnn); }));
  }

  TEST_CASE("MDOP: the published form drops the last delay, the corrected one keeps it") {
    Matrix x({2, 220});
    const Matrix wave = testing::sine(220, 1.1, 30), hiss = testing::noise(2, 220, 0.1);
    for (std::int64_t t = 0; t < 220; ++t) {
      x(0, t) = wave(0, t) + hiss(0, t);
      x(1, t) = wave(0, (t * 3) % 220) + hiss(1, t);
    }
    const Mdop published = mdop_embedding(x, {.theiler = 3}),
               kept = mdop_embedding(x, {.theiler = 3, .corrected = true});
    CHECK(published.delays.size() == published.fnn.size());
    CHECK(kept.delays.size() == kept.fnn.size() + 1);
    CHECK(published.delays.front() == 0);
    CHECK(published.beta_first.extents() == Matrix::Extents{2, 51});
    CHECK(refuses("flat", [] { (void)mdop_embedding(Matrix({2, 100}), {}); }));
    CHECK(refuses("samples", [&] { (void)acm_order_lag(as_set(x.view().slice(1, 0, 90))); }));
  }
}

}  // namespace caton
