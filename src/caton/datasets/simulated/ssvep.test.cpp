// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/ssvep.hpp"

#include "caton/base/table.hpp"
#include "caton/datasets/study.hpp"
#include "golden_test.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace caton;
using namespace caton::simulated;
using namespace caton::testing;

namespace {

SimulatedSsvep small(double effect) {
  return {.subjects = 1, .blocks = 2, .targets = 4, .seconds = 1, .effect = effect, .seed = 7};
}

/// Squared amplitude of a frequency in a second of the brain's answer at Oz.
double power_at(const Matrix& block, std::int64_t begin, double hz) {
  double sine = 0, cosine = 0;
  for (std::int64_t t = 0; t < 256; ++t) {
    const double angle = 2 * std::numbers::pi * hz * static_cast<double>(t) / flicker_rate_hz;
    sine += block(7, begin + 40 + t) * std::sin(angle);
    cosine += block(7, begin + 40 + t) * std::cos(angle);
  }
  return sine * sine + cosine * cosine;
}

bool equal(const Matrix& a, const Matrix& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace

TEST_SUITE("datasets") {
  TEST_CASE("ssvep: with no effect the signals do not depend on the targets, not in one bit") {
    const std::vector<std::int64_t> up{0, 1, 2, 3}, down{3, 2, 1, 0};
    CHECK(equal(flicker_block(small(0), 0, 0, up), flicker_block(small(0), 0, 0, down)));
    CHECK_FALSE(equal(flicker_block(small(1), 0, 0, up), flicker_block(small(1), 0, 0, down)));
    CHECK_FALSE(equal(flicker_block(small(0), 0, 0, up), flicker_block(small(0), 0, 1, up)));
  }

  TEST_CASE("ssvep: the back of the head repeats the target looked at") {
    const std::vector<std::int64_t> order{2, 0, 3, 1};
    const auto study = small(8);
    const Matrix block = flicker_block(study, 0, 0, order);
    for (std::size_t k = 0; k < 4; ++k) {
      const std::int64_t begin = flicker_begin(study, static_cast<std::int64_t>(k));
      for (std::int64_t other = 0; other < 4; ++other) {
        if (other == order[k]) continue;
        CHECK(power_at(block, begin, target_hz(study, order[k])) > power_at(block, begin, target_hz(study, other)));
      }
    }
  }

  TEST_CASE("ssvep: frequencies and phases") {
    SimulatedSsvep study;
    CHECK(target_hz(study, 11) == doctest::Approx(13.5));
    study.targets = 40;
    CHECK(target_hz(study, 39) == doctest::Approx(15.8));
    CHECK(target_phase_pi(6) == 1);
  }

  TEST_CASE("ssvep: a BIDS study that is read back, whole or not at all") {
    const Path folder = scratch("ssvep") / "study";
    simulate_ssvep(small(1), folder);
    const auto* const bids = Registry<DatasetEntry>::instance().find("bids");
    REQUIRE(bids != nullptr);
    const Study study =
        bids->open(folder, complete_options("study", bids->keys, {}, Json::object({{"target", "trial_type"}})));
    REQUIRE(study.recordings.size() == 2);
    CHECK(study.classes.size() == 4);
    CHECK(std::find(study.classes.begin(), study.classes.end(), "8.5 Hz") != study.classes.end());
    CHECK(study.recordings[1].trials.size() == 4);
    CHECK(read_table(folder / "derivatives/truth/targets.tsv", '\t').rows.size() == 4);
    (void)error_of([&] { simulate_ssvep(small(1), folder); });
  }

  TEST_CASE("ssvep: impossible studies are refused, naming the option") {
    const auto refused = [](SimulatedSsvep study, const std::string& option) {
      const Error error = error_of([&] { require_possible(study); });
      CHECK(error.exit_code() == 2);
      CHECK(std::string(error.what()).find(option) != std::string::npos);
    };
    refused({.subjects = 0}, "subjects");
    refused({.blocks = 0}, "blocks");
    refused({.targets = 1}, "targets");
    refused({.targets = 41}, "targets");
    refused({.seconds = 0.2}, "seconds");
    refused({.effect = std::nan("")}, "effect");
  }
}
