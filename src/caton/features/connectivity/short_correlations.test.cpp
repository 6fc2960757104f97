// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/short_correlations.hpp"
#include "caton/base/random.hpp"
#include "signal_test.hpp"

namespace caton {

namespace {

TEST_SUITE("features") {
  TEST_CASE("short_correlations: the sums themselves, of any stretch, whatever lies around it") {
    Matrix raw({13, 900}, uninitialised);
    RandomStream random(9, "short correlations test");
    for (double& value : raw) value = 0.5 + random.normal();
    const TimeMajor x(raw);
    for (const std::int64_t lags : {1, 3, 6, 7, 14}) {
      for (const auto& [first, last] :
           {std::pair<std::int64_t, std::int64_t>{lags, 900}, {100, 101}, {50, 60}, {20, 20 + 52}, {317, 870}}) {
        const Matrix sums = short_correlations(x, first, last, lags);
        REQUIRE(sums.extent(1) == (lags + 1) * x.width());
        for (std::int64_t lag = 0; lag <= lags; ++lag) {
          for (std::int64_t i = 0; i < 13; ++i) {
            for (std::int64_t j = 0; j < x.width(); ++j) {
              double wanted = 0;
              for (std::int64_t n = first; n < last && j < 13; ++n) wanted += raw(i, n) * raw(j, n - lag);
              CHECK(sums(i, lag * x.width() + j) == doctest::Approx(wanted).epsilon(1e-12).scale(1000));
            }
            if (lag == 0) CHECK(sums(i, 0) == sums(0, i));
          }
        }
      }
    }
  }

  TEST_CASE("short_correlations: what is zero stays zero") {
    Matrix raw({12, 400});
    for (std::int64_t t = 0; t < 400; ++t) raw(3, t) = 1 + static_cast<double>(t % 7);
    const Matrix sums = short_correlations(TimeMajor(raw), 6, 400, 6);
    for (std::int64_t i = 0; i < 12; ++i) {
      for (std::int64_t k = 0; k < sums.extent(1); ++k) {
        if (i != 3 || k % 16 != 3) CHECK(sums(i, k) == 0);
      }
    }
  }
}

}  // namespace

}  // namespace caton
