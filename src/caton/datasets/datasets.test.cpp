// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/golden_case.hpp"
#include "caton/base/operation.hpp"
#include "caton/datasets/ratings.hpp"
#include "caton/datasets/rbt_dataset.hpp"
#include "caton/datasets/study.hpp"
#include "caton/features/feature.hpp"

#include "golden_test.hpp"
#include "peak_memory.hpp"
#include "study_files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {
namespace {

using testing::error_of;
using testing::made_rating;
using testing::made_value;
using testing::scratch;

Study open_study(const std::string& name, const Path& folder, const Json& given = Json::object()) {
  const DatasetEntry* const entry = Registry<DatasetEntry>::instance().find(name);
  REQUIRE(entry != nullptr);
  return entry->open(folder, complete_options("study", entry->keys, {}, given));
}

bool says(const Error& error, const std::string& word) {
  INFO(error.what());
  return std::string(error.what()).find(word) != std::string::npos;
}

/// Value of a channel at a sample of an opened recording, in its unit as filed.
double value_at(const Recording& recording, std::int64_t channel, std::int64_t sample) {
  Array<double, 2> out({1, 1});
  const std::vector<std::int64_t> one{channel};
  recording.read(one, sample, 1, out.view());
  return out(0, 0) / recording.channels()[static_cast<std::size_t>(channel)].si_factor;
}

void check_dreamer(const Study& study, int subjects, int trials) {
  REQUIRE(study.recordings.size() == static_cast<std::size_t>(subjects * trials));
  CHECK(study.channels.size() == 14);
  CHECK(study.channels.front() == "AF3");
  for (int s : {0, subjects - 1}) {
    for (int t : {0, trials - 1}) {
      const StudyRecording& one = study.recordings[static_cast<std::size_t>(s * trials + t)];
      CAPTURE(one.id);
      const auto recording = one.open();
      REQUIRE(one.trials.size() == 1);
      const StudyTrial& trial = one.trials.front();
      CHECK(trial.rating == made_rating(s, t, 0));
      CHECK(trial.label == (made_rating(s, t, 0) >= 3 ? 1 : 0));
      CHECK(recording->channels().front().samples == trial.end);
      CHECK(recording->channels().front().unit == "uV");
      for (int c : {0, 5, 13}) {
        for (int i : {0, 17, static_cast<int>(trial.end) - 1}) {
          CHECK(value_at(*recording, c, i) == doctest::Approx(made_value(s, t, c, i)));
        }
      }
      const auto baseline = one.baseline(0);
      CHECK(baseline.extent(0) == 14);
      CHECK(baseline(3, 200) * 1e6 == doctest::Approx(made_value(s, t + 100, 3, 200)));
    }
  }
}

void write_deap_matlab(const Path& path, const testing::MatlabWriter& writer, int person, int trials, int samples) {
  const std::vector<std::int32_t> shape{trials, 40, samples}, label_shape{trials, 4};
  write_file(
      path,
      writer.file(
          {writer.numbers(shape, testing::down_the_columns(shape, testing::deap_values(person, trials, samples)),
                          "data"),
           writer.numbers(label_shape, testing::down_the_columns(label_shape, testing::deap_labels(person, trials)),
                          "labels")}));
}

void write_deap_pickle(const Path& path, testing::PickleStyle style, int person, int trials, int samples) {
  testing::PickleWriter writer(style);
  writer.add("labels", {trials, 4}, testing::deap_labels(person, trials));
  writer.add("data", {trials, 40, samples}, testing::deap_values(person, trials, samples));
  write_file(path, writer.file());
}

void check_deap_person(const StudyRecording& one, int person, int trials, int samples) {
  const auto recording = one.open();
  REQUIRE(one.trials.size() == static_cast<std::size_t>(trials));
  CHECK(recording->channels().size() == 40);
  CHECK(recording->channels_of_type("eeg").size() == 32);
  CHECK(recording->segments().size() == static_cast<std::size_t>(trials));
  const auto labels = testing::deap_labels(person, trials);
  for (int t : {0, trials - 1}) {
    const StudyTrial& trial = one.trials[static_cast<std::size_t>(t)];
    CHECK(trial.end - trial.begin == samples - 384);
    CHECK(trial.rating == labels[static_cast<std::size_t>(t) * 4]);
    CHECK(trial.label == (trial.rating >= 5 ? 1 : 0));
    for (int c : {0, 31, 39}) {
      CHECK(value_at(*recording, c, trial.begin + 3) == doctest::Approx(made_value(person, t, c, 387) / 4.0));
      CHECK(value_at(*recording, c, trial.end - 1) == doctest::Approx(made_value(person, t, c, samples - 1) / 4.0));
    }
    const auto baseline = one.baseline(t);
    CHECK(baseline.extent(0) == 32);
    CHECK(baseline.extent(1) == 384);
    CHECK(baseline(7, 100) * 1e6 == doctest::Approx(made_value(person, t, 7, 100) / 4.0));
  }
}

/// One session of SEED, film by film, so that no more than one is held.
void write_seed_session(const Path& path, const testing::MatlabWriter& writer, int session, int films, int samples) {
  FileWriter file(path);
  file.write(writer.header());
  for (int f = 0; f < films; ++f) {
    std::vector<double> values;
    values.reserve(62 * static_cast<std::size_t>(samples));
    for (int i = 0; i < samples; ++i) {
      for (int c = 0; c < 62; ++c) values.push_back(made_value(session, f, c, i));
    }
    file.write(writer.variable(writer.numbers({62, samples}, values, "djc_eeg" + std::to_string(f + 1))));
  }
  file.commit();
}

void write_seed_labels(const Path& folder) {
  const testing::MatlabWriter writer;
  write_file(folder / "label.mat",
             writer.file({writer.numbers(
                 {1, 15}, std::vector<std::int16_t>{1, 0, -1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 0, 1, -1}, "label")}));
}

double sum_of(const Recording& recording, std::int64_t channels) {
  const std::int64_t samples = recording.channels().front().samples;
  std::vector<std::int64_t> rows(static_cast<std::size_t>(channels));
  std::iota(rows.begin(), rows.end(), 0);
  Array<float, 2> out({channels, samples});
  recording.read(rows, 0, samples, out.view());
  return std::accumulate(out.begin(), out.end(), 0.0);
}

/// Tokens of all trials as a recipe's input makes them, one recording after the other.
std::vector<double> recipe_tokens(const Study& study, const std::string& preset) {
  const FeatureChoice choice = feature_choice(Json::object({{"name", "rbt-trial-tokens"}, {"preset", preset}}));
  std::vector<double> tokens;
  for (const auto& one : study.recordings) {
    const auto recording = one.open();
    std::vector<std::int64_t> channels;
    for (const auto& name : study.channels) channels.push_back(recording->channel_index(name));
    const Channel& first = recording->channels().front();
    Array<double, 2> signal({static_cast<std::int64_t>(channels.size()), first.samples});
    recording->read(channels, 0, first.samples, signal.view());
    FeatureRequest request{.signal = signal.view(), .rate_hz = first.rate_hz, .baseline = one.baseline};
    for (std::size_t t = 0; t < one.trials.size(); ++t) {
      request.trials.push_back({static_cast<std::int64_t>(t), one.trials[t].begin, one.trials[t].end});
    }
    const FeatureWindows windows = choice.entry->measure(request, choice.options);
    tokens.insert(tokens.end(), windows.values.begin(), windows.values.end());
  }
  return tokens;
}

void check_same_tokens(const std::string& dataset, const Path& folder) {
  CAPTURE(dataset);
  const auto wanted = rbt_dataset(dataset, folder).at("tokens").doubles();
  const auto got = recipe_tokens(open_study(dataset, folder), dataset);
  REQUIRE(got.size() == wanted.size());
  double worst = 0;
  for (std::size_t i = 0; i < got.size(); ++i) worst = std::max(worst, std::abs(got[i] - wanted[i]));
  CHECK(worst < 2e-6);
}

void check_memory(const std::optional<double>& peak_mb) {
  if (!peak_mb) {
    MESSAGE("the peak of memory cannot be reset here; not checked");
    return;
  }
  MESSAGE("reading took " << *peak_mb << " MB at most");
  CHECK(*peak_mb < 1000);
}

}  // namespace

TEST_SUITE("datasets") {
  TEST_CASE("golden: labels and whole data sets as the authors' classes make them") {
    for (const char* const name : {"labels", "dataset-dreamer-mini", "dataset-deap-mini", "dataset-seed-mini"}) {
      const auto path = testing::reference("golden/rbtransformer/" + std::string(name) + ".safetensors");
      if (!path) continue;
      CAPTURE(name);
      const GoldenCase golden = read_golden_case(*path);
      const Json calls = golden.json("calls");
      for (const Json& call : calls.items()) {
        Json args = call.at("args");
        if (args.has("path")) args["path"] = (path->parent_path() / args.at("path").text()).string();
        Tensors in;
        for (const auto& [port_name, tensor] : call.at("in").members())
          in[port_name] = golden.content.tensors.at(tensor.text());
        const Tensors out = run_operation(call.at("op").text(), args, in);
        for (const auto& [port_name, tensor] : call.at("out").members()) {
          const auto got = out.at(port_name).doubles();
          const auto wanted = golden.content.tensors.at(tensor.text()).doubles();
          REQUIRE(got.size() == wanted.size());
          for (std::size_t i = 0; i < got.size(); ++i)
            CHECK(std::abs(got[i] - wanted[i]) <= 2e-6 + 1e-6 * std::abs(wanted[i]));
        }
      }
    }
  }

  TEST_CASE("labels: edges, and what is refused") {
    const std::vector<double> edges{1, 2.99, 3, 5};
    CHECK(rbt_labels(edges, dreamer_scale(), LabelKind::binary) == std::vector<std::int64_t>{0, 0, 1, 1});
    CHECK(rbt_labels(edges, dreamer_scale(), LabelKind::multi) == std::vector<std::int64_t>{0, 1, 2, 4});
    const std::vector<double> nine{1, 4.99, 5, 8.99, 9};
    CHECK(rbt_labels(nine, deap_scale(), LabelKind::binary) == std::vector<std::int64_t>{0, 0, 1, 1, 1});
    CHECK(rbt_labels(nine, deap_scale(), LabelKind::multi) == std::vector<std::int64_t>{0, 3, 4, 7, 8});
    const std::vector<double> films{-1, 0, 1};
    CHECK(rbt_labels(films, seed_scale(), LabelKind::multi) == std::vector<std::int64_t>{0, 1, 2});
    const auto refusal = [](double rating, const RatingScale& scale, LabelKind kind) {
      return error_of([&] { static_cast<void>(rbt_labels({&rating, 1}, scale, kind)); });
    };
    CHECK(says(refusal(0.99, dreamer_scale(), LabelKind::binary), "range"));
    CHECK(says(refusal(5.01, dreamer_scale(), LabelKind::multi), "range"));
    CHECK(says(refusal(9.5, deap_scale(), LabelKind::multi), "range"));
    CHECK(says(refusal(0.5, seed_scale(), LabelKind::multi), "range"));
    CHECK(says(refusal(std::nan(""), deap_scale(), LabelKind::binary), "finite"));
    CHECK(refusal(1, seed_scale(), LabelKind::binary).kind() == ErrorKind::usage);
    CHECK(says(error_of([] { static_cast<void>(rating_scale("dreamr")); }), "dreamer"));
  }

  TEST_CASE("DREAMER: cell or struct array, plain or compressed, either byte order, numbers stored narrow") {
    const Path folder = scratch("dreamer-forms");
    for (const bool struct_array : {false, true}) {
      for (const bool compressed : {false, true}) {
        for (const bool narrow : {false, true}) {
          CAPTURE(struct_array);
          CAPTURE(compressed);
          CAPTURE(narrow);
          const ByteOrder order = narrow ? ByteOrder::big : ByteOrder::little;
          testing::DreamerMade made{
              .compressed = compressed, .struct_array = struct_array, .narrow = narrow, .order = order};
          made.samples = [](int t) { return 500 + 100 * t; };
          testing::DreamerMaker(made).write(folder / "DREAMER.mat");
          check_dreamer(open_study("dreamer", folder), 2, 3);
        }
      }
    }
  }

  TEST_CASE("DREAMER: MATLAB 7.3, cell or struct array") {
    const Path folder = scratch("dreamer-73");
    const std::string file = (folder / "DREAMER.mat").string();
    for (const char* const form : {"cell", "structs"}) {
      CAPTURE(form);
      if (!testing::run_tool("caton-write-hdf5", "dreamer " + file + " 2 3 256 600 " + form)) return;
      check_dreamer(open_study("dreamer", folder), 2, 3);
    }
    // All people and films; each film cut to 4 s.
    if (!testing::run_tool("caton-write-hdf5", "dreamer " + file + " 23 18 256 512 cell")) return;
    check_memory(testing::peak_memory_mb([&] { check_dreamer(open_study("dreamer", folder), 23, 18); }));
    std::filesystem::remove_all(folder);
  }

  TEST_CASE("DREAMER: a missing field is refused by its name") {
    const Path folder = scratch("dreamer-missing");
    for (const char* const field : {"Data", "EEG_SamplingRate", "EEG_Electrodes", "EEG", "baseline", "stimuli",
                                    "ScoreValence", "ScoreArousal", "ScoreDominance"}) {
      CAPTURE(field);
      testing::DreamerMaker({.without = field}).write(folder / "DREAMER.mat");
      const Error error = error_of([&] { static_cast<void>(open_study("dreamer", folder)); });
      CHECK(error.kind() == ErrorKind::input);
      CHECK(says(error, field));
    }
  }

  TEST_CASE("DREAMER: all of 23 x 18 at full length stays far below 1 GB") {
    // Lengths of the published films; numbers stored as one byte each, as MATLAB does when it can: 180 MB instead
    // of 1.5 GB.
    const Path folder = scratch("dreamer-full");
    testing::DreamerMade made{.subjects = 23, .trials = 18, .baseline = 7808, .narrow = true};
    made.samples = [](int t) { return 8064 + (t * 5471) % 42000; };
    testing::DreamerMaker(made).write(folder / "DREAMER.mat");
    check_memory(testing::peak_memory_mb([&] {
      const Study study = open_study("dreamer", folder);
      check_dreamer(study, 23, 18);
      for (const auto& one : study.recordings) CHECK(sum_of(*one.open(), 14) > 0);
    }));
    std::filesystem::remove_all(folder);
  }

  TEST_CASE("DREAMER: one compressed variable is read part by part") {
    // One person at full length (60 MB in one zlib stream), and all 23 x 18 with short films.
    const Path folder = scratch("dreamer-compressed");
    testing::DreamerMade one{.subjects = 1, .trials = 18, .baseline = 7808, .compressed = true};
    one.samples = [](int t) { return 8064 + (t * 5471) % 42000; };
    testing::DreamerMaker(one).write(folder / "DREAMER.mat");
    check_memory(testing::peak_memory_mb([&] { check_dreamer(open_study("dreamer", folder), 1, 18); }));
    testing::DreamerMade all{.subjects = 23, .trials = 18, .baseline = 384, .compressed = true};
    testing::DreamerMaker(all).write(folder / "DREAMER.mat");
    check_dreamer(open_study("dreamer", folder), 23, 18);
    std::filesystem::remove_all(folder);
  }

  TEST_CASE("DREAMER: dimensions, classes and trials without rating") {
    const Path folder = scratch("dreamer-keys");
    testing::DreamerMaker({}).write(folder / "DREAMER.mat");
    const Study multi = open_study("dreamer", folder, Json::object({{"target", "dominance"}, {"classes", "multi"}}));
    CHECK(multi.classes == std::vector<std::string>{"1", "2", "3", "4", "5"});
    for (std::size_t i = 0; i < multi.recordings.size(); ++i) {
      const double rating = made_rating(static_cast<int>(i) / 3, static_cast<int>(i) % 3, 2);
      CHECK(multi.recordings[i].trials.front().label == static_cast<std::int64_t>(rating) - 1);
    }
    const auto refused = [&](const Json& keys) {
      return error_of([&] { static_cast<void>(open_study("dreamer", folder, keys)); });
    };
    CHECK(says(refused(Json::object({{"target", "valance"}})), "valence"));
    CHECK(says(refused(Json::object({{"classes", "three"}})), "binary"));
    CHECK(says(refused(Json::object({{"unrated", "guess"}})), "skip"));
    CHECK(refused(Json::object({{"tarqet", "valence"}})).kind() == ErrorKind::usage);
  }

  TEST_CASE("DEAP: every form of file gives the same study") {
    const int trials = 3, samples = 1000;
    int form = 0;
    const auto check = [&](const std::function<void(const Path&)>& write, const char* name) {
      const Path folder = scratch("deap-form-" + std::to_string(form++));
      write(folder / name);
      CAPTURE(name);
      const Study study = open_study("deap", folder);
      REQUIRE(study.recordings.size() == 1);
      CHECK(study.recordings.front().subject == "s07");
      CHECK(study.channels.size() == 32);
      check_deap_person(study.recordings.front(), 7, trials, samples);
    };
    for (const bool python2 : {true, false}) {
      for (const bool fortran : {false, true}) {
        for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
          for (const bool single : {false, true}) {
            const testing::PickleStyle style{python2, fortran, order, single};
            check([&](const Path& path) { write_deap_pickle(path, style, 7, trials, samples); }, "s07.dat");
          }
        }
      }
    }
    for (const bool compressed : {false, true}) {
      const testing::MatlabWriter writer(compressed, compressed ? ByteOrder::big : ByteOrder::little);
      check([&](const Path& path) { write_deap_matlab(path, writer, 7, trials, samples); }, "s07.mat");
    }
  }

  TEST_CASE("DEAP: one person of 40 x 40 x 8064 stays below 1 GB, as pickle and as MATLAB file") {
    const Path folder = scratch("deap-full");
    // The form that needs most: bytes as text of Latin-1 characters, which must be put together again.
    write_deap_pickle(folder / "s01.dat", {.python2 = false, .fortran = true}, 1, 40, 8064);
    check_memory(testing::peak_memory_mb(
        [&] { check_deap_person(open_study("deap", folder).recordings.front(), 1, 40, 8064); }));
    std::filesystem::remove(folder / "s01.dat");
    write_deap_matlab(folder / "s01.mat", testing::MatlabWriter(), 1, 40, 8064);
    check_memory(testing::peak_memory_mb(
        [&] { check_deap_person(open_study("deap", folder).recordings.front(), 1, 40, 8064); }));
    std::filesystem::remove_all(folder);
  }

  TEST_CASE("DEAP: 32 people in order, a person twice, what is missing") {
    // All people and trials of the publication, with trials cut to 4 s.
    const Path folder = scratch("deap-people");
    for (int person = 1; person <= 32; ++person) {
      write_deap_pickle(folder / (std::string(person < 10 ? "s0" : "s") + std::to_string(person) + ".dat"), {}, person,
                        40, 512);
    }
    write_deap_matlab(folder / "s05.mat", testing::MatlabWriter(), 5, 40, 512);
    const Study study = open_study("deap", folder, Json::object({{"target", "liking"}}));
    REQUIRE(study.recordings.size() == 32);
    for (int person = 1; person <= 32; ++person) {
      const StudyRecording& one = study.recordings[static_cast<std::size_t>(person - 1)];
      CHECK(one.subject == std::string(person < 10 ? "s0" : "s") + std::to_string(person));
      CHECK(one.trials.size() == 40);
      CHECK(one.trials[39].rating == testing::deap_labels(person, 40)[39 * 4 + 3]);
    }
    REQUIRE(study.findings.size() == 1);
    CHECK(study.findings.front().code == "deap/two-files");
    const Path bad = scratch("deap-bad");
    const auto refused = [&] { return error_of([&] { static_cast<void>(open_study("deap", bad)); }); };
    CHECK(says(refused(), "s01.dat"));
    testing::PickleWriter only_labels;
    only_labels.add("labels", {40, 4}, testing::deap_labels(1, 40));
    write_file(bad / "s01.dat", only_labels.file());
    CHECK(says(refused(), "data"));
    testing::PickleWriter wrong;
    wrong.add("labels", {2, 4}, testing::deap_labels(1, 2));
    wrong.add("data", {2, 39, 400}, std::vector<double>(2 * 39 * 400, 1.0));
    write_file(bad / "s01.dat", wrong.file());
    CHECK(says(refused(), "shape"));
  }

  TEST_CASE("DEAP: a rating that is no number is refused, or left out where that is asked for") {
    const Path folder = scratch("deap-unrated");
    auto labels = testing::deap_labels(1, 3);
    labels[4] = std::nan("");
    testing::PickleWriter writer;
    writer.add("labels", {3, 4}, labels);
    writer.add("data", {3, 40, 900}, testing::deap_values(1, 3, 900));
    write_file(folder / "s01.dat", writer.file());
    CHECK(says(error_of([&] { static_cast<void>(open_study("deap", folder)); }), "finite"));
    CHECK(says(error_of([&] { static_cast<void>(rbt_dataset("deap", folder)); }), "finite"));
    const Study study = open_study("deap", folder, Json::object({{"unrated", "skip"}}));
    CHECK(study.recordings.front().trials[1].label == -1);
    CHECK(study.recordings.front().trials[2].label >= 0);
    CHECK(study.findings.size() == 1);
  }

  TEST_CASE("SEED: sessions by rank of the date, films by number, labels by film") {
    // All 45 sessions of 15 films with their published names, each film cut to 3 s.
    const Path folder = scratch("seed-sessions") / "Preprocessed_EEG";
    write_seed_labels(folder);
    write_file(folder / "readme.txt", std::string_view("made by a test"));
    const testing::MatlabWriter writer(true);
    for (int subject = 1; subject <= 15; ++subject) {
      for (int session = 0; session < 3; ++session) {
        // Written in an order that is not that of the dates.
        const std::string date = std::to_string(20140000 + (session + 1) % 3 * 100 + subject);
        write_seed_session(folder / (std::to_string(subject) + "_" + date + ".mat"), writer, (session + 1) % 3, 15,
                           600);
      }
    }
    const Study study = open_study("seed", folder.parent_path());
    REQUIRE(study.recordings.size() == 15 * 3 * 15);
    CHECK(study.classes == std::vector<std::string>{"negative", "neutral", "positive"});
    CHECK(study.channels.size() == 62);
    std::size_t index = 0;
    for (int subject = 1; subject <= 15; ++subject) {
      for (int session = 1; session <= 3; ++session) {
        for (int film = 1; film <= 15; ++film) {
          const StudyRecording& one = study.recordings[index++];
          CHECK(one.session == std::to_string(session));
          CHECK(one.trials.front().name == (film < 10 ? "film0" : "film") + std::to_string(film));
        }
      }
    }
    const StudyRecording& one = study.recordings[15 * 3 * 2 + 15 + 3];  // third subject, second session, fourth film
    CHECK(one.subject == "s03");
    CHECK(one.trials.front().label == 0);
    const auto recording = one.open();
    CHECK(recording->channels().front().rate_hz == 200);
    CHECK(recording->channels().front().unit == "unknown");
    CHECK(value_at(*recording, 61, 599) == made_value(1, 3, 61, 599));
    CHECK(!one.baseline);
  }

  TEST_CASE("SEED: a session of 15 films of 62 x 47000 is read film by film") {
    const Path folder = scratch("seed-full");
    write_seed_labels(folder);
    write_seed_session(folder / "1_20131027.mat", testing::MatlabWriter(), 0, 15, 47000);
    const auto peak = testing::peak_memory_mb([&] {
      const Study study = open_study("seed", folder);
      REQUIRE(study.recordings.size() == 15);
      for (const auto& one : study.recordings) CHECK(sum_of(*one.open(), 62) > 0);
    });
    check_memory(peak);
    std::filesystem::remove_all(folder);
  }

  TEST_CASE("SEED: what is missing or does not fit is named") {
    const Path folder = scratch("seed-bad");
    const auto refused = [&](const Json& keys = Json::object()) {
      return error_of([&] { static_cast<void>(open_study("seed", folder, keys)); });
    };
    CHECK(says(refused(), "label.mat"));
    write_seed_labels(folder);
    CHECK(says(refused(), "<subject>_<date>.mat"));
    const testing::MatlabWriter writer;
    write_file(folder / "1_20131027.mat",
               writer.file({writer.numbers({61, 3}, std::vector<double>(61 * 3, 1.0), "a_eeg1")}));
    CHECK(says(refused(), "62 electrodes"));
    write_file(folder / "1_20131027.mat",
               writer.file({writer.numbers({62, 3}, std::vector<double>(62 * 3, 1.0), "a_eeg16")}));
    CHECK(says(refused(), "label.mat"));
    write_file(folder / "1_20131027.mat",
               writer.file({writer.numbers({62, 3}, std::vector<double>(62 * 3, 1.0), "x")}));
    CHECK(says(refused(), "eeg1"));
    write_seed_session(folder / "1_20131027.mat", writer, 0, 2, 100);
    CHECK(refused(Json::object({{"classes", "binary"}})).kind() == ErrorKind::usage);
    CHECK(says(error_of([&] { static_cast<void>(rbt_dataset("seed", folder)); }), "short"));
  }

  TEST_CASE("a recipe's tokens of a layout are those of the authors' dataset classes") {
    const Path folder = scratch("same-tokens");
    testing::DreamerMaker({.subjects = 1, .trials = 2, .baseline = 7808}).write(folder / "DREAMER.mat");
    check_same_tokens("dreamer", folder);
    write_deap_pickle(folder / "s01.dat", {}, 1, 2, 1200);
    check_same_tokens("deap", folder);
    write_seed_labels(folder);
    write_seed_session(folder / "1_20131027.mat", testing::MatlabWriter(), 0, 2, 700);
    check_same_tokens("seed", folder);
  }

  TEST_CASE("every layout says what a person needs to know") {
    for (const DatasetEntry* const entry : Registry<DatasetEntry>::instance().entries()) {
      CAPTURE(entry->name);
      CHECK(!entry->about.empty());
      CHECK((entry->open != nullptr || entry->samples != nullptr));
      if (!entry->needs_folder) continue;
      CHECK(!entry->layout.empty());
      CHECK(!entry->apply_at.empty());
      CHECK(!entry->traps.empty());
    }
  }
}

}  // namespace caton
