// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/selection/block_training.hpp"
#include "caton/decode/classical/selection/lda_openvibe.hpp"
#include "own_cases.hpp"
#include "signal_test.hpp"

#include <numeric>

namespace caton {

using testing::error_of;
using testing::noise;
using testing::says;

namespace {

/// Powers of trials in two classes that alternate; with an effect at one channel and bin.
Array<double, 3> trial_powers(std::int64_t trials, std::uint64_t seed, double effect = 0) {
  Array<double, 3> power({trials, 16, 31});
  RandomStream random(seed, "trial powers");
  for (std::int64_t n = 0; n < trials; ++n) {
    for (std::int64_t c = 0; c < 16; ++c)
      for (std::int64_t f = 0; f < 31; ++f) power(n, c, f) = random.normal();
    power(n, 5, 11) += n % 2 == 0 ? 0 : effect;
  }
  return power;
}

std::vector<std::int64_t> alternating(std::int64_t trials) {
  std::vector<std::int64_t> y;
  for (std::int64_t n = 0; n < trials; ++n) y.push_back(n % 2);
  return y;
}

SelectedTraining five_parts(SelectOn select) {
  SelectedTraining options;
  options.select = select;
  options.partitions = 5;
  return options;
}

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("selection and protocols: own cases") {
    testing::replay_own_cases("happyfeat", {"feature-selection"});
    testing::replay_own_cases("rbtransformer", {"protocols"});
  }

  TEST_CASE("selection: golden cases") {
    for (const char* const name : {"lda-train", "r2-maps", "selection-optimism"})
      testing::replay_case(std::string("happyfeat/") + name);
  }

  TEST_CASE("selection: on pure noise choosing on all trials finds three quarters, choosing in the fold finds chance") {
    double published = 0, honest = 0;
    const int draws = 40;
    const auto y = alternating(40);
    for (int draw = 0; draw < draws; ++draw) {
      const auto power = trial_powers(40, static_cast<std::uint64_t>(draw));
      published += selected_features_accuracy(power, y, five_parts(SelectOn::all_trials)).accuracy / draws;
      honest += selected_features_accuracy(power, y, five_parts(SelectOn::training_trials)).accuracy / draws;
    }
    CHECK(published == doctest::Approx(77.3).epsilon(0.05));
    CHECK(honest == doctest::Approx(50).epsilon(0.08));
  }

  TEST_CASE("selection: a planted cell is chosen in every fold") {
    const auto power = trial_powers(40, 3, 4);
    const auto result = selected_features_accuracy(power, alternating(40), five_parts(SelectOn::training_trials));
    REQUIRE(result.chosen.size() == 5);
    for (const auto& cells : result.chosen) CHECK(cells.front() == Cell{5, 11});
    CHECK(result.accuracy > 85);
  }

  TEST_CASE("r2 map: the share of variance, the same for any gain; nothing where nothing varies") {
    auto a = trial_powers(10, 1), b = trial_powers(10, 2);
    for (std::int64_t n = 0; n < 10; ++n) {
      a(n, 0, 0) = 1, b(n, 0, 0) = 1;
      a(n, 0, 1) = 1 + 1e-9 * static_cast<double>(n % 2), b(n, 0, 1) = 5;
    }
    const auto map = r2_map(a, b);
    CHECK(map.r2(0, 0) == 0);
    CHECK(map.sign(0, 0) == 0);
    CHECK(map.r2(0, 1) == doctest::Approx(1));
    CHECK(map.sign(0, 1) == 1);
    Array<double, 3> louder(a), louder_b(b);
    for (double& value : louder) value *= 1e-12;
    for (double& value : louder_b) value *= 1e-12;
    CHECK(r2_map(louder, louder_b).r2(3, 4) == doctest::Approx(map.r2(3, 4)).epsilon(1e-9));
    const auto turned = r2_map(b, a, Pairing::all, true);
    const auto signed_map = r2_map(a, b, Pairing::all, true);
    CHECK(turned.r2(2, 2) == doctest::Approx(-signed_map.r2(2, 2)));
    const auto few = a.view().slice(0, 0, 1);
    CHECK(says(error_of([&] { (void)r2_map(few, b); }), "trials"));
    CHECK(says(error_of([&] { (void)r2_map(a, b.view().slice(1, 0, 3)); }), "shape"));
  }

  TEST_CASE("r2 map: first common pairs leave out what one class has more") {
    const auto a = trial_powers(14, 1), b = trial_powers(12, 2);
    const auto cut = r2_map(a.view().slice(0, 0, 12), b, Pairing::all);
    CHECK(testing::largest_difference(r2_map(a, b).r2, cut.r2) == 0);
    CHECK(testing::largest_difference(r2_map(a, b, Pairing::all).r2, cut.r2) > 0);
  }

  TEST_CASE("automatic choice: three electrodes or the best cells, in the range only, the first of equals") {
    Matrix r2({3, 5});
    r2(0, 1) = 0.9, r2(0, 2) = 0.8, r2(1, 4) = 0.95, r2(2, 3) = 0.1, r2(2, 2) = 0.1;
    const std::vector<double> hz{0, 2.5, 5, 7.5, 10};
    CHECK(auto_features(r2, hz) == std::vector<Cell>{{1, 4}, {0, 1}, {2, 2}});
    CHECK(auto_features(r2, hz, {.rule = SelectionRule::best_cells}) == std::vector<Cell>{{1, 4}, {0, 1}, {0, 2}});
    CHECK(auto_features(r2, hz, {.count = 1, .low_hz = 5, .high_hz = 7.5}) == std::vector<Cell>{{0, 2}});
    CHECK(says(error_of([&] { (void)auto_features(r2, hz, {.count = 4}); }), "count"));
    CHECK(says(error_of([&] { (void)auto_features(r2, hz, {.channels = {3}}); }), "channel"));
    CHECK(says(error_of([&] { (void)auto_features(r2, hz, {.low_hz = 11}); }), "band"));
  }

  TEST_CASE("openvibe's classifier: tiny features are left nearly unscaled, as it does") {
    Matrix x = noise(40, 2);
    const auto y = alternating(40);
    for (std::int64_t n = 0; n < 40; ++n) x(n, 0) += n % 2 == 0 ? 0 : 3;
    const auto plain = fit_lda_openvibe(x, y, 2);
    CHECK(std::abs(plain.w(1, 0)) > 0.5);
    for (double& value : x) value *= 1e-6;
    CHECK(std::abs(fit_lda_openvibe(x, y, 2).w(1, 0)) < 1e-10);
    CHECK(says(error_of([&] { (void)fit_lda_openvibe(x, y, 3); }), "class"));
    CHECK(says(error_of([&] { (void)fit_lda_openvibe(x, y, 2, 1.5); }), "shrinkage"));
    CHECK(says(error_of([&] { (void)fit_lda_openvibe(x, std::vector<std::int64_t>(39, 0), 2); }), "shape"));
  }

  TEST_CASE("contiguous parts: every sample once, parts of one sample and more parts than samples are refused") {
    const auto parts = contiguous_parts(23, 4);
    CHECK(parts.front() == std::pair<std::int64_t, std::int64_t>(0, 5));
    CHECK(parts.back().second == 23);
    for (std::size_t i = 1; i < parts.size(); ++i) CHECK(parts[i].first == parts[i - 1].second);
    CHECK(says(error_of([] { (void)contiguous_parts(5, 6); }), "partitions"));
    CHECK(says(error_of([] { (void)contiguous_parts(5, 5); }), "one sample"));
    CHECK(says(error_of([] { (void)contiguous_parts(5, 1); }), "partitions"));
  }
}

}  // namespace caton
