// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/centred_scatter.hpp"
#include "caton/geometry/covariance_kernels.hpp"
#include "geometry_test.hpp"

namespace caton {

TEST_SUITE("geometry") {
  TEST_CASE("covariance: the centred scatter is that of the centred signal, near 0 and far from it") {
    for (const double level : {0.0, 0.3, 1e6}) {
      Matrix x = testing::noise(6, 531, 1, 12);
      for (std::int64_t t = 0; t < 531; ++t) x(2, t) += level;
      const CentredScatter parts = centred_scatter(x);
      const Matrix wanted = scatter(centred(x));
      CHECK(parts.level == (level < 1));
      CHECK(testing::largest_difference(parts.scatter, wanted) < (level < 1 ? 1e-12 * 531 : 1e-6));
      CHECK(testing::largest_difference(parts.scatter, Matrix(parts.scatter.view().transposed())) == 0);
      double sum = 0;
      for (std::int64_t t = 0; t < 531; ++t) sum += x(2, t);
      CHECK(parts.sums[2] == doctest::Approx(sum).epsilon(1e-12));
    }
    CHECK_FALSE(centred_scatter(Matrix({2, 40}, 3.0)).level);
    CHECK(centred_scatter(Matrix({2, 40}, 0.0)).level);
  }
}

}  // namespace caton
