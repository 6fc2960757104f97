// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/nonuniform_fft.hpp"

#include "signal_test.hpp"

#include <numbers>

namespace caton {

TEST_SUITE("signal") {
  TEST_CASE("nonuniform transform: the direct sums at any frequencies, of both signals of a pair") {
    const std::vector<double> frequencies{0, 0.001, 0.0321, 0.1, 0.25, 0.3337, 0.499, 0.5, 0.7};
    for (const std::int64_t samples : {1, 2, 31, 250, 251, 300, 1000}) {
      CAPTURE(samples);
      const NonuniformFft plan(samples, frequencies);
      const Matrix rows = testing::noise(2, samples * 8);
      const std::int64_t count = plan.frequencies() * 16;
      Vector memory({plan.memory()}, 1e300), of_a({count}), of_b({count});
      plan.transform(rows[0].data(), rows[1].data(), memory.data(), of_a.data(), of_b.data());
      double largest = 0;
      for (std::int64_t f = 0; f < plan.frequencies(); ++f) {
        for (std::int64_t lane = 0; lane < 8; ++lane) {
          for (std::int64_t part = 0; part < 2; ++part) {
            long double even = 0, odd = 0;
            for (std::int64_t t = 0; t < samples; ++t) {
              const long double angle = 2 * std::numbers::pi_v<long double> *
                                        static_cast<long double>(frequencies[static_cast<std::size_t>(f)]) *
                                        (static_cast<long double>(t) - static_cast<long double>(samples - 1) / 2);
              even += rows(part, t * 8 + lane) * std::cos(angle);
              odd += rows(part, t * 8 + lane) * std::sin(angle);
            }
            const double* const found = (part == 0 ? of_a : of_b).data() + f * 16 + lane;
            largest = std::max({largest, std::abs(found[0] - static_cast<double>(even)),
                                std::abs(found[8] - static_cast<double>(odd))});
          }
        }
      }
      CHECK(largest < 1e-13 * static_cast<double>(samples));
    }
    CHECK(testing::says(testing::error_of([] { (void)NonuniformFft(0, {0.1}); }), "empty"));
    CHECK_FALSE(NonuniformFft(250, frequencies).pays());
    CHECK(NonuniformFft(250, std::vector<double>(100, 0.1)).pays());
  }
}

}  // namespace caton
