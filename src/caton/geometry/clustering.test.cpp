// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/clustering.hpp"

#include "caton/geometry/rank.hpp"
#include "geometry_test.hpp"

namespace caton {

using testing::refuses;

TEST_SUITE("geometry") {
  TEST_CASE("k-means: two kinds of matrices are told apart, numbered by their first members, the same each time") {
    Matrices c = testing::spd_set(20, 4);
    for (std::int64_t n = 0; n < 20; n += 3) {
      for (std::int64_t k = 0; k < 4; ++k) c(n, 1, k) *= 20;
      for (std::int64_t k = 0; k < 4; ++k) c(n, k, 1) *= 20;
    }
    const Kmeans found = spd_kmeans(c);
    for (std::int64_t n = 0; n < 20; ++n) CHECK(found.label[static_cast<std::size_t>(n)] == (n % 3 == 0 ? 0 : 1));
    const Kmeans again = spd_kmeans(c);
    CHECK(testing::largest_difference(found.centres, again.centres) == 0);
    CHECK(spd_kmeans(c, {.clusters = 20}).inertia <= 1e-6);
    CHECK(found.inertia < spd_kmeans(c, {.clusters = 1}).inertia);
    CHECK(refuses("clusters", [&] { (void)spd_kmeans(c, {.clusters = 21}); }));
    CHECK(refuses("metric", [&] { (void)spd_kmeans(c, {.metric = Metric::alm}); }));
  }

  TEST_CASE("rank: what an average reference takes away is told with its remedies") {
    Matrices c = testing::spd_set(3, 4);
    CHECK(!rank_finding("trials", c));
    Matrix centring({4, 4}, -0.25);
    for (std::int64_t k = 0; k < 4; ++k) centring(k, k) += 1;
    const auto finding = rank_finding("trials", congruence(centring, c));
    REQUIRE(finding.has_value());
    CHECK(finding->what.find("3 of 3") != std::string::npos);
    CHECK(finding->what.find("3 of 4") != std::string::npos);
    CHECK(finding->what.find("oas") != std::string::npos);
  }
}

}  // namespace caton
