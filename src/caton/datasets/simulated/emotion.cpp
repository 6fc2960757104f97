// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/emotion.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/datasets/bids/bids_writer.hpp"
#include "caton/datasets/simulated/session.hpp"
#include "caton/datasets/simulated/trials.hpp"
#include "caton/datasets/simulated/truth.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

using namespace simulated;

namespace {

constexpr const char* where = "simulate emotion";
constexpr const char* readme =
    "Simulated EEG of people who watched clips and rated valence and arousal from 1 to 5. Nobody was recorded: the\n"
    "signals were computed by caton, and what is true of them lies in derivatives/truth. For tests of methods and of\n"
    "evaluations; not for any statement about emotion.\n";

struct Place {
  std::int64_t subject = 0, session = 0;
};

BidsEeg described(const Head& head, const Place& place) {
  BidsEeg eeg;
  eeg.name = {subject_label(place.subject), subject_label(place.session), "emotion"};
  eeg.channels = head.electrodes;
  eeg.rate_hz = rate_hz;
  eeg.power_line_hz = 50;
  eeg.reference = "none: potentials against infinity, simulated";
  eeg.sidecar = Json::object({{"TaskDescription", "watch a clip, then rate valence and arousal from 1 to 5"},
                              {"Manufacturer", "none (simulated by caton)"},
                              {"EEGPlacementScheme", "10-20, the electrodes of DREAMER"}});
  return eeg;
}

Table events_table(const SimulatedEmotion& study, const std::vector<Rating>& ratings) {
  Table table{{"onset", "duration", "trial_type", "valence", "arousal"}, {}};
  const auto times = trial_times(study);
  for (std::size_t k = 0; k < times.size(); ++k) {
    const auto length = static_cast<double>(times[k].end - times[k].begin);
    table.rows.push_back({number_text(static_cast<double>(times[k].begin) / rate_hz), number_text(length / rate_hz),
                          "clip", number_text(ratings[k].valence), number_text(ratings[k].arousal)});
  }
  return table;
}

Matrix recorded(const Session& session) {
  Matrix sum(session.brain);
  for (std::int64_t e = 0; e < sum.extent(0); ++e) {
    for (std::int64_t t = 0; t < sum.extent(1); ++t) sum(e, t) += session.artefacts(e, t) + session.noise(e, t);
  }
  return sum;
}

void write_session(const Path& root, const SimulatedEmotion& study, const Head& head, const Person& person,
                   const Place& place) {
  const BidsEeg eeg = described(head, place);
  const auto ratings = make_ratings(study, place.subject, place.session);
  const Session session = make_session(study, head, person, place.subject, place.session, ratings);
  write_bids_eeg(root, eeg, recorded(session));
  write_bids_events(root, eeg.name, events_table(study, ratings));
  write_bids_electrodes(root, eeg.name,
                        {head.electrodes, head.positions, "template standard_1005: x right, y front, z up"});
  write_session_truth(root, eeg, session);
}

void write_root(const Path& root, const SimulatedEmotion& study) {
  write_study_root(root, {.name = "Simulated study of emotion",
                          .about = "caton simulate emotion",
                          .parameters = to_json(study),
                          .readme = readme,
                          .subjects = study.subjects});
  const auto scale = [](const char* what) {
    return Json::object({{"Description", what}, {"Minimum", 1}, {"Maximum", 5}});
  };
  write_file(root / "task-emotion_events.json",
             Json::object({{"trial_type", Json::object({{"Description", "clip: the person watches"}})},
                           {"valence", scale("rating after the clip, 1 unpleasant to 5 pleasant")},
                           {"arousal", scale("rating after the clip, 1 calm to 5 excited")}})
                     .dump(2) +
                 "\n");
}

std::vector<Person> make_persons(const SimulatedEmotion& study, const Head& head) {
  std::vector<Person> persons(static_cast<std::size_t>(study.subjects));
  thread_pool().parallel_for(
      study.subjects, [&](std::int64_t s) { persons[static_cast<std::size_t>(s)] = make_person(study, head, s); });
  return persons;
}

}  // namespace

void require_possible(const SimulatedEmotion& study) {
  require_possible(plan_of(study),
                   {.where = where, .needed = "a low and a high rating are needed", .effect = "emotion", .pause_s = 2});
}

Json to_json(const SimulatedEmotion& study) { return to_json(plan_of(study)); }

SimulatedEmotion simulated_emotion_of(const Json& options) {
  SimulatedEmotion study;
  const auto given = [&](const char* key) -> const Json* {
    const Json* const value = options.find(key);
    return value == nullptr || value->is_null() ? nullptr : value;
  };
  const auto count = [&](const char* key, std::int64_t& member) {
    if (const Json* const value = given(key)) member = value->integer(key);
  };
  count("subjects", study.subjects);
  count("sessions", study.sessions);
  count("trials", study.trials);
  if (const Json* const value = given("seconds")) study.seconds = value->number("seconds");
  if (const Json* const value = given("effect")) study.effect = value->number("effect");
  if (const Json* const value = given("simulation_seed")) {
    const std::int64_t seed = value->integer("simulation_seed");
    if (seed < 0) throw usage_error(where, "simulation_seed must not be negative");
    study.seed = static_cast<std::uint64_t>(seed);
  }
  require_possible(study);
  return study;
}

std::string folder_name_of(const SimulatedEmotion& study) {
  return "simulated-emotion-" + std::to_string(study.subjects) + "x" + std::to_string(study.sessions) + "x" +
         std::to_string(study.trials) + "x" + number_text(study.seconds) + "s-effect-" + number_text(study.effect) +
         "-seed-" + std::to_string(study.seed);
}

Path simulate_emotion(const SimulatedEmotion& study, const Path& folder, Progress* progress) {
  require_possible(study);
  FolderWriter writer(folder);
  const Head head = make_head();
  const std::vector<Person> persons = make_persons(study, head);
  write_root(writer.path(), study);
  write_study_truth(writer.path(), study, head, persons);
  write_sessions(plan_of(study), progress, [&](std::int64_t subject, std::int64_t session) {
    write_session(writer.path(), study, head, persons[static_cast<std::size_t>(subject)], {subject, session});
  });
  writer.commit();
  return folder;
}

}  // namespace caton
