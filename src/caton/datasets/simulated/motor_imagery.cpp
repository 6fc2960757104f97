// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/motor_imagery.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/datasets/bids/bids_writer.hpp"
#include "caton/datasets/simulated/artefacts.hpp"
#include "caton/datasets/simulated/hand_sources.hpp"
#include "caton/datasets/simulated/trials.hpp"
#include "caton/datasets/simulated/truth.hpp"

#include <cmath>

namespace caton {

using namespace simulated;

namespace {

constexpr const char* task = "imagery";
constexpr const char* about = "caton simulate motor-imagery";

constexpr const char* readme =
    "Simulated EEG of people who imagined moving the left or the right hand after a cue. Nobody was recorded: the\n"
    "signals were computed by caton, and what is true of them lies in derivatives/truth. For tests of methods and of\n"
    "evaluations; not for any statement about people.\n";

const char* name_of(Hand hand) { return hand == Hand::left ? "left_hand" : "right_hand"; }

BidsEeg described(const Head& head, std::int64_t subject, std::int64_t session) {
  BidsEeg eeg;
  eeg.name = {subject_label(subject), subject_label(session), task};
  eeg.channels = head.electrodes;
  eeg.rate_hz = rate_hz;
  eeg.power_line_hz = 50;
  eeg.reference = "none: potentials against infinity, simulated";
  eeg.sidecar = Json::object({{"TaskDescription", "imagine moving the hand that the cue names"},
                              {"Manufacturer", "none (simulated by caton)"},
                              {"EEGPlacementScheme", "10-10, around the hand areas"}});
  return eeg;
}

Table events_table(const SimulatedMotorImagery& study, const std::vector<Hand>& cues) {
  Table table{{"onset", "duration", "trial_type"}, {}};
  const auto samples = cue_samples(study);
  for (std::size_t k = 0; k < samples.size(); ++k)
    table.rows.push_back(
        {number_text(static_cast<double>(samples[k]) / rate_hz), number_text(study.seconds), name_of(cues[k])});
  return table;
}

void write_session(const Path& root, const SimulatedMotorImagery& study, const Head& head, const HandPerson& person,
                   std::int64_t subject, std::int64_t session) {
  const RandomStream stream(study.seed, "simulate-motor-imagery/session",
                            {static_cast<std::uint64_t>(subject), static_cast<std::uint64_t>(session)});
  const auto cues = make_cues(study, subject, session);
  const Matrix brain = hand_brain(study, head, person, stream, cues);
  Matrix recorded = brain;
  (void)add_artefacts(stream.derive("artefacts"), head, person.blinks_per_minute, recorded);
  RandomStream noise = stream.derive("noise");
  for (double& value : recorded) value += noise_v * noise.normal();
  BidsEeg eeg = described(head, subject, session);
  write_bids_eeg(root, eeg, recorded);
  write_bids_events(root, eeg.name, events_table(study, cues));
  write_bids_electrodes(root, eeg.name,
                        {head.electrodes, head.positions, "template standard_1005: x right, y front, z up"});
  eeg.name.description = "brain";
  write_bids_eeg(root / "derivatives" / "truth", eeg, brain);
}

void write_truth(const Path& root, const SimulatedMotorImagery& study, const std::vector<HandPerson>& persons) {
  const Path folder = root / "derivatives" / "truth";
  BidsDescription description;
  description.name = "What is true of the simulated study of motor imagery";
  description.derivative = true;
  description.about = about;
  description.parameters = to_json(study);
  write_bids_description(folder, description);
  write_file(folder / "simulation.json", to_json(study).dump(2) + "\n");
  Table table{{"participant_id", "name", "x", "y", "z", "low_hz", "high_hz", "hand", "fall"}, {}};
  for (std::size_t p = 0; p < persons.size(); ++p) {
    for (std::size_t s = 0; s < hand_rhythms().size(); ++s) {
      const HandRhythm& rhythm = hand_rhythms()[s];
      const BandEdges band = band_of(rhythm, persons[p]);
      std::vector<std::string> row{"sub-" + subject_label(static_cast<std::int64_t>(p)), rhythm.name};
      for (std::int64_t axis = 0; axis < 3; ++axis)
        row.push_back(fixed_text(persons[p].positions(static_cast<std::int64_t>(s), axis), 6));
      row.insert(row.end(), {fixed_text(band.low_hz, 3), fixed_text(band.high_hz, 3),
                             rhythm.hand == Hand::none ? "n/a" : name_of(rhythm.hand),
                             fixed_text(study.effect * rhythm.fall * persons[p].strength, 4)});
      table.rows.push_back(row);
    }
  }
  write_file(folder / "sources.tsv", table_text(table, '\t'));
}

}  // namespace

void require_possible(const SimulatedMotorImagery& study) {
  require_possible(
      plan_of(study),
      {.where = "simulate motor-imagery", .needed = "both hands are needed", .effect = "imagery", .pause_s = 3});
}

Json to_json(const SimulatedMotorImagery& study) { return to_json(plan_of(study)); }

Path simulate_motor_imagery(const SimulatedMotorImagery& study, const Path& folder, Progress* progress) {
  require_possible(study);
  FolderWriter writer(folder);
  const Head head = make_hand_head();
  std::vector<HandPerson> persons(static_cast<std::size_t>(study.subjects));
  thread_pool().parallel_for(
      study.subjects, [&](std::int64_t s) { persons[static_cast<std::size_t>(s)] = make_hand_person(study, head, s); });
  write_study_root(writer.path(), {.name = "Simulated study of motor imagery",
                                   .about = about,
                                   .parameters = to_json(study),
                                   .readme = readme,
                                   .subjects = study.subjects});
  write_truth(writer.path(), study, persons);
  write_sessions(plan_of(study), progress, [&](std::int64_t subject, std::int64_t session) {
    write_session(writer.path(), study, head, persons[static_cast<std::size_t>(subject)], subject, session);
  });
  writer.commit();
  return folder;
}

}  // namespace caton
