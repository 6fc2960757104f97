// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "own_cases.hpp"
#include "signal_test.hpp"

namespace caton {

TEST_SUITE("geometry") {
  TEST_CASE("geometry: golden cases") {
    for (const char* const name :
         {"acm-riemann/covariance-estimators", "acm-riemann/covariance-special", "acm-riemann/delay-embedding",
          "acm-riemann/embedding-parameters", "acm-riemann/spd-functions", "acm-riemann/spd-distances",
          "acm-riemann/spd-means", "acm-riemann/spd-geodesic-tangent", "geometric-eeg/curvature-flow",
          "geometric-eeg/eigenmap-mixing"})
      testing::replay_case(name);
  }

  TEST_CASE("geometry: own cases") {
    testing::replay_own_cases(
        "acm-riemann", {"covariance", "erp-covariance", "spd", "means", "means-harmonic", "embedding", "time-delays"});
    testing::replay_own_cases("geometric-eeg", {"graphs", "forman"});
  }
}

}  // namespace caton
