// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/memory_recording.hpp"
#include "golden_test.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

using namespace caton;

namespace {

/// Smooth noise of its own for every seed.
std::unique_ptr<Recording> made(std::uint64_t seed, std::int64_t samples, double gain = 1,
                                std::int64_t changed_samples = 0) {
  MemoryContent content;
  content.format = "made";
  content.values = Array<double, 2>({3, samples});
  for (std::int64_t row = 0; row < 3; ++row) {
    std::uint64_t state = (seed * 3 + static_cast<std::uint64_t>(row)) * 2654435761U + 1;
    content.channels.push_back(
        {.name = "C" + std::to_string(row + 1), .unit = "uV", .rate_hz = 128, .si_factor = 1e-6});
    double level = 0;
    for (std::int64_t i = 0; i < samples; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      level = 0.9 * level + static_cast<double>(state >> 40) / 16777216.0 - 0.5;
      content.values(row, i) = gain * 20 * level + (row == 0 && i < changed_samples ? 3.0 : 0.0);
    }
  }
  return memory_recording(std::move(content));
}

std::vector<Copy> copies_of(const std::vector<std::unique_ptr<Recording>>& recordings) {
  std::vector<Sketch> sketches;
  for (const auto& recording : recordings) sketches.push_back(sketch_of(*recording));
  return find_copies(sketches);
}

std::vector<std::unique_ptr<Recording>> pair_of(std::unique_ptr<Recording> a, std::unique_ptr<Recording> b) {
  std::vector<std::unique_ptr<Recording>> pair;
  pair.push_back(std::move(a));
  pair.push_back(std::move(b));
  return pair;
}

}  // namespace

TEST_SUITE("recording") {
  TEST_CASE("sketch: a copy, a nearly equal copy, an inverted, a louder and a shortened one are found") {
    const auto equal = copies_of(pair_of(made(1, 6000), made(1, 6000)));
    REQUIRE(equal.size() == 1);
    CHECK(equal[0].equal_channels == 3);
    const auto near = copies_of(pair_of(made(1, 6000), made(1, 6000, 1, 7)));
    REQUIRE(near.size() == 1);
    CHECK(near[0].equal_channels == 2);
    CHECK(near[0].correlation < 1);
    CHECK(copies_of(pair_of(made(1, 6000), made(1, 6000, -1))).size() == 1);
    CHECK(copies_of(pair_of(made(1, 6000), made(1, 6000, 2.5))).size() == 1);
    CHECK(copies_of(pair_of(made(1, 6000), made(1, 4000))).size() == 1);
  }

  TEST_CASE("sketch: different recordings are no copies") {
    std::vector<std::unique_ptr<Recording>> recordings;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) recordings.push_back(made(seed, 5000));
    CHECK(copies_of(recordings).empty());
  }

  TEST_CASE("sketch: of the mental-state recordings exactly the pair that is one recording is found") {
    const auto folder = caton::testing::reference("data/tasks/muse-mental-state");
    if (!folder) return;
    std::vector<Path> files;
    for (const auto& entry : std::filesystem::directory_iterator(*folder))
      if (entry.path().extension() == ".csv") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<std::unique_ptr<Recording>> recordings;
    for (const Path& file : files) recordings.push_back(open_recording(file));
    const auto copies = copies_of(recordings);
    REQUIRE(copies.size() == 1);
    CHECK(files[static_cast<std::size_t>(copies[0].first)].stem() == "name-concentrating-1");
    CHECK(files[static_cast<std::size_t>(copies[0].second)].stem() == "subjecta-concentrating-1");
    CHECK(copies[0].equal_channels == 4);
  }

  TEST_CASE("sketch: of the studies in task form exactly the known copies are found") {
    for (const auto& [study, first, second] :
         {std::tuple{"ssvep-exo", "s03_2012.07.11-15.33.08", "s07_2012.07.11-15.33.08"},
          std::tuple{"n170-muse", "s3_ses1_2018-05-14-19.38.10", "s3_ses2_2018-05-14-19.38.10"}}) {
      const auto folder = caton::testing::reference(std::string("data/tasks/") + study);
      if (!folder) continue;
      CAPTURE(study);
      std::vector<Path> files;
      for (const auto& entry : std::filesystem::directory_iterator(*folder))
        if (entry.path().extension() == ".npz") files.push_back(entry.path());
      std::sort(files.begin(), files.end());
      std::vector<std::unique_ptr<Recording>> recordings;
      for (const Path& file : files) recordings.push_back(open_recording(file));
      const auto copies = copies_of(recordings);
      REQUIRE(copies.size() == 1);
      CHECK(files[static_cast<std::size_t>(copies[0].first)].stem() == first);
      CHECK(files[static_cast<std::size_t>(copies[0].second)].stem() == second);
    }
  }
}
