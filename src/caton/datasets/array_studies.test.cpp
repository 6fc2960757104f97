// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "made_files.hpp"
#include "study_open.hpp"

#include <cmath>

using namespace caton;
using caton::testing::has_code;
using caton::testing::MatlabWriter;
using caton::testing::open_study;
using caton::testing::study_problem;
using caton::testing::text_list;

namespace {

/// Values down the columns whose digits are their places: electrode, time, target, block, by axis.
std::vector<float> placed(const std::vector<std::int32_t>& shape, const std::array<std::size_t, 4>& axes) {
  std::vector<float> values;
  std::array<std::int32_t, 4> at{};
  for (at[3] = 0; at[3] < shape[3]; ++at[3])
    for (at[2] = 0; at[2] < shape[2]; ++at[2])
      for (at[1] = 0; at[1] < shape[1]; ++at[1])
        for (at[0] = 0; at[0] < shape[0]; ++at[0])
          values.push_back(static_cast<float>(at[axes[0]] + 100 * at[axes[2]] + 10000 * at[axes[3]]) +
                           static_cast<float>(at[axes[1]] % 64) / 64);
  return values;
}

double first_value(const StudyRecording& recording, std::int64_t channel, std::int64_t sample) {
  double value = 0;
  recording.open()->read(std::vector<std::int64_t>{channel}, sample, 1, View<double, 2>(&value, {1, 1}));
  return value * 1e6;
}

/// A recording of muse-lsl with markers at rows 100, 300 and (the other kind) 500.
void write_marked(const Path& path) {
  std::filesystem::create_directories(path.parent_path());
  std::string text = "timestamps,TP9,AF7,AF8,TP10,Right AUX,Marker\n";
  for (int i = 0; i < 1024; ++i) {
    const int thousandths = i * 1000 / 256;
    text += std::to_string(1500000000 + thousandths / 1000) + "." +
            std::to_string(1000 + thousandths % 1000).substr(1) + ",1,2,3,4,5," +
            (i == 100 || i == 300    ? "1"
             : i == 500 || i == 1000 ? "2"
                                     : "0") +
            "\n";
  }
  write_file(path, text);
}

}  // namespace

TEST_SUITE("datasets") {
  TEST_CASE("12JFPM, the Tsinghua benchmark and BETA: axes in their orders, blocks as recordings") {
    const MatlabWriter writer;
    struct Case {
      const char* layout;
      std::vector<std::int32_t> shape;
      std::array<std::size_t, 4> axes;
      std::size_t electrodes;
      double onset_s, latency_s, rate_hz;
    };
    for (const Case& one : {Case{"12jfpm", {12, 8, 1114, 2}, {1, 2, 0, 3}, 8, 0.15, 0.135, 256},
                            Case{"tsinghua-benchmark", {64, 1500, 40, 2}, {0, 1, 2, 3}, 64, 0.5, 0.14, 250},
                            Case{"beta", {64, 750, 2, 40}, {0, 1, 3, 2}, 64, 0.5, 0.13, 250}}) {
      CAPTURE(one.layout);
      const Path folder = caton::testing::scratch(std::string("layout-") + one.layout);
      const auto values = placed(one.shape, one.axes);
      const bool beta = std::string(one.layout) == "beta";
      const std::string array = writer.numbers(one.shape, values, beta ? "" : one.layout[0] == '1' ? "eeg" : "data");
      std::vector<double> frequencies;
      for (int i = 0; i < 40; ++i) frequencies.push_back(i < 37 ? 8.6 + 0.2 * i : 8.0 + 0.2 * (i - 37));
      const std::string info = writer.structs({1, 1}, {"freqs"}, {{writer.numbers<double>({1, 40}, frequencies)}});
      write_file(folder / "S3.mat",
                 writer.file({beta ? writer.structs({1, 1}, {"EEG", "suppl_info"}, {{array, info}}, "data") : array}));
      const Study study = open_study(one.layout, folder);
      CHECK(study.channels.size() == one.electrodes);
      const auto targets = static_cast<std::size_t>(one.shape[one.axes[2]]);
      CHECK(study.classes.size() == targets);
      CHECK(study.classes.front() == (targets == 12 ? "9.25 Hz" : "8 Hz"));
      REQUIRE(study.recordings.size() == 2);
      const StudyRecording& second = study.recordings[1];
      CHECK(second.id == "s03-block-02");
      REQUIRE(second.trials.size() == targets);
      const std::int64_t points = one.shape[one.axes[1]];
      const auto begin = std::llround(one.onset_s * one.rate_hz) + std::llround(one.latency_s * one.rate_hz);
      CHECK(second.trials[1].begin == points + begin);
      CHECK(study.classes[static_cast<std::size_t>(second.trials[1].label)] == (targets == 12 ? "11.25 Hz"
                                                                                : beta        ? "8.8 Hz"
                                                                                              : "9 Hz"));
      const auto recording = second.open();
      CHECK(recording->segments().size() == targets);
      CHECK(recording->segments()[1].count == points);
      CHECK(first_value(second, 5, 2 * points + 3) == doctest::Approx(10000 + 200 + 5 + 3.0 / 64).epsilon(1e-9));
    }
  }

  TEST_CASE("spelling studies: arrays of other extents, windows that are too long, and folders without files") {
    const MatlabWriter writer;
    const Path folder = caton::testing::scratch("layout-blocks-wrong");
    CHECK(study_problem("12jfpm", folder).find("s1.mat") != std::string::npos);
    write_file(folder / "s1.mat", writer.file({writer.numbers<double>({2, 2}, {1, 2, 3, 4}, "eeg")}));
    CHECK(study_problem("12jfpm", folder).find("shape") != std::string::npos);
    write_file(folder / "s1.mat",
               writer.file({writer.numbers({12, 7, 300, 1}, std::vector<float>(12 * 7 * 300, 0), "eeg")}));
    CHECK(study_problem("12jfpm", folder).find("8 electrodes") != std::string::npos);
    write_file(folder / "s1.mat",
               writer.file({writer.numbers({12, 8, 300, 1}, std::vector<float>(12 * 8 * 300, 0), "eeg")}));
    CHECK(study_problem("12jfpm", folder).find("no recording holds a trial") != std::string::npos);
    CHECK(open_study("12jfpm", folder, Json::object({{"trial_s", 0.5}})).recordings.size() == 1);
  }

  TEST_CASE("bi2012: triggers become targets and non-targets, the ground is left out") {
    const MatlabWriter writer;
    const Path folder = caton::testing::scratch("layout-bi2012");
    std::filesystem::create_directories(folder / "subject_01");
    std::vector<double> table(20 * 640, 0.0);
    for (int column = 0; column < 20; ++column)
      for (int i = 0; i < 640; ++i) table[static_cast<std::size_t>(column * 640 + i)] = column < 18 ? column : 0;
    table[18 * 640 + 64] = 1;
    table[19 * 640 + 128] = 2;
    table[19 * 640 + 630] = 2;
    write_file(folder / "subject_01" / "training.mat",
               writer.file({writer.numbers<double>({640, 20}, table, "training")}));
    const Study study = open_study("bi2012", folder);
    CHECK(study.channels.size() == 16);
    CHECK(study.channels[2] == "F4");
    REQUIRE(study.recordings.size() == 1);
    CHECK(study.recordings[0].session == "training");
    REQUIRE(study.recordings[0].trials.size() == 2);
    CHECK(study.recordings[0].trials[0].begin == 64);
    CHECK(study.recordings[0].trials[1].label == 1);
    CHECK(has_code(study.findings, "bi2012/trial-cut"));
    CHECK(first_value(study.recordings[0], 2, 10) == doctest::Approx(4));
    CHECK(study_problem("bi2012", folder, Json::object({{"condition", "online"}})).find("no recording") !=
          std::string::npos);
  }

  TEST_CASE("Muse experiments: subject and session are folders, markers become classes") {
    const Path folder = caton::testing::scratch("layout-muse-visual");
    write_marked(folder / "subject1" / "session2" / "data_2017-02-04-15_45_13.csv");
    write_marked(folder / "subject3" / "session1" / "data_2018-02-04-15_45_13.csv");
    const Study study = open_study("p300-muse", folder);
    REQUIRE(study.recordings.size() == 2);
    CHECK(study.recordings[0].subject == "subject1");
    CHECK(study.recordings[0].session == "session2");
    REQUIRE(study.recordings[0].trials.size() == 3);
    CHECK(study.recordings[0].trials[0].begin == 74);
    CHECK(study.recordings[0].trials[2].label == 1);
    CHECK(has_code(study.findings, "p300-muse/trial-cut"));
    CHECK(open_study("ssvep-muse", folder).classes == std::vector<std::string>{"30 Hz", "20 Hz"});
    CHECK(open_study("n170-muse", folder).recordings.size() == 2);
  }

  TEST_CASE("Muse experiments and eye state: the task form is read by the same names") {
    const auto shared = caton::testing::shared_dir();
    if (!shared) return;
    const Path tasks = *shared / "data" / "tasks";
    CHECK(open_study("p300-muse", tasks / "p300-muse").recordings.size() == 20);
    CHECK(open_study("n170-muse", tasks / "n170-muse").recordings.size() == 12);
    CHECK(open_study("ssvep-muse", tasks / "ssvep-muse").recordings.size() == 16);
    CHECK(open_study("eye-state", tasks / "eye-state-emotiv").recordings.at(0).trials.size() == 24);
    CHECK(open_study("ssvep-exo", tasks / "ssvep-exo").recordings.size() == 10);
  }

  TEST_CASE("eye state: runs of equal label are trials") {
    const Path folder = caton::testing::scratch("layout-eye-state");
    std::string text = "@RELATION EEG_DATA\n";
    for (const char* const name :
         {"AF3", "F7", "F3", "FC5", "T7", "P7", "O1", "O2", "P8", "T8", "FC6", "F4", "F8", "AF4"})
      text += std::string("@ATTRIBUTE ") + name + " NUMERIC\n";
    text += "@ATTRIBUTE eyeDetection {0,1}\n@DATA\n";
    for (int i = 0; i < 500; ++i)
      text += "4300.5,4000,4300,4100,4300,4600,4100,4600,4200,4200,4200,4300,4600,4400," +
              std::string(i < 200 || i >= 350 ? "0" : "1") + "\n";
    write_file(folder / "EEG Eye State.arff", text);
    const Study study = open_study("eye-state", folder);
    CHECK(study.channels.size() == 14);
    REQUIRE(study.recordings.size() == 1);
    const auto& trials = study.recordings[0].trials;
    REQUIRE(trials.size() == 3);
    CHECK(trials[1].begin == 200);
    CHECK(trials[1].end == 350);
    CHECK(trials[1].label == 1);
    CHECK(first_value(study.recordings[0], 0, 0) == doctest::Approx(4300.5));
  }

  TEST_CASE("MODMA: the group is in the number, the reference row is left out, sounds are told") {
    const MatlabWriter writer;
    const Path folder = caton::testing::scratch("layout-modma");
    const Path net = folder / "EEG_128channels_resting_lanzhou_2015",
               three = folder / "EEG_3channels_resting_lanzhou_2015";
    for (const Path& place : {net, three, folder / "audio_lanzhou_2015" / "02010002"})
      std::filesystem::create_directories(place);
    std::vector<float> values(129 * 500);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 129);
    for (const char* const person : {"02010002", "02020008", "02090001"})
      write_file(net / (std::string(person) + "rest 20150416 1017.mat"),
                 writer.file({writer.numbers({129, 500}, values, "a" + std::string(person) + "rest"),
                              writer.numbers<double>({1, 1}, {250}, "samplingRate")}));
    write_file(net / "02010002erp 20150416 1131.mat", writer.file({writer.numbers({129, 500}, values, "erp")}));
    std::string text;
    for (int i = 0; i < 300; ++i) text += std::to_string(i) + " 2.5 -1\n";
    write_file(three / "02010001_still.txt", text);
    write_file(three / "02030002_still.txt", text);
    write_file(folder / "audio_lanzhou_2015" / "02010002" / "01.wav", std::string_view("RIFF"));
    const Study study = open_study("modma", folder);
    CHECK(study.label_of_person);
    CHECK(study.channels.size() == 128);
    REQUIRE(study.recordings.size() == 2);
    CHECK(study.recordings[0].trials.at(0).label == 1);
    CHECK(study.recordings[1].trials.at(0).label == 0);
    CHECK(study.recordings[0].trials.at(0).end == 500);
    CHECK(study.recordings[0].open()->channels().size() == 128);
    CHECK(first_value(study.recordings[0], 127, 3) == doctest::Approx(127));
    CHECK(has_code(study.findings, "modma/audio"));
    CHECK(has_code(study.findings, "modma/group-unknown"));
    const Study small = open_study("modma", folder, Json::object({{"part", "3-electrodes-rest"}}));
    REQUIRE(small.recordings.size() == 2);
    CHECK(first_value(small.recordings[0], 0, 7) == doctest::Approx(7));
    CHECK(study_problem("modma", folder, Json::object({{"part", "2-electrodes"}})).find("128-electrodes-rest") !=
          std::string::npos);
  }
}
