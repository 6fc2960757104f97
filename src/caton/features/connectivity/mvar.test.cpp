// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/mvar.hpp"
#include "caton/base/random.hpp"
#include "caton/features/connectivity/connectivity_summary.hpp"
#include "caton/features/connectivity/ddtf_windows.hpp"
#include "caton/features/connectivity/granger.hpp"
#include "caton/features/connectivity/mvar_connectivity.hpp"
#include "signal_test.hpp"

namespace caton {

using testing::error_of;
using testing::noise;
using testing::says;

namespace {

/// 0.4 I, and channel 2 drives channel 0 with 0.6: the direction that every measure has to name.
Array<double, 3> one_link(std::int64_t channels) {
  Array<double, 3> a({1, channels, channels});
  for (std::int64_t c = 0; c < channels; ++c) a(0, c, c) = 0.4;
  a(0, 0, 2) = 0.6;
  return a;
}

Matrix run(const Array<double, 3>& a, std::int64_t samples, std::uint64_t seed = 1) {
  return mvar_simulate(a.view(), noise(a.extent(1), samples + 200, 1, seed), 200);
}

double largest(const Array<double, 3>& a, const Array<double, 3>& b) {
  double most = 0;
  for (std::int64_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a.data()[i] - b.data()[i]));
  return most;
}

}  // namespace

TEST_SUITE("features") {
  TEST_CASE("mvar_fit: a known model is found again, by either method, from one stretch or from epochs") {
    Array<double, 3> a({3, 4, 4});
    for (std::int64_t c = 0; c < 4; ++c) {
      a(0, c, c) = 0.5;
      a(1, c, c) = -0.3;
    }
    a(2, 1, 3) = 0.4;
    a(0, 2, 0) = -0.3;
    REQUIRE(mvar_radius(a.view()) < 0.9);
    const Matrix x = run(a, 10000);
    const auto model = mvar_fit(one_epoch(x), {.order = 3});
    CHECK(largest(model.a, a) < 0.05);
    CHECK(largest(mvar_fit(one_epoch(x), {.order = 3, .method = MvarMethod::yule_walker}).a, a) < 0.05);
    Array<double, 3> epochs({5, 4, 2000}, uninitialised);
    for (std::int64_t e = 0; e < 5; ++e) {
      for (std::int64_t c = 0; c < 4; ++c) {
        for (std::int64_t t = 0; t < 2000; ++t) epochs(e, c, t) = x(c, e * 2000 + t);
      }
    }
    CHECK(largest(mvar_fit(epochs.view(), {.order = 3}).a, a) < 0.05);
    for (std::int64_t c = 0; c < 4; ++c) CHECK(model.noise(c, c) == doctest::Approx(1).epsilon(0.1));
    CHECK(mvar_whiteness(mvar_residuals(one_epoch(x), model.a.view()).view(), 3, 15).p > 0.001);
    CHECK(mvar_whiteness(one_epoch(x), 1, 15).p < 1e-6);
    CHECK(mvar_order(one_epoch(x), 8).best_bic == 3);
  }

  TEST_CASE("mvar_fit: a unit changes nothing but the noise; samples in other rows give the permuted model") {
    const Matrix x = run(one_link(4), 1000);
    Matrix micro(x), turned(x);
    for (double& value : micro) value *= 1e6;
    for (std::int64_t c = 0; c < 4; ++c) {
      for (std::int64_t t = 0; t < 1000; ++t) turned(c, t) = x(3 - c, t);
    }
    const auto one = mvar_fit(one_epoch(x), {.order = 2});
    CHECK(largest(one.a, mvar_fit(one_epoch(micro), {.order = 2}).a) < 1e-10);
    const auto other = mvar_fit(one_epoch(turned), {.order = 2});
    CHECK(other.a(1, 3, 0) == doctest::Approx(one.a(1, 0, 3)).epsilon(1e-9));
  }

  TEST_CASE("mvar_fit: nearly dependent channels are solved exactly, dependent ones refused unless a ridge is given") {
    Matrix x = run(one_link(3), 600);
    const Matrix small = noise(1, 600, 1e-6, 9);
    for (std::int64_t t = 0; t < 600; ++t) x(1, t) = x(0, t) + small(0, t);
    const auto model = mvar_fit(one_epoch(x), {.order = 1});
    const auto left = mvar_residuals(one_epoch(x), model.a.view());
    // Least squares: what is left is orthogonal to every regressor.
    double dot = 0, norm = 0, other = 0;
    for (std::int64_t t = 0; t < 599; ++t) {
      dot += left(0, 2, t) * (x(1, t) - x(0, t));
      norm += left(0, 2, t) * left(0, 2, t);
      other += (x(1, t) - x(0, t)) * (x(1, t) - x(0, t));
    }
    CHECK(std::abs(dot) < 1e-7 * std::sqrt(norm * other));
    for (std::int64_t t = 0; t < 600; ++t) x(1, t) = x(0, t) - 2 * x(2, t);
    CHECK(says(error_of([&] { (void)mvar_fit(one_epoch(x), {.order = 1}); }), "rank"));
    CHECK(std::isfinite(mvar_fit(one_epoch(x), {.order = 1, .ridge = 3}).a(0, 1, 1)));
    CHECK(says(error_of([&] { (void)mvar_fit(one_epoch(Signal(x).slice(1, 0, 12)), {.order = 3}); }), "short"));
    for (std::int64_t t = 0; t < 600; ++t) x(1, t) = 0.1;
    CHECK(says(error_of([&] { (void)mvar_fit(one_epoch(x), {.order = 1}); }), "flat"));
  }

  TEST_CASE("mvar_radius: of many channels it is that of the channels by themselves when nothing links them") {
    // 30 channels of order 4, no links: the radius is the largest of 30 small companions, each worked out densely.
    Array<double, 3> a({4, 30, 30});
    RandomStream random(3, "radius");
    double largest_radius = 0;
    for (std::int64_t c = 0; c < 30; ++c) {
      Array<double, 3> own({4, 1, 1});
      for (std::int64_t k = 0; k < 4; ++k) a(k, c, c) = own(k, 0, 0) = 0.45 * random.normal();
      largest_radius = std::max(largest_radius, mvar_radius(own.view()));
    }
    CHECK(mvar_radius(a.view()) == doctest::Approx(largest_radius).epsilon(1e-7));
    const auto model = mvar_fit(one_epoch(run(one_link(32), 1500)), {.order = 4});
    // The determinant of A(z) vanishes nowhere inside 1 / radius: growing the model by it reaches exactly 1.
    Array<double, 3> grown = model.a;
    const double radius = mvar_radius(model.a.view());
    for (std::int64_t k = 0; k < 4; ++k) {
      for (std::int64_t i = 0; i < 32 * 32; ++i)
        grown.data()[k * 1024 + i] /= std::pow(radius, static_cast<double>(k + 1));
    }
    CHECK(mvar_radius(grown.view()) == doctest::Approx(1).epsilon(1e-7));
  }

  TEST_CASE("mvar_connectivity: rows of DTF and columns of PDC have unit energy; inverse and spectrum agree") {
    const Matrix x = run(one_link(5), 2000);
    const auto model = mvar_fit(one_epoch(x), {.order = 3});
    const ModelMeasure measures[] = {ModelMeasure::dtf, ModelMeasure::pdc, ModelMeasure::coherence,
                                     ModelMeasure::partial_coherence, ModelMeasure::spectrum};
    const auto values = mvar_connectivity(model.a.view(), model.noise, measures, 37);
    for (std::int64_t k = 0; k < 37; ++k) {
      double row = 0, column = 0;
      for (std::int64_t m = 0; m < 5; ++m) {
        row += std::norm(values[0](1, m, k));
        column += std::norm(values[1](m, 1, k));
      }
      CHECK(row == doctest::Approx(1));
      CHECK(column == doctest::Approx(1));
      CHECK(std::abs(values[2](3, 3, k) - 1.0) < 1e-12);
      CHECK(std::abs(values[3](3, 3, k) - 1.0) < 1e-12);
      CHECK(std::abs(values[4](1, 2, k) - std::conj(values[4](2, 1, k))) < 1e-12);
    }
  }

  TEST_CASE("mvar_connectivity: models whose leading entries vanish are inverted all the same") {
    Array<double, 3> swap({1, 2, 2});
    swap(0, 0, 0) = 0.999999999;
    swap(0, 0, 1) = 0.5;
    swap(0, 1, 0) = 0.5;
    const Matrix noise_one = [] {
      Matrix m({2, 2});
      m(0, 0) = m(1, 1) = 1;
      return m;
    }();
    const ModelMeasure measures[] = {ModelMeasure::spectrum};
    const auto values = mvar_connectivity(swap.view(), noise_one, measures, 16);
    // At frequency 0: A = [[1e-9, -0.5], [-0.5, 1]].
    const double determinant = 1e-9 - 0.25;
    CHECK(values[0](0, 0, 0).real() == doctest::Approx((1 + 0.25) / (determinant * determinant)));
  }

  TEST_CASE("the direction of a link: from the column to the row") {
    const Matrix x = run(one_link(4), 10000);
    const auto model = mvar_fit(one_epoch(x), {.order = 2});
    const ModelMeasure measures[] = {ModelMeasure::ddtf, ModelMeasure::gpdc};
    const auto values = mvar_connectivity(model.a.view(), model.noise, measures, 64);
    const auto mean = [&](std::size_t m, std::int64_t i, std::int64_t j) {
      double sum = 0;
      for (std::int64_t k = 0; k < 64; ++k) sum += values[m](i, j, k).real() / 64;
      return sum;
    };
    CHECK(mean(0, 0, 2) > 20 * mean(0, 2, 0));
    CHECK(mean(1, 0, 2) > 5 * mean(1, 2, 0));
    const auto causality = granger(one_epoch(x), 2);
    CHECK(causality.p_value(0, 2) < 1e-10);
    CHECK(causality.p_value(2, 0) > 0.001);
    CHECK(granger(one_epoch(x), 2, false).gc(0, 2) > 0.1);
    Matrix pair({2, 10000});
    for (std::int64_t t = 0; t < 10000; ++t) {
      pair(0, t) = x(0, t);
      pair(1, t) = x(2, t);
    }
    const auto two = mvar_fit(one_epoch(pair), {.order = 2});
    const auto spectral = granger_spectral(two.a.view(), two.noise, 65);
    CHECK(spectral(0, 1, 3) > 0.1);
    CHECK(spectral(1, 0, 3) < 0.01);
    CHECK(spectral(0, 0, 3) == 0);
  }

  TEST_CASE("ddtf_windows: equals fit and measure of each window; a gain changes nothing") {
    const Matrix x = run(one_link(9), 800, 3);
    const DdtfWindows options{
        .rate_hz = 100, .order = 2, .window_s = 4, .step_s = 2, .bands = {{8, 12}, {1, 49}}, .bins = 45};
    const auto windows = ddtf_windows(x, options);
    REQUIRE(windows.begin.size() == 3);
    Matrix window(Signal(x).slice(1, 200, 400));
    for (std::int64_t c = 0; c < 9; ++c) {
      double mean = 0, square = 0;
      for (std::int64_t t = 0; t < 400; ++t) mean += window(c, t) / 400;
      for (std::int64_t t = 0; t < 400; ++t) square += (window(c, t) - mean) * (window(c, t) - mean) / 400;
      for (std::int64_t t = 0; t < 400; ++t) window(c, t) = (window(c, t) - mean) / std::sqrt(square);
    }
    const auto model = mvar_fit(one_epoch(window), {.order = 2});
    const ModelMeasure measures[] = {ModelMeasure::ddtf};
    const auto values = mvar_connectivity(model.a.view(), model.noise, measures, 45);
    double sum = 0;
    int count = 0;
    for (std::int64_t k = 0; k < 45; ++k) {
      const double hz = static_cast<double>(k) * 100 / 89;
      if (hz < 8 || hz > 12) continue;
      sum += values[0](0, 2, k).real();
      ++count;
    }
    CHECK(windows.ddtf(1, 0, 0, 2) == doctest::Approx(sum / count).epsilon(1e-9));
    CHECK(windows.radius[1] == doctest::Approx(mvar_radius(model.a.view())).epsilon(1e-9));
    Matrix micro(x);
    for (double& value : micro) value = value * 1e6 + 30;
    CHECK(largest(ddtf_windows(micro, options).mean, windows.mean) < 1e-8);
  }

  TEST_CASE("ddtf_windows: refused with the cause") {
    Matrix x = noise(4, 900);
    const auto word = [&](const DdtfWindows& options, const std::string& expected) {
      return says(error_of([&] { (void)ddtf_windows(x, options); }), expected);
    };
    const DdtfWindows good{.rate_hz = 100, .order = 2, .window_s = 4, .step_s = 4, .bands = {{8, 12}}};
    DdtfWindows options = good;
    options.window_s = 0.1;
    CHECK(word(options, "short"));
    options = good;
    options.order = 90;
    CHECK(word(options, "short"));
    options = good;
    options.bands = {{60, 70}};
    CHECK(word(options, "band"));
    for (std::int64_t t = 0; t < 900; ++t) {
      const double mean = (x(0, t) + x(1, t) + x(2, t) + x(3, t)) / 4;
      for (std::int64_t c = 0; c < 4; ++c) x(c, t) -= mean;
    }
    CHECK(word(good, "rank"));
    x = noise(4, 900);
    for (std::int64_t t = 400; t < 900; ++t) x(2, t) = 1e-5;
    CHECK(word(good, "flat"));
    double grown = 1;
    Matrix explosive = noise(1, 500, 1e-3);
    for (std::int64_t t = 0; t < 500; ++t) explosive(0, t) += grown *= 1.05;
    CHECK(says(
        error_of([&] {
          (void)ddtf_windows(explosive, {.rate_hz = 100, .order = 1, .window_s = 4, .step_s = 4, .bands = {{8, 12}}});
        }),
        "unstable"));
  }

  TEST_CASE("connectivity_summary: what flows out flows in") {
    Matrix m = noise(5, 5);
    for (double& value : m) value = std::abs(value);
    const auto summary = connectivity_summary(m, 0.5);
    double out = 0, in = 0;
    for (std::size_t c = 0; c < 5; ++c) {
      out += summary.outflow[c];
      in += summary.inflow[c];
      for (std::size_t d = 0; d < 5; ++d)
        CHECK(summary.asymmetry(static_cast<std::int64_t>(c), static_cast<std::int64_t>(d)) ==
              -summary.asymmetry(static_cast<std::int64_t>(d), static_cast<std::int64_t>(c)));
    }
    CHECK(out == doctest::Approx(summary.total));
    CHECK(in == doctest::Approx(summary.total));
    CHECK(summary.edges < 20);
  }
}

}  // namespace caton
