// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/motor_imagery.hpp"

#include "caton/base/table.hpp"
#include "caton/datasets/simulated/hand_sources.hpp"
#include "caton/datasets/study.hpp"
#include "golden_test.hpp"

#include <cmath>

using namespace caton;
using namespace caton::testing;
using namespace caton::simulated;

namespace {

SimulatedMotorImagery small(double effect) {
  return {.subjects = 2, .sessions = 1, .trials = 6, .seconds = 3, .effect = effect, .seed = 4};
}

Matrix brain_of(const SimulatedMotorImagery& study, const std::vector<Hand>& cues) {
  const Head head = make_hand_head();
  return hand_brain(study, head, make_hand_person(study, head, 0), RandomStream(9, "brain"), cues);
}

/// Mean power of an electrode during the imagery after a cue.
double power_after(const Matrix& brain, std::int64_t electrode, std::int64_t cue) {
  double sum = 0;
  for (std::int64_t t = cue + 110; t < cue + 360; ++t) sum += brain(electrode, t) * brain(electrode, t);
  return sum;
}

bool equal(const Matrix& a, const Matrix& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace

TEST_SUITE("datasets") {
  TEST_CASE("motor imagery: with no effect the signals do not depend on the cues, not in one bit") {
    const std::vector<Hand> left(6, Hand::left), right(6, Hand::right);
    CHECK(equal(brain_of(small(0), left), brain_of(small(0), right)));
    CHECK_FALSE(equal(brain_of(small(1), left), brain_of(small(1), right)));
  }

  TEST_CASE("motor imagery: power falls over the hand area of the other side, while the hand is imagined") {
    const auto study = small(2);
    const Head head = make_hand_head();
    const auto c3 = std::find(head.electrodes.begin(), head.electrodes.end(), "C3") - head.electrodes.begin();
    const auto c4 = std::find(head.electrodes.begin(), head.electrodes.end(), "C4") - head.electrodes.begin();
    const std::vector<Hand> left(6, Hand::left), right(6, Hand::right);
    const Matrix imagined_left = brain_of(study, left), imagined_right = brain_of(study, right);
    double at_c3 = 0, at_c4 = 0;
    for (const std::int64_t cue : cue_samples(study)) {
      at_c3 += std::log(power_after(imagined_right, c3, cue) / power_after(imagined_left, c3, cue));
      at_c4 += std::log(power_after(imagined_left, c4, cue) / power_after(imagined_right, c4, cue));
      // Before the cue nothing differs but what the last imagery leaves.
      CHECK(imagined_left(c3, cue - 40) == imagined_right(c3, cue - 40));
    }
    CHECK(at_c3 < -0.5);
    CHECK(at_c4 < -0.5);
  }

  TEST_CASE("motor imagery: both hands equally often, in another order in every session") {
    SimulatedMotorImagery study = small(1);
    study.trials = 40;
    const auto first = make_cues(study, 0, 0), second = make_cues(study, 0, 1);
    CHECK(std::count(first.begin(), first.end(), Hand::left) == 20);
    CHECK(first != second);
    CHECK(first == make_cues(study, 0, 0));
  }

  TEST_CASE("motor imagery: a BIDS study that is read back, whole or not at all") {
    const Path folder = scratch("motor-imagery") / "study";
    simulate_motor_imagery(small(1), folder);
    const auto* const bids = Registry<DatasetEntry>::instance().find("bids");
    REQUIRE(bids != nullptr);
    const Study study =
        bids->open(folder, complete_options("study", bids->keys, {}, Json::object({{"target", "trial_type"}})));
    REQUIRE(study.recordings.size() == 2);
    CHECK(study.classes == std::vector<std::string>{"left_hand", "right_hand"});
    CHECK(study.recordings[0].trials.size() == 6);
    CHECK(study.recordings[0].open()->channels().size() == 22);
    const Table sources = read_table(folder / "derivatives/truth/sources.tsv", '\t');
    CHECK(sources.rows.size() == 2 * hand_rhythms().size());
    CHECK(std::filesystem::exists(folder / "derivatives/truth/sub-01/ses-01/eeg"));
    (void)error_of([&] { simulate_motor_imagery(small(1), folder); });
  }

  TEST_CASE("motor imagery: impossible studies are refused, naming the option") {
    const auto refused = [](SimulatedMotorImagery study, const std::string& option) {
      const Error error = error_of([&] { require_possible(study); });
      CHECK(error.exit_code() == 2);
      CHECK(std::string(error.what()).find(option) != std::string::npos);
    };
    refused({.subjects = 0}, "subjects");
    refused({.sessions = 0}, "sessions");
    refused({.trials = 1}, "trials");
    refused({.trials = 999, .seconds = 10}, "seconds");
    refused({.effect = -1}, "effect");
    refused({.effect = std::nan("")}, "effect");
  }
}
