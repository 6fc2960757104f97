// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "golden_test.hpp"

#include "caton/base/safetensors.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/simulated/emotion.hpp"
#include "caton/datasets/simulated/emotion_null_layout.hpp"
#include "caton/datasets/simulated/noise.hpp"
#include "caton/datasets/simulated/session.hpp"
#include "caton/datasets/simulated/truth.hpp"
#include "caton/datasets/study.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

using namespace caton;
using namespace caton::simulated;
using caton::testing::error_of;
using caton::testing::scratch;

namespace {

SimulatedEmotion small_study() {
  SimulatedEmotion study;
  study.subjects = 2;
  study.sessions = 1;
  study.trials = 4;
  study.seconds = 3;
  return study;
}

std::map<std::string, std::string> digests(const Path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    all[std::filesystem::relative(entry.path(), folder).string()] = sha256(MappedFile(entry.path()).bytes());
  }
  return all;
}

Matrix samples_of(const Path& file) {
  const auto recording = open_recording(file);
  std::vector<std::int64_t> channels(14);
  std::iota(channels.begin(), channels.end(), 0);
  Matrix x({14, recording->channels().at(0).samples});
  recording->read(channels, 0, x.extent(1), x.view());
  return x;
}

double largest_difference(const Matrix& a, const Matrix& b) {
  double largest = 0;
  for (std::int64_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a.begin()[i] - b.begin()[i]));
  return largest;
}

/// What the rhythms leave of the brain's signal: the background.
Matrix background_of(const Session& session, const Person& person) {
  Matrix rest(session.brain);
  for (std::int64_t e = 0; e < rest.extent(0); ++e) {
    for (std::int64_t s = 0; s < session.sources.extent(0); ++s) {
      const double weight = session.electrode_gain[static_cast<std::size_t>(e)] * person.leadfield(e, s);
      for (std::int64_t t = 0; t < rest.extent(1); ++t) rest(e, t) -= weight * session.sources(s, t);
    }
  }
  return rest;
}

Session session_with(double effect, const std::vector<Rating>& ratings) {
  SimulatedEmotion study = small_study();
  study.effect = effect;
  const Head head = make_head();
  return make_session(study, head, make_person(study, head, 0), 0, 0, ratings);
}

Json options_for(const Json& given) {
  const DatasetEntry* const entry = Registry<DatasetEntry>::instance().find("simulated");
  REQUIRE(entry != nullptr);
  return complete_options("study", entry->keys, {}, given);
}

Study opened(const Path& folder, const Json& given) {
  return Registry<DatasetEntry>::instance().find("simulated")->open(folder, options_for(given));
}

}  // namespace

TEST_SUITE("datasets") {
  TEST_CASE("simulated emotion: what cannot be simulated is refused by name") {
    const auto refused = [](auto change) {
      SimulatedEmotion study = small_study();
      change(study);
      const Error error = error_of([&] { require_possible(study); });
      CHECK(error.kind() == ErrorKind::usage);
      return std::string(error.what());
    };
    using S = SimulatedEmotion&;
    CHECK(refused([](S s) { s.subjects = 0; }).find("subjects") != std::string::npos);
    CHECK(refused([](S s) { s.sessions = 0; }).find("sessions") != std::string::npos);
    CHECK(refused([](S s) { s.trials = 1; }).find("trials") != std::string::npos);
    CHECK(refused([](S s) { s.seconds = 0.5; }).find("seconds") != std::string::npos);
    CHECK(refused([](S s) { s.seconds = std::nan(""); }).find("seconds") != std::string::npos);
    CHECK(refused([](S s) { s.seconds = 3000; }).find("hour") != std::string::npos);
    CHECK(refused([](S s) { s.effect = -1; }).find("effect") != std::string::npos);
    CHECK(refused([](S s) { s.effect = std::nan(""); }).find("effect") != std::string::npos);
    CHECK_NOTHROW(require_possible(small_study()));
    const Error seed = error_of([] {
      static_cast<void>(simulated_emotion_of(Json::object({{"simulation_seed", -1}})));
    });
    CHECK(std::string(seed.what()).find("simulation_seed") != std::string::npos);
    CHECK(simulated_emotion_of(to_json(small_study())) == small_study());
  }

  TEST_CASE("simulated emotion: ratings are balanced, within the scale and never in the middle") {
    SimulatedEmotion study = small_study();
    study.trials = 16;
    const auto ratings = make_ratings(study, 1, 0);
    std::map<std::pair<bool, bool>, int> combinations;
    for (const auto& rating : ratings) {
      for (const double value : {rating.valence, rating.arousal}) {
        CHECK(value >= 1);
        CHECK(value <= 5);
        CHECK(std::abs(value - 3) >= 0.399);
      }
      ++combinations[{rating.valence >= 3, rating.arousal >= 3}];
    }
    for (const auto& [combination, count] : combinations) CHECK(count == 4);
    const auto other = make_ratings(study, 0, 0);
    CHECK(std::any_of(ratings.begin(), ratings.end(), [&](const auto& r) {
      return r.valence != other[static_cast<std::size_t>(&r - &ratings[0])].valence;
    }));
  }

  TEST_CASE("simulated emotion: without effect the signals do not depend on the ratings, with effect they do") {
    const std::vector<Rating> some{{1, 1}, {5, 5}, {1, 5}, {5, 1}}, swapped{{5, 5}, {1, 1}, {5, 1}, {1, 5}};
    const Session none = session_with(0, some), none_swapped = session_with(0, swapped);
    CHECK(largest_difference(none.brain, none_swapped.brain) == 0);
    CHECK(largest_difference(none.artefacts, none_swapped.artefacts) == 0);
    CHECK(largest_difference(none.noise, none_swapped.noise) == 0);
    CHECK(std::equal(none.sources.begin(), none.sources.end(), none_swapped.sources.begin()));
    const Session effect = session_with(1, some), effect_swapped = session_with(1, swapped);
    CHECK(largest_difference(effect.brain, effect_swapped.brain) > 1e-6);
    CHECK(largest_difference(effect.artefacts, effect_swapped.artefacts) == 0);
  }

  TEST_CASE("simulated emotion: the rating changes the gain of its own sources and of no other") {
    const std::vector<Rating> low(4, {1, 3}), high(4, {5, 3});
    const Session a = session_with(1, low), b = session_with(1, high);
    const auto& all = rhythms();
    for (std::int64_t s = 0; s < a.log_gain.extent(0); ++s) {
      const auto& rhythm = all[static_cast<std::size_t>(s)];
      const double change = b.log_gain(s, 2) - a.log_gain(s, 2);
      if (rhythm.role == "valence")
        CHECK(change * rhythm.direction > 0.5);
      else
        CHECK(change == 0);
    }
  }

  TEST_CASE("simulated emotion: the brain's signal is the lead field times the sources, and the background") {
    const std::vector<Rating> some{{1, 1}, {5, 5}, {1, 5}, {5, 1}};
    const SimulatedEmotion study = small_study();
    const Head head = make_head();
    const Person person = make_person(study, head, 0);
    const Session with = session_with(1, some), without = session_with(0, some);
    const double scale = 1e-4;  // V; the sources are kept with 24 bits
    CHECK(largest_difference(background_of(with, person), background_of(without, person)) < 1e-6 * scale * 10);
  }

  TEST_CASE("simulated emotion: rhythms and 1/f noise have unit power where they should") {
    const auto power = [](const std::vector<double>& x) {
      double sum = 0;
      for (const double value : x) sum += value * value;
      return sum / static_cast<double>(x.size());
    };
    CHECK(power(band_noise(RandomStream(1, "test"), {16, 28}, 100'000)) == doctest::Approx(1).epsilon(0.05));
    PinkNoise pink(RandomStream(2, "test"));
    std::vector<double> x(200'000);
    for (double& value : x) value = pink.next();
    CHECK(power(x) == doctest::Approx(1).epsilon(0.1));
    CHECK(PinkNoise::share({0.001, 64}) == doctest::Approx(1).epsilon(0.02));
    CHECK(PinkNoise::share({4, 8}) == doctest::Approx(PinkNoise::share({16, 32})).epsilon(0.35));
  }

  TEST_CASE("simulated emotion: the strongest weights lie over the sources; none without effect") {
    SimulatedEmotion study = small_study();
    const Head head = make_head();
    const std::vector<Person> persons{make_person(study, head, 0), make_person(study, head, 1)};
    const Matrix valence = electrode_weights(study, head, persons, "valence");
    const auto at = [&](const char* name) {
      return std::find(head.electrodes.begin(), head.electrodes.end(), name) - head.electrodes.begin();
    };
    for (std::int64_t e = 0; e < 14; ++e) {
      CHECK(valence(e, 1) >= valence(at("F3"), 1));
      CHECK(valence(e, 1) <= valence(at("F4"), 1));
      CHECK(valence(e, 3) <= std::max(valence(at("T7"), 3), valence(at("T8"), 3)));
    }
    CHECK(valence(at("F3"), 1) < -5);
    CHECK(valence(at("F4"), 1) > 5);
    study.effect = 0;
    const Matrix nothing = electrode_weights(study, head, persons, "arousal");
    CHECK(std::all_of(nothing.begin(), nothing.end(), [](double weight) { return weight == 0; }));
  }

  TEST_CASE("simulated emotion: a complete BIDS tree, the same bytes for the same options, never over a folder") {
    const Path folder = scratch("simulated-emotion");
    const SimulatedEmotion study = small_study();
    CHECK(simulate_emotion(study, folder / "a") == folder / "a");
    simulate_emotion(study, folder / "b");
    const auto a = digests(folder / "a");
    CHECK(a == digests(folder / "b"));
    for (const std::string file :
         {"dataset_description.json", "README", "participants.tsv", "task-emotion_events.json",
          "sub-02/ses-01/eeg/sub-02_ses-01_task-emotion_eeg.edf",
          "sub-02/ses-01/eeg/sub-02_ses-01_task-emotion_eeg.json",
          "sub-02/ses-01/eeg/sub-02_ses-01_task-emotion_channels.tsv",
          "sub-02/ses-01/eeg/sub-02_ses-01_task-emotion_events.tsv", "sub-02/ses-01/eeg/sub-02_ses-01_electrodes.tsv",
          "sub-02/ses-01/eeg/sub-02_ses-01_coordsystem.json", "derivatives/truth/dataset_description.json",
          "derivatives/truth/simulation.json", "derivatives/truth/sources.tsv", "derivatives/truth/electrodes.tsv",
          "derivatives/truth/electrode_weights.tsv", "derivatives/truth/sub-02/sub-02_desc-leadfield.safetensors",
          "derivatives/truth/sub-02/ses-01/eeg/sub-02_ses-01_task-emotion_desc-brain_eeg.edf",
          "derivatives/truth/sub-02/ses-01/eeg/sub-02_ses-01_task-emotion_desc-artefacts_events.tsv",
          "derivatives/truth/sub-02/ses-01/eeg/sub-02_ses-01_task-emotion_desc-sources.safetensors"})
      CHECK_MESSAGE(a.count(file) == 1, file);
    const Error error = error_of([&] { simulate_emotion(study, folder / "a"); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(std::string(error.what()).find("exists") != std::string::npos);
    SimulatedEmotion other = study;
    other.seed = 2;
    simulate_emotion(other, folder / "c");
    CHECK(digests(folder / "c").at("sub-01/ses-01/eeg/sub-01_ses-01_task-emotion_eeg.edf") !=
          a.at("sub-01/ses-01/eeg/sub-01_ses-01_task-emotion_eeg.edf"));
  }

  TEST_CASE("simulated emotion: brain, artefacts and noise add up to the recording") {
    const Path folder = scratch("simulated-truth") / "study";
    const SimulatedEmotion study = small_study();
    simulate_emotion(study, folder);
    const std::string stem = "sub-01/ses-01/eeg/sub-01_ses-01_task-emotion";
    Matrix sum = samples_of(folder / (stem + "_eeg.edf"));
    CHECK(sum.extent(1) == session_samples(study));
    for (const std::string part : {"brain", "artefacts", "noise"}) {
      const Matrix x = samples_of(folder / "derivatives/truth" / (stem + "_desc-" + part + "_eeg.edf"));
      for (std::int64_t i = 0; i < x.size(); ++i) sum.begin()[i] -= x.begin()[i];
    }
    const double steps_v = 4 * 0.5 * 0.05e-6;  // four files, each within half a step of at most 0.05 uV
    CHECK(largest_difference(sum, Matrix({14, sum.extent(1)})) < steps_v);
    const auto courses = read_safetensors(folder / "derivatives/truth" / (stem + "_desc-sources.safetensors"));
    CHECK(courses.at("sources", "test").extent(0) == static_cast<std::int64_t>(rhythms().size()));
    CHECK(courses.at("sources", "test").extent(1) == sum.extent(1));
  }

  TEST_CASE("simulated: the layout opens a folder with its labels and its truth") {
    const Path folder = scratch("simulated-layout") / "study";
    simulate_emotion(small_study(), folder);
    const Study study = opened(folder, Json::object({{"target", "arousal"}}));
    REQUIRE(study.recordings.size() == 2);
    const auto ratings = make_ratings(small_study(), 1, 0);
    const auto& recording = study.recordings[1];
    CHECK(recording.id == "sub-02_ses-01_task-emotion");
    REQUIRE(recording.trials.size() == 4);
    for (std::size_t k = 0; k < 4; ++k) {
      CHECK(recording.trials[k].rating == ratings[k].arousal);
      CHECK(recording.trials[k].label == (ratings[k].arousal >= 3 ? 1 : 0));
      CHECK(recording.trials[k].end - recording.trials[k].begin == 384);
    }
    CHECK(recording.open()->channels().size() >= 14);
    CHECK(study.channels.size() == 14);
    const Json truth = study.truth();
    CHECK(truth.at("electrodes").size() == 14);
    CHECK(truth.at("positions").size() == 4);
    CHECK(truth.at("electrodes").at("P7").number() > truth.at("electrodes").at("F3").number());
  }

  TEST_CASE("simulated: what does not fit a folder is refused") {
    const Path folder = scratch("simulated-refused") / "study";
    simulate_emotion(small_study(), folder);
    const auto problem = [&](const Path& path, const Json& given) {
      return std::string(error_of([&] { static_cast<void>(opened(path, given)); }).what());
    };
    CHECK(problem(folder, Json::object({{"subjects", 3}})).find("subjects is 2") != std::string::npos);
    CHECK(problem(folder, Json::object({{"target", "dominance"}})).find("dominance") != std::string::npos);
    CHECK(problem(folder, Json::object({{"threshold", 9.0}})).find("threshold") != std::string::npos);
    CHECK(problem(folder.parent_path(), Json::object()).find("simulation.json") != std::string::npos);
    const Path events = folder / "sub-01/ses-01/eeg/sub-01_ses-01_task-emotion_events.tsv";
    write_file(events, "onset\tduration\ttrial_type\tvalence\tarousal\n2\t3\tclip\tnan\t4\n");
    CHECK(problem(folder, Json::object()).find("finite") != std::string::npos);
    write_file(events, "onset\tduration\ttrial_type\tvalence\tarousal\n2\t3\tclip\t7\t4\n");
    CHECK(problem(folder, Json::object()).find("range") != std::string::npos);
  }

  TEST_CASE("emotion-null: the layout and the file hold the same tokens") {
    const DatasetEntry* const entry = Registry<DatasetEntry>::instance().find("emotion-null");
    REQUIRE(entry != nullptr);
    const SampleSet samples = entry->samples(
        complete_options("study", entry->keys, {}, Json::object({{"subjects", 2}, {"effect", 0.25}, {"windows", 5}})));
    EmotionNullOptions options;
    options.subjects = 2;
    options.windows = 5;
    options.effect = 0.25;
    const Safetensors file = emotion_null_file(options);
    CHECK(samples.size() == 2 * 2 * 6 * 5);
    CHECK(file.at("tokens", "test").doubles() == samples.block("tokens").doubles());
    CHECK(file.at("label", "test").integers() == samples.label);
    CHECK(file.at("trial", "test").size() == samples.size());
  }
}
