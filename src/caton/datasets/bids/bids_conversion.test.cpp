// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/bids/bids_conversion.hpp"
#include "caton/recording/memory_recording.hpp"
#include "study_open.hpp"

#include <cmath>

using namespace caton;
using caton::testing::open_study;

namespace {

std::unique_ptr<Recording> made() {
  MemoryContent content;
  content.format = "made";
  content.channels = {
      {.name = "Fz", .unit = "uV", .rate_hz = 100, .si_factor = 1e-6, .position_m = {{0.0, 0.08, 0.04}}},
      {.name = "eye", .type = "eog", .unit = "uV", .rate_hz = 100, .si_factor = 1e-6}};
  content.values = Array<double, 2>({2, 600}, uninitialised);
  for (std::int64_t i = 0; i < 600; ++i) {
    content.values(0, i) = 10 * std::sin(0.1 * static_cast<double>(i));
    content.values(1, i) = 1;
  }
  content.segments = {{0, 300, 0}, {300, 300, 60}};
  content.annotations = {{61, 1.5, "right"}, {0.5, 1.5, "left"}, {1.0, 0, "tab\there"}};
  return memory_recording(std::move(content));
}

}  // namespace

TEST_SUITE("datasets") {
  TEST_CASE("BIDS conversion: what is added is read as a study") {
    const Path root = caton::testing::scratch("bids-conversion");
    const auto recording = made();
    for (const char* const name : {"sub-01_ses-a_task-hands", "sub-02_ses-a_task-hands"})
      add_to_bids(root, *recording, {.name = parse_bids_name(name), .power_line_hz = 50});
    const Study study =
        open_study("bids", root, Json::object({{"classes", caton::testing::text_list({"left", "right"})}}));
    CHECK(study.channels == std::vector<std::string>{"Fz"});
    REQUIRE(study.recordings.size() == 2);
    CHECK(study.recordings[1].subject == "02");
    CHECK(study.recordings[1].session == "a");
    const auto& trials = study.recordings[0].trials;
    REQUIRE(trials.size() == 2);
    CHECK(trials[0].begin == 50);
    CHECK(trials[1].begin == 400);
    CHECK(trials[1].label == 1);
    const auto opened = study.recordings[0].open();
    CHECK(opened->channels()[1].type == "eog");
    REQUIRE(opened->channels()[0].position_m.has_value());
    CHECK((*opened->channels()[0].position_m)[1] == doctest::Approx(0.08));
    CHECK(opened->segments().size() == 2);
    const std::string people = read_text_file(root / "participants.tsv", 1 << 16);
    CHECK(people == "participant_id\nsub-01\nsub-02\n");
  }

  TEST_CASE("BIDS conversion: names, and what is there already") {
    const Path root = caton::testing::scratch("bids-conversion-refusals");
    const auto recording = made();
    BidsConversion conversion{.name = parse_bids_name("sub-01_task-hands")};
    add_to_bids(root, *recording, conversion);
    const auto again = [&] { add_to_bids(root, *recording, conversion); };
    CHECK(std::string(caton::testing::error_of(again).what()).find("exists already") != std::string::npos);
    conversion.force = true;
    CHECK_NOTHROW(again());
    for (const char* const name : {"sub-01", "task-x", "sub-01_run-1_task-x", "sub-0/1_task-x", "sub-_task-x", ""}) {
      CAPTURE(name);
      CHECK(caton::testing::error_of([&] { static_cast<void>(parse_bids_name(name)); }).kind() == ErrorKind::usage);
    }
  }
}
