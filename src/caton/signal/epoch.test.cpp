// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/epoch.hpp"

#include "caton/signal/evoked.hpp"
#include "signal_test.hpp"

namespace caton {

using testing::error_of;
using testing::noise;
using testing::says;

namespace {

Epochs cut(const Matrix& x, const std::vector<std::int64_t>& events, Epoching options) {
  options.rate_hz = 100;
  return epoch(x, events, options);
}

}  // namespace

TEST_SUITE("signal") {
  TEST_CASE("epoch: the samples around an event, both ends belong to it") {
    const Matrix x = noise(2, 300);
    const auto result = cut(x, {50, 299, 9, 10, 279}, {.start_s = -0.1, .stop_s = 0.2});
    CHECK(result.epochs.extents() == std::array<std::int64_t, 3>{3, 2, 31});
    CHECK(result.kept == std::vector<std::int64_t>{0, 3, 4});
    CHECK(result.fate[1] == EpochFate::outside);
    CHECK(result.fate[2] == EpochFate::outside);
    CHECK(result.epochs(0, 1, 0) == x(1, 40));
    CHECK(result.epochs(2, 0, 30) == x(0, 299));
    CHECK(result.times_s.front() == -0.1);
    CHECK(result.times_s.back() == 0.2);
    const auto counted_from_1000 = cut(x, {1050}, {.start_s = -0.1, .stop_s = 0.2, .first_sample = 1000});
    CHECK(counted_from_1000.epochs(0, 1, 0) == x(1, 40));
  }

  TEST_CASE("epoch: bad spans, wide swings and flat channels are left out with their reason") {
    Matrix x = noise(2, 400, 1e-6);
    x(1, 120) = 1;
    for (std::int64_t t = 200; t < 260; ++t) x(0, t) = 7;
    const auto result = cut(x, {50, 120, 220, 300, 350},
                            {.start_s = 0, .stop_s = 0.2, .reject_v = 1e-3, .flat_v = 1e-9, .spans = {{320, 330}}});
    CHECK(result.fate == std::vector<EpochFate>{EpochFate::kept, EpochFate::reject, EpochFate::flat,
                                                EpochFate::bad_span, EpochFate::kept});
    const auto touching = cut(x, {50}, {.start_s = 0, .stop_s = 0.2, .spans = {{71, 80}, {40, 50}}});
    CHECK(touching.fate[0] == EpochFate::kept);
  }

  TEST_CASE("epoch: after detrending and baseline a line is gone and the baseline has no mean") {
    Matrix x = noise(1, 300);
    for (std::int64_t t = 0; t < 300; ++t) x(0, t) += 5 + 0.3 * static_cast<double>(t);
    const TimeSpan baseline{.begin_s = {}, .end_s = 0};
    const auto result = cut(x, {100, 150}, {.start_s = -0.2, .stop_s = 0.5, .baseline = baseline});
    double mean = 0;
    for (std::int64_t t = 0; t <= 20; ++t) mean += result.epochs(1, 0, t);
    CHECK(std::abs(mean) < 1e-10);
    const auto level = cut(x, {100}, {.start_s = -0.2, .stop_s = 0.5, .detrend = Trend::linear});
    double slope = 0;
    for (std::int64_t t = 0; t < 71; ++t) slope += level.epochs(0, 0, t) * (static_cast<double>(t) - 35);
    CHECK(std::abs(slope) < 1e-8);
  }

  TEST_CASE("epoch: refuses what cannot be") {
    const Matrix x = noise(1, 300);
    const auto word = [&](const std::vector<std::int64_t>& events, const Epoching& options,
                          const std::string& expected) {
      return says(error_of([&] { (void)cut(x, events, options); }), expected);
    };
    CHECK(word({5, 7, 5}, {.stop_s = 0.1}, "duplicate"));
    CHECK(word({5}, {.start_s = 0.1}, "window"));
    CHECK(word({5}, {.stop_s = 0.1, .baseline = TimeSpan{.begin_s = -0.1, .end_s = 0}}, "baseline"));
    CHECK(word({5}, {.stop_s = 3}, "short"));
    CHECK(word({}, {.stop_s = 0.1}, "empty"));
    CHECK(word({5}, {.stop_s = 0.1, .reject_v = 0}, "reject_v"));
  }

  TEST_CASE("evoked: mean and standard error; the global field power is the deviation over channels") {
    const Matrix rows = noise(12, 30);
    const auto average = evoked(Tensor::of(rows).reshaped({4, 3, 30}).array<3>());
    double mean = 0, squares = 0;
    for (std::int64_t e = 0; e < 4; ++e) mean += rows(3 * e + 1, 7) / 4;
    for (std::int64_t e = 0; e < 4; ++e) squares += std::pow(rows(3 * e + 1, 7) - mean, 2);
    CHECK(average.mean(1, 7) == doctest::Approx(mean));
    CHECK(average.sem(1, 7) == doctest::Approx(std::sqrt(squares / 3) / 2));
    Matrix shifted = average.mean;
    for (double& value : shifted) value += 17;
    CHECK(global_field_power(shifted)[3] == doctest::Approx(global_field_power(average.mean)[3]).epsilon(1e-9));
    CHECK(says(error_of([] { (void)evoked(Array<double, 3>({1, 2, 3})); }), "epochs"));
  }

  TEST_CASE("peak: finds what was put there") {
    Matrix x({3, 100}, 0.0);
    x(1, 40) = -5;
    x(2, 60) = 4;
    x(0, 90) = -9;
    const auto find = [&](PeakSign sign) {
      return peak(x, {.rate_hz = 100, .start_s = -0.2, .window = {.begin_s = 0, .end_s = 0.6}, .sign = sign});
    };
    CHECK(find(PeakSign::negative).channel == 1);
    CHECK(find(PeakSign::negative).latency_s == doctest::Approx(0.2));
    CHECK(find(PeakSign::positive).amplitude == 4);
    CHECK(find(PeakSign::absolute).amplitude == -5);
    CHECK(says(error_of([&] { (void)peak(x, {.rate_hz = 100, .window = {.begin_s = 0.5, .end_s = 0.2}}); }), "window"));
    CHECK(says(error_of([&] { (void)peak(x, {.rate_hz = 100, .window = {.begin_s = 0, .end_s = 2}}); }), "window"));
  }
}

}  // namespace caton
