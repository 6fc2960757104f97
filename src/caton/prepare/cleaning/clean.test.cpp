// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/cleaning/clean.hpp"

#include "caton/base/progress.hpp"
#include "caton/prepare/cleaning/components.hpp"
#include "caton/prepare/cleaning/filters.hpp"
#include "caton/sensors/montage.hpp"
#include "signal_test.hpp"

#include <cmath>

namespace caton {

using testing::error_of;
using testing::says;

namespace {

constexpr double rate_hz = 128, pi = 3.14159265358979323846;
const std::vector<std::string> names{"Fp1", "Fp2", "F3", "F4", "C3", "C4", "P3",
                                     "P4",  "O1",  "O2", "F7", "F8", "T7", "T8"};

/// A head that makes rhythms of its own: smooth sources, mixed by the distance of an electrode from each [V].
Matrix brain(std::int64_t samples, std::uint64_t seed) {
  const Matrix positions = montage_positions(names).positions;
  const auto count = static_cast<std::int64_t>(names.size());
  Matrix x = testing::noise(count, samples, 5e-7, seed);
  for (std::int64_t s = 0; s < count; ++s) {
    RandomStream random(seed, "test brain", {static_cast<std::uint64_t>(s)});
    const double hz = 4 + 18 * random.uniform();
    double state = 0, speed = 0;
    for (std::int64_t t = 0; t < samples; ++t) {
      const double turn = 2 * pi * hz / rate_hz;
      const double next = 2 * 0.97 * std::cos(turn) * state - 0.97 * 0.97 * speed + random.normal();
      speed = state;
      state = next;
      for (std::int64_t c = 0; c < count; ++c) {
        double away = 0;
        for (std::int64_t axis = 0; axis < 3; ++axis) away += std::pow(positions(c, axis) - positions(s, axis), 2);
        x(c, t) += 1.5e-6 * state * std::exp(-away / (2 * 0.05 * 0.05));
      }
    }
  }
  return x;
}

/// Every four seconds the lids go down: strongest at the forehead.
Matrix with_blinks(const Matrix& x) {
  const Matrix positions = montage_positions(names).positions;
  Matrix y(x);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    const double weight = std::pow(std::max(0.0, (positions(c, 1) + 0.02) / 0.1), 3);
    for (std::int64_t t = 0; t < x.extent(1); ++t) {
      const std::int64_t at = t % 521;
      if (at < 51) y(c, t) += 1.2e-4 * weight * (0.5 - 0.5 * std::cos(2 * pi * static_cast<double>(at) / 51));
    }
  }
  return y;
}

CleanInput input_of(const Matrix& x) {
  return {.signal = x, .channels = names, .positions_m = montage_positions(names).positions, .rate_hz = rate_hz};
}

}  // namespace

TEST_SUITE("prepare") {
  TEST_CASE("clean: blinks go, the brain stays") {
    const Matrix truth = brain(9000, 1), recorded = with_blinks(truth);
    const Cleaned cleaned = clean(input_of(recorded));
    const Matrix alike = filtered_alike(truth, input_of(recorded), {}, cleaned);
    CHECK(mean_correlation(cleaned.as_filtered, alike) < 0.9);
    CHECK(mean_correlation(cleaned.signal, alike) > 0.97);
    CHECK(std::count_if(cleaned.components.begin(), cleaned.components.end(),
                        [](const CleanComponent& c) { return c.kind == ComponentKind::eye; }) == 1);
    CHECK(cleaned.bad_indices.empty());
    CHECK(cleaned.rank_after == 14);
    CHECK(cleaned.rank_in_spans == 13);
    std::int64_t found = 0;
    for (const CleanSpan& span : cleaned.spans) found += span.kind == "eye" ? 1 : 0;
    CHECK(found >= 15);
    CHECK(found <= 19);
  }

  TEST_CASE("clean: a clean recording is left alone") {
    const Matrix truth = brain(9000, 2);
    const Cleaned cleaned = clean(input_of(truth));
    CHECK(mean_correlation(cleaned.signal, cleaned.as_filtered) > 0.995);
    for (const CleanComponent& component : cleaned.components) CHECK(component.kind == ComponentKind::brain);
  }

  TEST_CASE("clean: an eye channel is listened to") {
    const Matrix truth = brain(9000, 3), recorded = with_blinks(truth);
    Matrix eog({1, 9000});
    for (std::int64_t t = 0; t < 9000; ++t) eog(0, t) = 3 * (recorded(0, t) - truth(0, t));
    CleanInput input = input_of(recorded);
    input.positions_m.reset();
    const Cleaned without = clean(input);
    CHECK(without.findings.size() == 1);
    CHECK(without.findings.front().code == "clean/no-eyes");
    input.eog = eog;
    const Cleaned cleaned = clean(input);
    const Matrix alike = filtered_alike(truth, input, {}, cleaned);
    CHECK(mean_correlation(cleaned.signal, alike) > mean_correlation(without.signal, alike) + 0.05);
  }

  TEST_CASE("clean: mains, a dead channel and a burst") {
    const Matrix truth = brain(9000, 4);
    Matrix recorded(truth);
    for (std::int64_t t = 0; t < 9000; ++t) {
      for (std::int64_t c = 0; c < 14; ++c)
        recorded(c, t) += 2e-5 * std::sin(2 * pi * 50 * static_cast<double>(t) / rate_hz);
      recorded(6, t) = 3e-4;
      if (t > 4000 && t < 4200) recorded(9, t) += 2e-3 * std::sin(0.4 * static_cast<double>(t));
    }
    const Cleaned cleaned = clean(input_of(recorded));
    CHECK(cleaned.line_hz == std::vector<double>{50});
    CHECK(cleaned.bad_indices == std::vector<std::int64_t>{6});
    CHECK(cleaned.interpolated);
    CHECK(cleaned.rank_after == 13);
    const Matrix alike = filtered_alike(truth, input_of(recorded), {}, cleaned);
    CHECK(mean_correlation(cleaned.signal.view().slice(0, 6, 1), alike.view().slice(0, 6, 1)) > 0.8);
    CHECK(mean_correlation(cleaned.signal, alike) > mean_correlation(cleaned.as_filtered, alike) + 0.03);
  }

  TEST_CASE("clean: a gap is not filtered over") {
    Matrix x = brain(6000, 5);
    for (std::int64_t c = 0; c < 14; ++c) {
      for (std::int64_t t = 3000; t < 6000; ++t) x(c, t) += 1e-2;
    }
    CleanInput input = input_of(x);
    input.pieces = {3000, 3000};
    const FilterPieces pieces = filter_pieces(input);
    REQUIRE(pieces.size() == 2);
    const Matrix y = high_passed(x, 0.5, rate_hz, pieces);
    for (std::int64_t t = 2990; t < 3010; ++t) CHECK(std::abs(y(4, t)) < 1e-3);
    input.pieces = {3000, 2999};
    CHECK(says(error_of([&] { (void)clean(input); }), "shape"));
  }

  TEST_CASE("clean: what cannot be done is refused, and stopping stops") {
    Matrix x = brain(2000, 6);
    CleanInput input = input_of(x);
    CHECK(says(error_of([&] { (void)clean(input, {.high_pass_hz = 60}); }), "high-pass"));
    const Matrix brief(x.view().slice(1, 0, 200));
    CHECK(says(error_of([&] { (void)clean(input_of(brief)); }), "short"));
    Matrix broken(x);
    broken(3, 77) = std::nan("");
    CHECK(says(error_of([&] { (void)clean(input_of(broken)); }), "finite"));
    const Matrix dead({14, 2000}, 1e-5);
    CHECK(says(error_of([&] { (void)clean(input_of(dead)); }), "channels"));
    input.channels.pop_back();
    CHECK(says(error_of([&] { (void)clean(input); }), "shape"));
    set_interrupted(true);
    const Error stopped = error_of([&] { (void)clean(input_of(x)); });
    set_interrupted(false);
    CHECK(stopped.kind() == ErrorKind::interrupted);
  }

  TEST_CASE("clean: the eyes are nearest to the foremost electrodes") {
    std::vector<std::int64_t> all;
    for (std::int64_t c = 0; c < 14; ++c) all.push_back(c);
    CHECK(foremost(montage_positions(names).positions, all) == std::vector<std::int64_t>{1, 0});
  }
}

}  // namespace caton
