// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/speller.hpp"
#include "signal_test.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

using testing::error_of;
using testing::noise;
using testing::says;

namespace {

constexpr double rate_hz = 250;
const std::vector<double> targets{9, 11.5, 13};

/// Every channel holds the target's flicker with a weight, and noise of its own.
SpellerPerson person(std::int64_t blocks, double flicker, std::uint64_t seed = 5) {
  constexpr std::int64_t samples = 153;
  const auto count = static_cast<std::int64_t>(targets.size());
  SpellerPerson made{Array<double, 3>({blocks * count, 4, samples}), {}, {}};
  for (std::int64_t n = 0; n < blocks * count; ++n) {
    made.y.push_back(n % count);
    made.block.push_back(n / count);
    const Matrix sine = testing::sine(samples, targets[static_cast<std::size_t>(n % count)], rate_hz, 0.4);
    const Matrix own = noise(4, samples, 1, seed + static_cast<std::uint64_t>(n));
    for (std::int64_t c = 0; c < 4; ++c)
      for (std::int64_t t = 0; t < samples; ++t)
        made.x(n, c, t) = own(c, t) + flicker * (0.3 + 0.2 * static_cast<double>(c)) * sine(0, t);
  }
  return made;
}

SpellerOptions options() {
  return {.stimuli = {.frequency_hz = targets, .rate_hz = rate_hz, .harmonics = 2},
          .window_samples = {75, 150},
          .bands = 2};
}

const std::vector<double> window_s{0.3, 0.6};

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("speller: every method reads a made speller, longer windows no worse") {
    const SpellerPerson made = person(4, 1);
    for (const SpellerMethod& method : speller_methods()) {
      CAPTURE(method.name);
      const auto scores = speller_scores(method, made, options());
      REQUIRE(scores.size() == 2);
      CHECK(share_right(scores[1].outer, made.y) >= 0.9);
      CHECK(share_right(scores[1].outer, made.y) >= share_right(scores[0].outer, made.y));
      CHECK(scores[1].inner.size() == 4);
    }
  }

  TEST_CASE("speller: no method reads noise") {
    const SpellerPerson made = person(8, 0, 700);
    SpellerOptions only_long = options();
    only_long.window_samples = {150};
    for (const SpellerMethod& method : speller_methods()) {
      CAPTURE(method.name);
      // 24 decisions of three targets: 16 or more right in one of 3600 studies.
      CHECK(share_right(speller_scores(method, made, only_long)[0].outer, made.y) < 16.0 / 24);
    }
  }

  TEST_CASE("speller: a left-out block reaches neither what is learned nor the densities") {
    const SpellerPerson made = person(4, 1);
    SpellerPerson changed = made;
    for (std::int64_t n = 0; n < 3; ++n)  // block 0
      for (std::int64_t t = 0; t < 153; ++t) changed.x(n, 1, t) = 30 * std::sin(static_cast<double>(t * t + n));
    const SpellerMethod& trca = speller_method("trca");
    const auto before = speller_scores(trca, made, options()), after = speller_scores(trca, changed, options());
    bool others_differ = false;
    for (std::int64_t n = 3; n < 12; ++n) {
      for (std::int64_t k = 0; k < 3; ++k) {
        CHECK(before[0].inner[0](n, k) == after[0].inner[0](n, k));
        others_differ = others_differ || before[0].outer(n, k) != after[0].outer(n, k);
      }
    }
    CHECK(others_differ);
  }

  TEST_CASE("speller: dynamic stopping lies between the shortest and the longest window and ends at either") {
    const SpellerPerson made = person(5, 0.35, 40);
    const auto scores = speller_scores(speller_method("fbcca"), made, options());
    const SpellerStopping stopping(scores, made, window_s);
    double last = 0;
    for (const double threshold : {0.0, 0.5, 0.9, 0.99}) {
      const StoppedRun run = stopping.run(StoppingRule::bayes, threshold);
      CHECK(run.seconds >= last);
      last = run.seconds;
    }
    CHECK(stopping.run(StoppingRule::bayes, 0).seconds == doctest::Approx(0.3));
    CHECK(stopping.run(StoppingRule::bayes, 0).accuracy == doctest::Approx(share_right(scores[0].outer, made.y)));
    CHECK(stopping.run(StoppingRule::bayes, 1.1).seconds == doctest::Approx(0.6));
    CHECK(stopping.run(StoppingRule::bayes, 1.1).accuracy == doctest::Approx(share_right(scores[1].outer, made.y)));
    CHECK(stopping.run(StoppingRule::cost, 0.1).seconds <= stopping.run(StoppingRule::cost, 0.9).seconds);
    CHECK(stopping.judged().size() == 2 * made.y.size());
    for (const auto& judged : stopping.judged()) CHECK((judged.posterior >= 0 && judged.posterior <= 1));
  }

  TEST_CASE("speller: all training blocks give the accuracy of leaving one out") {
    const SpellerPerson made = person(4, 0.5, 90);
    const SpellerMethod& ecca = speller_method("ecca");
    const auto scores = speller_scores(ecca, made, options());
    CHECK(accuracy_with_blocks(ecca, made, options(), 1, 3) == share_right(scores[1].outer, made.y));
  }

  TEST_CASE("speller: too few blocks, short epochs and unknown methods are refused by their words") {
    const SpellerMethod& trca = speller_method("trca");
    CHECK(says(error_of([&] { (void)speller_scores(trca, person(1, 1), options()); }), "blocks"));
    CHECK(says(error_of([&] { (void)speller_scores(trca, person(2, 1), options()); }), "trials"));
    const auto three = speller_scores(trca, person(3, 1), options());
    CHECK(three[0].inner.empty());
    const SpellerPerson made = person(3, 1);
    CHECK(says(error_of([&] { (void)SpellerStopping(three, made, window_s); }), "blocks"));
    SpellerOptions longer = options();
    longer.window_samples = {150, 200};
    CHECK(says(error_of([&] { (void)speller_scores(trca, person(4, 1), longer); }), "samples"));
    CHECK(says(error_of([] { (void)speller_method("trcaa"); }), "trcaa"));
  }
}

}  // namespace caton
