// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/window_scatter.hpp"

#include "caton/geometry/covariance.hpp"
#include "caton/geometry/covariance_kernels.hpp"
#include "geometry_test.hpp"

#include <cmath>
#include <limits>

namespace caton {

namespace {

using testing::largest_difference;
using testing::targets;

/// Windows of `length` samples every `step` of a recording, looked at where they stand.
Epochs windows_of(const Matrix& recording, std::int64_t length, std::int64_t step) {
  const std::int64_t count = (recording.extent(1) - length) / step + 1;
  return {recording.data(), {count, recording.extent(0), length}, {step, recording.extent(1), 1}};
}

Matrix put_alone(Signal window, bool centred, Processor target) {
  WindowScatter alone(window.extent(0), window.extent(1), centred, target);
  alone.take(window);
  Matrix out({window.extent(0), window.extent(0)}, uninitialised);
  alone.put(1, out);
  return out;
}

}  // namespace

TEST_SUITE("geometry") {
  TEST_CASE("overlapping windows: each has the bits it has alone, on every processor, whatever the overlap") {
    for (const std::int64_t length : {130, 400, 375, 401}) {
      for (const std::int64_t step : {65, 100, 125, 200, 300, 400}) {
        const Matrix recording = testing::noise(11, 2000);
        const Epochs windows = windows_of(recording, length, step);
        for (const bool centred : {true, false}) {
          WindowScatter running(11, length, centred);
          Matrix out({11, 11}, uninitialised);
          for (std::int64_t n = 0; n < windows.extent(0); ++n) {
            running.take(windows[n]);
            running.put(1, out);
            for (const Processor target : targets())
              CHECK(largest_difference(out, put_alone(windows[n], centred, target)) == 0);
          }
        }
      }
    }
  }

  TEST_CASE("overlapping windows: sums and means are those of the window's samples") {
    Matrix recording = testing::noise(9, 1000);
    for (double& value : recording) value += 5;
    const Epochs windows = windows_of(recording, 400, 100);
    WindowScatter running(9, 400, true);
    Matrix out({9, 9}, uninitialised);
    for (std::int64_t n = 0; n < windows.extent(0); ++n) {
      running.take(windows[n]);
      running.put(0.25, out);
      const Matrix y = centred(windows[n]), wanted = scaled(product_transposed(y, y), 0.25);
      CHECK(largest_difference(out, wanted) <= 1e-12 * frobenius_norm(wanted));
      CHECK(largest_difference(out, out.view().transposed()) == 0);
      const auto means = channel_means(windows[n]);
      for (std::size_t c = 0; c < means.size(); ++c)
        CHECK(running.means()[c] == doctest::Approx(means[c]).epsilon(1e-13));
    }
  }

  TEST_CASE("overlapping windows: copies that lie apart give the bits of the views") {
    const Matrix recording = testing::noise(6, 3000);
    const Epochs windows = windows_of(recording, 256, 64);
    const Array<double, 3> apart(windows);
    for (const Estimator estimator : {Estimator::scm, Estimator::cov, Estimator::oas, Estimator::lwf}) {
      const Matrices seen = covariances(windows, {.estimator = estimator}),
                     copied = covariances(apart, {.estimator = estimator});
      for (std::int64_t n = 0; n < windows.extent(0); ++n) {
        CHECK(largest_difference(seen.view()[n], copied.view()[n]) == 0);
        CHECK(largest_difference(seen.view()[n], covariance(windows[n], {.estimator = estimator})) == 0);
      }
    }
  }

  TEST_CASE("overlapping windows: a value that is not finite is met in every window that has it, and in no other") {
    Matrix recording = testing::noise(3, 1200);
    recording(1, 450) = std::numeric_limits<double>::quiet_NaN();
    const Epochs windows = windows_of(recording, 400, 200);
    WindowScatter running(3, 400, true);
    for (std::int64_t n = 0; n < windows.extent(0); ++n) {
      running.take(windows[n]);
      CHECK(std::isfinite(running.means()[1]) == (n == 0 || n >= 3));
      CHECK(std::isfinite(running.means()[2]));
    }
    CHECK_THROWS_AS(covariances(windows), Error);
  }
}

}  // namespace caton
