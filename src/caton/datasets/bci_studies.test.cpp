// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/edf/edf_writer.hpp"
#include "made_recordings.hpp"
#include "study_open.hpp"

using namespace caton;
using caton::testing::has_code;
using caton::testing::open_study;
using caton::testing::study_problem;
using caton::testing::text_list;

namespace {

/// A run of eegmmidb: 20 s of two padded electrodes, three cues of 4 s.
void write_run(const Path& folder, const std::string& person, int run, double rate_hz = 160) {
  const Path place = folder / person;
  std::filesystem::create_directories(place);
  const auto samples = static_cast<std::int64_t>(20 * rate_hz);
  Array<double, 2> signal({2, samples});
  for (std::int64_t i = 0; i < samples; ++i) signal(0, i) = 1e-6 * static_cast<double>(i % 50);
  EdfContent content;
  content.channels = {{.name = "Fc5."}, {.name = "Cz.."}};
  content.annotations = {{0, 4, "T0"}, {4, 4, "T1"}, {8, 4, "T0"}, {12, 4, "T2"}, {16, 4, "T1"}};
  write_edf(place / (person + "R" + (run < 10 ? "0" : "") + std::to_string(run) + ".edf"), signal.view(), rate_hz,
            content);
}

/// A session of the competition's first set: 25 channels, four trials of 7 s.
caton::testing::MadeGdf session_2a(bool evaluation) {
  caton::testing::MadeGdf made;
  made.labels.assign(25, "EEG");
  made.samples.assign(25, std::vector<std::int16_t>(8000, 5));
  for (std::uint16_t trial = 0; trial < 4; ++trial) {
    const std::uint32_t begin = 1 + 1750U * trial;
    made.events.push_back({begin, 768, 0, 1500});
    if (trial == 2) made.events.push_back({begin, 1023, 0, 1500});
    made.events.push_back({begin + 500, static_cast<std::uint16_t>(evaluation ? 783 : 769 + trial), 0, 313});
  }
  return made;
}

}  // namespace

TEST_SUITE("datasets") {
  TEST_CASE("eegmmidb: codes by run, electrodes without padding, people of another rate left out") {
    const Path folder = caton::testing::scratch("layout-eegmmidb");
    for (const int run : {1, 2, 4, 6, 8}) write_run(folder, "S001", run);
    write_run(folder, "S088", 4, 128);
    const Study fists = open_study("eegmmidb", folder);
    CHECK(fists.classes == std::vector<std::string>{"left fist", "right fist"});
    CHECK(fists.channels == std::vector<std::string>{"FC5", "Cz"});
    REQUIRE(fists.recordings.size() == 2);
    CHECK(fists.recordings[1].session == "R08");
    CHECK(has_code(fists.findings, "eegmmidb/rate-differs"));
    CHECK(has_code(fists.findings, "eegmmidb/odd-person"));
    const auto& trials = fists.recordings[0].trials;
    REQUIRE(trials.size() == 5);
    CHECK(trials[0].label == -1);
    CHECK(trials[1].label == 0);
    CHECK(trials[1].begin == 640);
    CHECK(trials[1].end == 1280);
    CHECK(trials[3].label == 1);
    CHECK(fists.recordings[0].open()->channels()[0].name == "FC5");
    const Study feet = open_study("eegmmidb", folder, Json::object({{"task", "imagined-fists-feet"}}));
    CHECK(feet.classes == std::vector<std::string>{"both fists", "both feet"});
    REQUIRE(feet.recordings.size() == 1);
    const Study eyes = open_study("eegmmidb", folder, Json::object({{"task", "eyes"}}));
    REQUIRE(eyes.recordings.size() == 2);
    CHECK(eyes.recordings[1].trials.at(0).label == 1);
    CHECK(eyes.recordings[1].trials.at(0).end == 3200);
    const Study rest =
        open_study("eegmmidb", folder, Json::object({{"classes", text_list({"rest", "left fist"})}, {"from_s", 1.0}}));
    CHECK(rest.recordings[0].trials.at(0).label == 0);
    CHECK(study_problem("eegmmidb", folder, Json::object({{"task", "fist"}})).find("fists") != std::string::npos);
    CHECK(study_problem("eegmmidb", folder, Json::object({{"task", "fists"}})).find("S001R03") != std::string::npos);
  }

  TEST_CASE("BCI competition IV 2a: cues, rejected trials, and labels that were published later") {
    const Path folder = caton::testing::scratch("layout-2a");
    write_file(folder / "A01T.gdf", session_2a(false).bytes());
    write_file(folder / "A01E.gdf", session_2a(true).bytes());
    const Study study = open_study("bci-iv-2a", folder);
    CHECK(study.channels.size() == 22);
    CHECK(study.channels[7] == "C3");
    REQUIRE(study.recordings.size() == 1);
    CHECK(study.recordings[0].session == "T");
    const auto& trials = study.recordings[0].trials;
    REQUIRE(trials.size() == 3);
    CHECK(trials[0].begin == 500 + 125);
    CHECK(trials[0].end - trials[0].begin == 875);
    CHECK(trials[2].label == 3);
    CHECK(has_code(study.findings, "bci-competition-iv-2a/rejected"));
    CHECK(has_code(study.findings, "bci-competition-iv-2a/label-unknown"));
    const auto recording = study.recordings[0].open();
    CHECK(recording->channels()[7].name == "C3");
    CHECK(recording->channels()[24].type == "eog");
    const Study all = open_study("bci-iv-2a", folder, Json::object({{"rejected", "keep"}}));
    CHECK(all.recordings[0].trials.size() == 4);
    const caton::testing::MatlabWriter writer;
    std::filesystem::create_directories(folder / "true_labels");
    write_file(folder / "true_labels" / "A01E.mat",
               writer.file({writer.numbers<double>({4, 1}, {4, 3, 2, 1}, "classlabel")}));
    const Study both = open_study("bci-iv-2a", folder);
    REQUIRE(both.recordings.size() == 2);
    CHECK(both.recordings[0].session == "E");
    CHECK(both.recordings[0].trials.at(0).label == 3);
    const Study hands =
        open_study("bci-iv-2a", folder, Json::object({{"classes", text_list({"left hand", "right hand"})}}));
    CHECK(hands.classes.size() == 2);
    CHECK(study_problem("bci-iv-2a", folder, Json::object({{"rejected", "maybe"}})).find("leave-out") !=
          std::string::npos);
    CHECK(study_problem("bci-iv-2b", folder).find("left hand") != std::string::npos);
  }

  TEST_CASE("BCI competition IV 2b: the session is in the name") {
    const Path folder = caton::testing::scratch("layout-2b");
    auto made = session_2a(false);
    made.labels.resize(6);
    made.samples.resize(6);
    made.events.resize(4);
    made.events[3] = {2251, 770, 0, 313};
    write_file(folder / "B0403T.gdf", made.bytes());
    const Study study = open_study("bci-iv-2b", folder);
    REQUIRE(study.recordings.size() == 1);
    CHECK(study.recordings[0].subject == "B04");
    CHECK(study.recordings[0].session == "03");
    CHECK(study.channels == std::vector<std::string>{"C3", "Cz", "C4"});
    CHECK(study.recordings[0].trials.size() == 2);
  }

  TEST_CASE("ssvep-exoskeleton: the label comes before the flicker, and 33026 is 21 Hz") {
    const Path folder = caton::testing::scratch("layout-exo");
    caton::testing::MadeGdf made{.second = false, .rate_hz = 256};
    made.labels = {"Oz", "O1", "O2", "PO3", "POz", "PO7", "PO8", "PO4"};
    made.samples.assign(8, std::vector<std::int16_t>(5000, 1));
    made.with_durations = false;
    made.events = {{257, 33026}, {385, 32779}, {1665, 32780}, {2049, 33024}, {2177, 32779}};
    std::filesystem::create_directories(folder / "subject02");
    write_file(folder / "subject02" / "record-[2012.07.06-19.02.16].gdf", made.bytes());
    const Study study = open_study("ssvep-exoskeleton", folder);
    REQUIRE(study.recordings.size() == 1);
    CHECK(study.recordings[0].subject == "subject02");
    CHECK(study.recordings[0].session == "2012.07.06-19.02.16");
    const auto& trials = study.recordings[0].trials;
    REQUIRE(trials.size() == 2);
    CHECK(study.classes.at(static_cast<std::size_t>(trials[0].label)) == "21 Hz");
    CHECK(trials[0].begin == 384 + 512);
    CHECK(trials[0].end - trials[0].begin == 768);
    CHECK(trials[1].label == 0);
  }

  TEST_CASE("ssvep-exoskeleton: the recording of the reference agrees with its task form") {
    const auto real = caton::testing::shared_dir();
    if (!real) return;
    const Path folder = caton::testing::scratch("layout-exo-real");
    std::filesystem::copy_file(*real / "data/formats/gdf/real_ssvep_s07_60s.gdf", folder / "record-[a].gdf");
    const Study gdf =
        open_study("ssvep-exoskeleton", folder, Json::object({{"classes", text_list({"rest", "13 Hz"})}}));
    const Study task = open_study("ssvep-exoskeleton", *real / "data/tasks/ssvep-exo",
                                  Json::object({{"records", text_list({"s07_2012.07.18-09.21.13"})}}));
    REQUIRE(gdf.recordings.size() == 1);
    REQUIRE(task.recordings.size() == 1);
    for (std::size_t i = 0; i < gdf.recordings[0].trials.size(); ++i) {
      CHECK(std::abs(gdf.recordings[0].trials[i].begin - task.recordings[0].trials.at(i).begin) <= 1);
      CHECK(gdf.recordings[0].trials[i].label == task.recordings[0].trials.at(i).label);
    }
  }
}
