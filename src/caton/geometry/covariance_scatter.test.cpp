// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/covariance_kernels.hpp"
#include "caton/geometry/window_scatter.hpp"
#include "geometry_test.hpp"

#include <utility>

namespace caton {

using testing::largest_difference;
using testing::targets;

TEST_SUITE("geometry") {
  TEST_CASE("covariance sums: the same bits on every processor, and right for every length") {
    for (const std::int64_t samples : {1, 7, 8, 9, 512, 1001}) {
      for (const std::int64_t channels : {1, 3, 4, 9, 16, 24, 33, 70}) {
        const Matrix x = testing::noise(channels, samples);
        const Matrix plain = product_transposed(x, x);
        for (const Processor target : targets()) {
          const Matrix sum = scatter(x, target);
          CHECK(largest_difference(sum, scatter(x, Processor::baseline)) == 0);
          CHECK(largest_difference(sum, plain) <= 1e-12 * frobenius_norm(plain));
        }
      }
    }
  }

  TEST_CASE("covariance sums: part of a signal into part of a matrix, and nothing beside it") {
    const Matrix whole = testing::noise(40, 300);
    for (const std::int64_t channels : {1, 8, 22, 35}) {
      const Signal x = whole.view().slice(0, 1, channels).slice(1, 3, 291);
      const Matrix y = centred(x), plain = product_transposed(y, y);
      for (const Processor target : targets()) {
        Matrix out({50, 50}, 7.0);
        WindowScatter window(channels, x.extent(1), true, target);
        window.take(x);
        window.put(0.5, out.view().slice(0, 2, channels).slice(1, 5, channels));
        double beside = 0;
        for (std::int64_t i = 0; i < 50; ++i) {
          for (std::int64_t j = 0; j < 50; ++j) {
            const bool inside = i >= 2 && i < 2 + channels && j >= 5 && j < 5 + channels;
            beside += inside || out(i, j) == 7 ? 0 : 1;
          }
        }
        CHECK(beside == 0);
        const Signal part = std::as_const(out).view().slice(0, 2, channels).slice(1, 5, channels);
        CHECK(largest_difference(part, scaled(plain, 0.5)) <= 1e-12 * frobenius_norm(plain));
        CHECK(largest_difference(part, part.transposed()) == 0);
      }
    }
  }

  TEST_CASE("covariance sums: an offset a thousand times the signal costs no digits, whatever the length") {
    for (const std::int64_t samples : {2, 63, 400, 1000}) {
      CAPTURE(samples);
      Matrix x = testing::noise(22, samples, 1e-6), shifted = x;
      for (double& value : shifted) value += 1e-3;
      const Matrix wanted = covariance(x);
      CHECK(largest_difference(covariance(shifted), wanted) <= 1e-11 * frobenius_norm(wanted));
    }
  }

  TEST_CASE("covariance sums: channels across memory are the channels that lie along it") {
    const Matrix x = testing::noise(9, 40), turned(x.view().transposed());
    CHECK(largest_difference(scatter(turned.view().transposed()), scatter(x)) == 0);
    CHECK(channel_means(turned.view().transposed()) == channel_means(x));
  }

  TEST_CASE("covariances: many trials at once are each trial alone, for any number of them") {
    for (const std::int64_t trials : {1, 63, 65, 77}) {
      Array<double, 3> x({trials, 10, 30}, uninitialised);
      for (std::int64_t n = 0; n < trials; ++n) put(testing::noise(10, 30, 1, static_cast<std::uint64_t>(n)), x[n]);
      const Matrices all = covariances(x);
      for (std::int64_t n = 0; n < trials; ++n) CHECK(largest_difference(all.view()[n], covariance(x[n])) == 0);
    }
  }
}

}  // namespace caton
