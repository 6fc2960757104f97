// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/table.hpp"
#include "caton/datasets/study.hpp"
#include "caton/recording/formats/edf/edf_writer.hpp"
#include "study_open.hpp"

#include <algorithm>
#include <cmath>
#include <set>

using namespace caton;
using caton::testing::open_study;

namespace {

std::string problem_of(const std::string& layout, const Path& folder, Json given = Json::object()) {
  return caton::testing::study_problem(layout, folder, std::move(given));
}

bool has(const std::string& text, const char* word) { return text.find(word) != std::string::npos; }

bool found(const Findings& findings, const char* code) { return caton::testing::has_code(findings, code); }

void write_muse(const Path& path, int rows) {
  std::string text = "timestamps,TP9,AF7,AF8,TP10,Right AUX\n";
  for (int i = 0; i < rows; ++i)
    text += std::to_string(1500000000 + i / 256) + "." + std::to_string(1000 + i % 256 * 1000 / 256).substr(1) + "," +
            std::to_string(i % 7) + "," + std::to_string(i % 5) + ",1,2,3\n";
  write_file(path, text);
}

/// A subject's recording of 10 s at 100 Hz with events of 2 s.
void write_subject(const Path& root, const std::string& subject, const std::string& events,
                   std::vector<std::string> names = {"Fz", "Cz", "HEO"}) {
  const Path folder = root / ("sub-" + subject) / "eeg";
  std::filesystem::create_directories(folder);
  Array<double, 2> signal({static_cast<std::int64_t>(names.size()), 1000});
  for (std::int64_t i = 0; i < 1000; ++i) signal(0, i) = 1e-5 * std::sin(0.1 * static_cast<double>(i));
  EdfContent content;
  for (const auto& name : names) content.channels.push_back({.name = name});
  const std::string stem = "sub-" + subject + "_task-clips";
  write_edf(folder / (stem + "_eeg.edf"), signal.view(), 100, content);
  write_file(folder / (stem + "_events.tsv"), "onset\tduration\ttrial_type\tvalence\n" + events);
  std::string table = "name\ttype\tunits\tstatus\n";
  for (const auto& name : names) table += name + (name == "HEO" ? "\tHEOG" : "\tEEG") + "\tuV\tgood\n";
  write_file(folder / (stem + "_channels.tsv"), table);
}

}  // namespace

TEST_SUITE("datasets") {
  TEST_CASE("muse-mental-state: subject, session and class are read from the names") {
    const Path folder = caton::testing::scratch("layout-muse");
    std::filesystem::create_directories(folder / "deeper");
    write_muse(folder / "subjecta-relaxed-1.csv", 600);
    write_muse(folder / "deeper" / "subjectb-concentrating-2.csv", 512);
    write_muse(folder / "name-neutral-1.csv", 300);
    write_file(folder / "notes.csv", std::string_view("a,b\n1,2\n"));
    const Study study = open_study("muse-mental-state", folder);
    CHECK(study.classes == std::vector<std::string>{"relaxed", "neutral", "concentrating"});
    CHECK(study.channels == std::vector<std::string>{"TP9", "AF7", "AF8", "TP10"});
    REQUIRE(study.recordings.size() == 3);
    CHECK(study.recordings[0].subject == "a");
    CHECK(study.recordings[1].subject == "b");
    CHECK(study.recordings[1].session == "2");
    CHECK(study.recordings[1].trials.at(0).label == 2);
    CHECK(study.recordings[1].trials.at(0).end == end_of_recording);
    CHECK(study.recordings[2].subject == "name");
    CHECK(study.recordings[0].open()->channels().size() == 5);
    const Study two =
        open_study("muse-mental-state", folder,
                   Json::object({{"classes", Json::list_of(std::vector<std::string>{"neutral", "relaxed"})}}));
    CHECK(two.recordings[0].trials.at(0).label == 1);
    CHECK(two.recordings[1].trials.at(0).label == -1);
    CHECK(has(problem_of("muse-mental-state", folder / "deeper" / "none"), "no folder"));
    CHECK(has(problem_of("muse-mental-state", folder,
                         Json::object({{"classes", Json::list_of(std::vector<std::string>{"neutral", "relaxing"})}})),
              "relaxed"));
    CHECK(has(problem_of("muse-mental-state", caton::testing::scratch("layout-empty")), "subjecta-neutral-1.csv"));
  }

  TEST_CASE("muse-mental-state: gaps are respected, or ignored and told") {
    const Path folder = caton::testing::scratch("layout-muse-gaps");
    std::string text = "timestamps,TP9,AF7,AF8,TP10,Right AUX\n";
    for (int i = 0; i < 1024; ++i)
      text += std::to_string(1500000000 + i / 256 + (i < 512 ? 0 : 100)) + "." +
              std::to_string(1000 + i % 256 * 1000 / 256).substr(1) + "," + std::to_string(i % 7) + ",1,2,3,4\n";
    write_file(folder / "subjecta-relaxed-1.csv", text);
    const auto opened = [&](const char* gaps) {
      return open_study("muse-mental-state", folder, Json::object({{"gaps", gaps}})).recordings.at(0).open();
    };
    CHECK(opened("respect")->segments().size() == 2);
    const auto glued = opened("ignore");
    REQUIRE(glued->segments().size() == 1);
    CHECK(glued->segments()[0].count == 1024);
    CHECK(found(glued->findings(), "study/gaps-ignored"));
    const std::int64_t channel = 0;
    Array<double, 2> values({1, 4});
    glued->read(std::span(&channel, 1), 510, 4, values.view());
    CHECK(values(0, 2) == doctest::Approx(512 % 7 * 1e-6));
    CHECK(has(problem_of("muse-mental-state", folder, Json::object({{"gaps", "mend"}})), "respect"));
  }

  TEST_CASE("task: states within a recording are no trials of their own") {
    const auto folder = caton::testing::reference("data/tasks/eye-state-emotiv");
    if (!folder) return;
    const Study study = open_study("task", *folder, Json::object({{"trials", "recordings"}}));
    REQUIRE(study.recordings.size() == 1);
    CHECK(study.recordings[0].trials.size() == 24);
    for (const StudyTrial& trial : study.recordings[0].trials) CHECK(trial.name == study.recordings[0].id);
    CHECK(has(problem_of("task", *folder, Json::object({{"trials", "states"}})), "recordings"));
  }

  TEST_CASE("muse-mental-state: the 25 recordings of the reference") {
    const auto folder = caton::testing::reference("data/tasks/muse-mental-state");
    if (!folder) return;
    const Study study = open_study("muse-mental-state", *folder);
    CHECK(study.recordings.size() == 25);
    std::int64_t concentrating = 0;
    for (const auto& recording : study.recordings) concentrating += recording.trials.at(0).label == 2 ? 1 : 0;
    CHECK(concentrating == 9);
  }

  TEST_CASE("bids: ratings become low and high, types come from channels.tsv, odd events are told") {
    const Path root = caton::testing::scratch("layout-bids");
    write_subject(root, "01", "0\t2\tclip\t1\n2.5\t2\tclip\t5\n5\t2\tclip\tn/a\n9\t2\tclip\t4\n6\t0\tclip\t2\n");
    write_subject(root, "02", "1\t2\tclip\t3\n");
    write_file(root / "task-clips_events.json", std::string_view("{\"valence\": {\"Minimum\": 1, \"Maximum\": 5}}"));
    const Study study = open_study("bids", root);
    CHECK(study.classes == std::vector<std::string>{"low", "high"});
    CHECK(study.channels == std::vector<std::string>{"Fz", "Cz"});
    CHECK(study.label_about == "valence rated 1 to 5, high from 3");
    REQUIRE(study.recordings.size() == 2);
    const auto& trials = study.recordings[0].trials;
    REQUIRE(trials.size() == 2);
    CHECK(trials[0].label == 0);
    CHECK(trials[0].end == 200);
    CHECK(trials[1].begin == 250);
    CHECK(trials[1].rating == 5);
    CHECK(study.recordings[1].trials.at(0).label == 1);
    CHECK(found(study.findings, "bids/trial-outside"));
    CHECK(found(study.findings, "bids/event-without-duration"));
    CHECK(study.recordings[0].open()->channels()[2].type == "eog");
    const Study strict = open_study("bids", root, Json::object({{"threshold", 4.5}}));
    CHECK(strict.recordings[1].trials.at(0).label == 0);
    CHECK(has(problem_of("bids", root, Json::object({{"target", "valenz"}})), "valence"));
  }

  TEST_CASE("bids: categories, another channel set, and links that lead outside") {
    const Path root = caton::testing::scratch("layout-bids-categories");
    write_subject(root, "01", "0\t2\tleft\tn/a\n3\t2\tright\tn/a\n");
    write_subject(root, "02", "0\t2\tright\tn/a\n", {"Cz", "Pz"});
    const Study study = open_study("bids", root, Json::object({{"target", "trial_type"}}));
    CHECK(study.classes == std::vector<std::string>{"left", "right"});
    CHECK(study.channels == std::vector<std::string>{"Cz"});
    CHECK(found(study.findings, "bids/channels-differ"));
    CHECK(study.recordings[1].trials.at(0).label == 1);
    const Path elsewhere = caton::testing::scratch("layout-elsewhere");
    write_subject(elsewhere, "03", "0\t2\tleft\tn/a\n");
    std::filesystem::create_directory_symlink(elsewhere / "sub-03", root / "sub-03");
    CHECK(has(problem_of("bids", root, Json::object({{"target", "trial_type"}})), "outside"));
  }

  TEST_CASE("emotion-sim: clips, classes and people of the task form") {
    const auto folder = caton::testing::reference("data/tasks/emotion-sim");
    if (!folder) return;
    const Study study = open_study("emotion-sim", *folder);
    CHECK(study.name == "emotion-sim");
    CHECK(study.classes == std::vector<std::string>{"negative", "neutral", "positive"});
    CHECK(study.channels.size() == 14);
    REQUIRE(study.recordings.size() == 8);
    for (const auto& recording : study.recordings) {
      CHECK(recording.trials.size() == 9);
      CHECK(recording.trials.back().end <= recording.open()->channels()[0].samples);
      CHECK(recording.trials.front().end - recording.trials.front().begin == 2560);
    }
    CHECK(has(problem_of("emotion-sim", caton::testing::scratch("layout-no-task")), "task.json"));
  }

  TEST_CASE("task: what a code means depends on the run; only runs that hold the classes are kept") {
    const auto folder = caton::testing::reference("data/tasks/motor-imagery-eegmmidb");
    if (!folder) return;
    const Json fists = Json::object({{"classes", Json::list_of(std::vector<std::string>{"left fist", "right fist"})},
                                     {"from_s", 0.5},
                                     {"trial_s", 3.0}});
    const Study study = open_study("task", *folder, fists);
    REQUIRE(study.recordings.size() == 3);
    CHECK(study.recordings[0].session == "R04");
    CHECK(found(study.findings, "motor-imagery-eegmmidb/record-unused"));
    std::int64_t cues = 0;
    for (const auto& recording : study.recordings) {
      for (const StudyTrial& trial : recording.trials) {
        if (trial.label < 0) continue;
        ++cues;
        CHECK(trial.end - trial.begin == 480);
      }
    }
    CHECK(cues == 45);
    CHECK(study.recordings[0].trials.at(1).begin == 672 + 80);
    CHECK(study.recordings[0].trials.at(1).label == 1);
    CHECK(open_study("task", *folder).classes ==
          std::vector<std::string>{"rest", "left fist", "both fists", "right fist", "both feet"});
    CHECK(has(problem_of("task", *folder,
                         Json::object({{"classes", Json::list_of(std::vector<std::string>{"left fits", "rest"})}})),
              "left fist"));
  }

  TEST_CASE("task: events without duration, trials before their event, several recordings of a session") {
    const auto folder = caton::testing::reference("data/tasks/p300-muse");
    if (!folder) return;
    CHECK(has(problem_of("task", *folder), "trial_s"));
    const Study study = open_study("task", *folder, Json::object({{"from_s", -26.0 / 256}, {"trial_s", 230.0 / 256}}));
    CHECK(study.recordings.size() == 20);
    CHECK(study.channels.size() == 4);
    CHECK(found(study.findings, "task/trial-cut"));
    std::set<std::string> names;
    std::size_t trials = 0;
    for (const auto& recording : study.recordings) {
      for (const StudyTrial& trial : recording.trials) {
        CHECK(trial.end - trial.begin == 230);
        CHECK(trial.begin >= 0);
        names.insert(recording.subject + "/" + recording.session + "/" + trial.name);
        ++trials;
      }
    }
    CHECK(names.size() == trials);
  }

  TEST_CASE("task: chosen records, labels without meaning, and what makes no sense") {
    const auto folder = caton::testing::reference("data/tasks/emotion-sim");
    if (!folder) return;
    const auto with = [](const char* key, Json value) { return Json::object({{key, std::move(value)}}); };
    const Study two =
        open_study("task", *folder, with("records", Json::list_of(std::vector<std::string>{"sim02", "sim05"})));
    REQUIRE(two.recordings.size() == 2);
    CHECK(two.recordings[1].id == "sim05");
    const Study turned = open_study("task", *folder, with("labels", "in-turn"));
    CHECK(found(turned.findings, "task/labels-meaningless"));
    for (const auto& recording : turned.recordings)
      for (std::size_t i = 0; i < recording.trials.size(); ++i)
        CHECK(recording.trials[i].label == static_cast<std::int64_t>(i % 3));
    CHECK(has(problem_of("task", *folder, with("records", Json::list_of(std::vector<std::string>{"sim22"}))), "sim02"));
    CHECK(has(problem_of("task", *folder, with("labels", "shuffled")), "in-turn"));
    CHECK(has(problem_of("task", *folder, with("from_s", 30.0)), "from_s"));
  }

  TEST_CASE("task: every folder in the task form is a study") {
    const auto shared = caton::testing::shared_dir();
    if (!shared) return;
    std::size_t studies = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*shared / "data" / "tasks")) {
      if (!std::filesystem::exists(entry.path() / "task.json")) continue;
      CAPTURE(entry.path().string());
      ++studies;
      const Study study = open_study("task", entry.path(), Json::object({{"trial_s", 0.5}}));
      CHECK_FALSE(study.recordings.empty());
      CHECK(study.classes.size() >= 2);
      for (const std::string& name : study.classes) CHECK(name.find('(') == std::string::npos);
    }
    CHECK(studies >= 8);
  }
}
