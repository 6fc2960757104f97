// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/window_model.hpp"
#include "caton/features/connectivity/ddtf_surrogates.hpp"
#include "caton/features/connectivity/lagged_products.hpp"
#include "caton/features/connectivity/overlapping_windows.hpp"
#include "caton/features/connectivity/sums_of_products.hpp"
#include "signal_test.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

using testing::noise;

namespace {

/// Oscillations of the given radius in each channel, the last driving the first.
Matrix oscillations(std::int64_t channels, std::int64_t samples, double radius, std::uint64_t seed) {
  Matrix x = noise(channels, samples, 1, seed);
  for (std::int64_t t = 2; t < samples; ++t) {
    for (std::int64_t c = 0; c < channels; ++c) x(c, t) += 1.2 * radius * x(c, t - 1) - radius * radius * x(c, t - 2);
    x(0, t) += 0.4 * x(channels - 1, t - 1);
  }
  return x;
}

TEST_SUITE("features") {
  TEST_CASE("sums_of_products: every size equals the plain sums") {
    for (const std::int64_t rows : {1, 4, 6, 11}) {
      for (const std::int64_t columns : {8, 16, 40, 56}) {
        const Matrix left = noise(13, rows, 1, 1), right = noise(13, columns, 1, 2);
        Matrix out({rows, columns});
        sums_of_products({{left.data(), rows, 1}, right.data(), columns, 13, rows, columns}, out.data(), columns);
        for (std::int64_t r = 0; r < rows; ++r) {
          for (std::int64_t c = 0; c < columns; ++c) {
            double sum = 0;
            for (std::int64_t n = 0; n < 13; ++n) sum += left(n, r) * right(n, c);
            CHECK(out(r, c) == sum);
          }
        }
      }
    }
  }

  TEST_CASE("regress: the normal equations hold and what is left is that of the residuals") {
    for (const std::int64_t channels : {1, 3, 8, 9}) {
      const Matrix x = oscillations(channels, 400, 0.9, 3);
      const Epochs epoch = one_epoch(x);
      const Matrix products = lagged_products(epoch, 3);
      const RegressionFit fit = regress("test", {epoch, 3, 3, 0}, products);
      CHECK(fit.well_conditioned);
      for (std::int64_t i = 0; i < channels; ++i) {
        for (std::int64_t k = 0; k < 3 * channels; ++k) {
          double rest = products(i, channels + k);
          for (std::int64_t m = 0; m < 3 * channels; ++m)
            rest -= fit.coefficients(i, m) * products(channels + m, channels + k);
          CHECK(std::abs(rest) < 1e-9 * products(channels + k, channels + k));
        }
      }
      const Matrix left = residual_products(products, fit.coefficients);
      for (std::int64_t i = 0; i < channels; ++i) {
        for (std::int64_t j = 0; j < channels; ++j)
          CHECK(fit.left(i, j) == doctest::Approx(left(i, j)).epsilon(1e-9).scale(left(0, 0)));
      }
    }
  }

  TEST_CASE("surely_stable: says so of stable models, never of unstable ones") {
    int sure = 0, unstable = 0;
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      for (const double radius : {0.7, 0.95, 0.999, 1.004}) {
        const TimeMajor x(oscillations(4, 300, radius, seed));
        for (const bool standardize : {true, false}) {
          const WindowModel window = window_model("test", x, {20, 250, 3, standardize});
          const bool stable = mvar_radius(window.model.a.view()) < 1;
          const bool said = surely_stable(window);
          if (said) CHECK(stable);
          if (stable && radius < 0.99) CHECK(said);
          sure += said ? 1 : 0;
          unstable += stable ? 0 : 1;
        }
      }
    }
    CHECK(sure > 120);
    CHECK(unstable > 10);
  }

  TEST_CASE("mean_ddtf: that of the windows with radii") {
    const Matrix x = oscillations(5, 600, 0.97, 4);
    const DdtfWindows options{
        .rate_hz = 100, .order = 4, .window_s = 2, .step_s = 1, .bands = {{8, 12}, {1, 49}}, .bins = 45};
    const WindowedDdtf windows = ddtf_windows(x, options);
    const auto mean = mean_ddtf(x, windows.begin, 200, options);
    CHECK(std::equal(mean.begin(), mean.end(), windows.mean.begin(), windows.mean.end()));
  }

  TEST_CASE("ddtf_surrogates: the driven channel stands out, the others do not") {
    const Matrix x = oscillations(4, 1200, 0.9, 5);
    const DdtfWindows options{.rate_hz = 100, .order = 2, .window_s = 4, .step_s = 4, .bands = {{1, 49}}, .bins = 45};
    for (const SurrogateMaker& maker : {phase_surrogates(1), shift_surrogates(1)}) {
      const DdtfTest test = ddtf_surrogates(x, options, 39, maker);
      CHECK(test.p_value(0, 0, 3) == doctest::Approx(1.0 / 40));
      CHECK(test.p_value(0, 3, 1) > 0.05);
      for (const double p : test.p_value) CHECK((p >= 1.0 / 40 && p <= 1));
    }
    const auto once = ddtf_surrogates(x, options, 5, phase_surrogates(1)).p_value;
    const auto again = ddtf_surrogates(x, options, 5, phase_surrogates(1)).p_value;
    CHECK(std::equal(once.begin(), once.end(), again.begin()));
    CHECK(testing::says(testing::error_of([&] { (void)ddtf_surrogates(x, options, 0, phase_surrogates(1)); }),
                        "surrogates"));
  }

  TEST_CASE("overlapping windows: the models of each window by itself, out of shared sums") {
    Matrix raw = oscillations(5, 900, 0.95, 6);
    for (std::int64_t t = 0; t < 900; ++t) raw(2, t) = 40 * raw(2, t) + 30;
    const TimeMajor x(raw);
    const std::vector<std::int64_t> begins{0, 130, 137, 390, 600};
    const OverlappingWindows shared(x, begins, 300, 4);
    for (const std::int64_t begin : begins) {
      const auto model = shared.model(begin);
      REQUIRE(model);
      const WindowModel wanted = window_model("test", x, {begin, 300, 4, true});
      const auto near = [](const auto& a, const auto& b) {
        REQUIRE(a.size() == b.size());
        for (std::int64_t i = 0; i < a.size(); ++i) CHECK(a.data()[i] == doctest::Approx(b.data()[i]).epsilon(1e-9));
      };
      near(model->model.a, wanted.model.a);
      near(model->model.noise, wanted.model.noise);
      near(model->left, wanted.left);
      near(model->last, wanted.last);
      CHECK(surely_stable(*model));
    }
  }

  TEST_CASE("overlapping windows: a mean far from zero, a flat and a dependent channel are left to the plain way") {
    const std::vector<std::int64_t> begins{0, 100};
    for (const int fault : {0, 1, 2}) {
      Matrix raw = oscillations(3, 400, 0.9, 7);
      for (std::int64_t t = 0; t < 400; ++t) raw(1, t) = fault == 0 ? raw(1, t) + 1e6 : fault == 1 ? 0 : raw(0, t);
      const TimeMajor x(raw);
      CHECK_FALSE(OverlappingWindows(x, begins, 200, 2).model(100));
    }
  }
}

}  // namespace

}  // namespace caton
