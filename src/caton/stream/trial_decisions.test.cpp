// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/stream/trial_decisions.hpp"

#include "caton/evaluate/answers.hpp"
#include "caton/recording/memory_recording.hpp"

#include <doctest/doctest.h>

using namespace caton;

namespace {

/// 10 s at 100 Hz, 5 s of a gap, 10 s.
std::unique_ptr<Recording> with_a_gap() {
  MemoryContent content{.format = "test", .values = Matrix({1, 2000}, 0.0)};
  content.channels.push_back({.name = "Cz", .unit = "V", .rate_hz = 100});
  content.segments = {{0, 1000, 0}, {1000, 1000, 15}};
  return memory_recording(std::move(content));
}

struct Told {
  std::string name;
  std::int64_t windows, label;
  std::vector<double> probability;
};

}  // namespace

TEST_SUITE("stream") {
  TEST_CASE("a trial's answer follows its last window, is made of the windows within it, and equals that of a batch") {
    const auto recording = with_a_gap();
    TrialDecisions decisions(
        *recording, {{"trial-01", "a", 100, 500}, {"trial-02", "b", 1100, 1500}, {"trial-03", "c", 1550, 1600}}, 2);
    std::vector<Told> told;
    const auto tell = [&](const TrialDecision& one) {
      told.push_back({one.trial->name, one.windows, one.label, {one.probability.begin(), one.probability.end()}});
    };
    std::vector<double> within;
    for (int w = 0; w < 24; ++w) {
      const double begin_s = w < 9 ? w : w + 6, share = 0.2 + 0.03 * w;
      if (begin_s >= 15 + 10) break;
      const std::array<double, 2> p{share, 1 - share};
      decisions.add({.begin_s = begin_s, .end_s = begin_s + 1, .label = 0, .probability = p}, tell);
      if (begin_s >= 1 && begin_s + 1 <= 5) within.insert(within.end(), p.begin(), p.end());
      const double end_s = begin_s + 1;
      CHECK(told.size() == (end_s <= 5 ? 0U : end_s <= 20 ? 1U : end_s <= 21 ? 2U : 3U));
    }
    decisions.finish(tell);
    REQUIRE(told.size() == 3);
    CHECK(told[0].windows == 4);
    CHECK(told[1].windows == 4);  // at 16 s to 20 s: the gap counts as time
    CHECK(told[2].windows == 0);
    CHECK(told[2].probability.empty());
    Array<double, 2> windows({4, 2}, uninitialised);
    std::copy(within.begin(), within.end(), windows.begin());
    const Decided batch = decided({7, 7, 7, 7}, windows.view());
    for (std::int64_t k = 0; k < 2; ++k)
      CHECK(told[0].probability[static_cast<std::size_t>(k)] == batch.probability(0, k));
    CHECK(told[0].label == 1);
  }

  TEST_CASE("a trial that the stream does not reach the end of is told at its end") {
    const auto recording = with_a_gap();
    TrialDecisions decisions(*recording, {{"trial-01", "a", 1100, 2000}}, 2);
    int told = 0;
    const std::array<double, 2> p{0.9, 0.1};
    const auto tell = [&](const TrialDecision& one) {
      ++told;
      CHECK(one.windows == 1);
      CHECK(one.label == 0);
      CHECK(one.probability[0] == doctest::Approx(0.9));
    };
    decisions.add({.begin_s = 17, .end_s = 18, .label = 0, .probability = p}, tell);
    CHECK(told == 0);
    decisions.finish(tell);
    decisions.finish(tell);
    CHECK(told == 1);
  }
}
