// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/connectivity_groups.hpp"

#include "caton/base/error.hpp"
#include "caton/base/random.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/datasets/bids/bids_writer.hpp"
#include "caton/features/connectivity/mvar.hpp"
#include "caton/sensors/montage.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

constexpr std::int64_t settle_samples = 300;
constexpr double volts = 10e-6;  // of one unit of the model
constexpr double strongest = 0.35;
const std::vector<std::string> electrodes{"F3", "F4", "C3", "C4", "P3", "P4", "O1",  "O2",  "Fz",  "Cz", "Pz",
                                          "F7", "F8", "T7", "T8", "P7", "P8", "FC1", "FC2", "CP1", "CP2"};

constexpr const char* readme =
    "Simulated EEG of groups of people. Nobody was recorded: the signals come from autoregressive models computed by\n"
    "caton, and which directed links differ between the groups stands in derivatives/truth/links.json. For tests of\n"
    "methods; not for any statement about people.\n";

void require(bool possible, const std::string& option, const std::string& problem) {
  if (!possible) throw usage_error("simulate connectivity-groups", option + " " + problem);
}

void scale(Array<double, 3>& a, double factor) {
  for (double& value : a) value *= factor;
}

/// What all people share: 0.5 on the diagonal of the first lag and small random links.
Array<double, 3> common_model(const SimulatedGroups& study) {
  Array<double, 3> a({2, study.channels, study.channels});
  RandomStream random(study.seed, "connectivity groups, model");
  for (double& value : a) value = 0.12 * random.normal();
  for (std::int64_t c = 0; c < study.channels; ++c) a(0, c, c) += 0.5;
  while (mvar_radius(a.view()) > 0.85) scale(a, 0.95);
  return a;
}

double coefficient_of(const SimulatedGroups& study, std::int64_t group) {
  return strongest - study.step * static_cast<double>(group);
}

}  // namespace

std::vector<PlantedLink> planted_links() { return {{2, 0}, {5, 1}, {7, 3}, {4, 6}}; }

void require_possible(const SimulatedGroups& study) {
  require(study.groups >= 2 && study.groups <= 9, "groups", "must be 2 to 9");
  require(study.subjects >= 2 && study.subjects <= 99, "subjects", "must be 2 to 99 in each group");
  require(study.sessions >= 1 && study.sessions <= 99, "sessions", "must be 1 to 99");
  require(study.channels >= 8 && study.channels <= static_cast<std::int64_t>(electrodes.size()), "channels",
          "must be 8 to " + std::to_string(electrodes.size()));
  require(study.seconds >= 2 && study.seconds <= 3600, "seconds", "must be 2 to 3600");
  require(study.step >= 0 && study.step * static_cast<double>(study.groups - 1) <= 2 * strongest, "step",
          "must be 0 (no group differs) or more, and not turn the last group's links beyond -0.35");
}

Json to_json(const SimulatedGroups& study) {
  return Json::object({{"groups", study.groups},
                       {"subjects", study.subjects},
                       {"sessions", study.sessions},
                       {"channels", study.channels},
                       {"seconds", study.seconds},
                       {"step", study.step},
                       {"simulation_seed", static_cast<std::int64_t>(study.seed)}});
}

SimulatedGroups simulated_groups_of(const Json& options) {
  SimulatedGroups study;
  const auto given = [&](const char* key) -> const Json* {
    const Json* const value = options.find(key);
    return value == nullptr || value->is_null() ? nullptr : value;
  };
  const std::array<std::pair<const char*, std::int64_t*>, 4> counts{{{"groups", &study.groups},
                                                                     {"subjects", &study.subjects},
                                                                     {"sessions", &study.sessions},
                                                                     {"channels", &study.channels}}};
  for (const auto& [key, member] : counts) {
    if (const Json* const value = given(key)) *member = value->integer(key);
  }
  if (const Json* const value = given("seconds")) study.seconds = value->number("seconds");
  if (const Json* const value = given("step")) study.step = value->number("step");
  if (const Json* const value = given("simulation_seed")) {
    require(value->integer("simulation_seed") >= 0, "simulation_seed", "must not be negative");
    study.seed = static_cast<std::uint64_t>(value->integer());
  }
  require_possible(study);
  return study;
}

std::vector<std::string> channel_names(const SimulatedGroups& study) {
  return {electrodes.begin(), electrodes.begin() + study.channels};
}

std::string subject_name(std::int64_t subject) { return (subject < 9 ? "0" : "") + std::to_string(subject + 1); }

std::string group_name(std::int64_t group) { return {static_cast<char>('A' + group)}; }

Array<double, 3> person_model(const SimulatedGroups& study, std::int64_t subject) {
  Array<double, 3> a = common_model(study);
  RandomStream random(study.seed, "connectivity groups, person", {static_cast<std::uint64_t>(subject)});
  for (std::int64_t i = 0; i < study.channels; ++i) {
    for (std::int64_t j = 0; j < study.channels; ++j) a(0, i, j) += 0.03 * random.normal();
  }
  for (const auto& [from, to] : planted_links()) a(0, to, from) += coefficient_of(study, subject / study.subjects);
  while (mvar_radius(a.view()) > 0.95) scale(a, 0.97);
  return a;
}

Matrix simulated_recording(const SimulatedGroups& study, std::int64_t subject, std::int64_t session) {
  const auto samples = std::llround(study.seconds * simulated_groups_rate_hz);
  Matrix innovations({study.channels, samples + settle_samples}, uninitialised);
  for (std::int64_t c = 0; c < study.channels; ++c) {
    RandomStream random(
        study.seed, "connectivity groups, innovations",
        {static_cast<std::uint64_t>(subject), static_cast<std::uint64_t>(session), static_cast<std::uint64_t>(c)});
    for (std::int64_t t = 0; t < innovations.extent(1); ++t) innovations(c, t) = volts * random.normal();
  }
  return mvar_simulate(person_model(study, subject).view(), innovations, settle_samples);
}

Json groups_truth(const SimulatedGroups& study) {
  const auto names = channel_names(study);
  Json links = Json::list();
  for (const auto& [from, to] : planted_links()) {
    Json coefficients = Json::list();
    for (std::int64_t g = 0; g < study.groups; ++g) coefficients.push(coefficient_of(study, g));
    links.push(Json::object({{"from", names[static_cast<std::size_t>(from)]},
                             {"to", names[static_cast<std::size_t>(to)]},
                             {"coefficient", coefficients}}));
  }
  return Json::object({{"links", links},
                       {"differ", study.step > 0},
                       {"note", "coefficient of the first lag, added to each person's own; the same in all sessions"}});
}

Path simulate_connectivity_groups(const SimulatedGroups& study, const Path& folder, Progress* progress) {
  require_possible(study);
  FolderWriter writer(folder);
  write_bids_description(writer.path(), {.name = "Simulated groups with directed links",
                                         .about = "caton simulate connectivity-groups",
                                         .parameters = to_json(study)});
  write_file(writer.path() / "README", readme);
  Table participants{{"participant_id", "group"}, {}};
  const std::int64_t people = study.groups * study.subjects;
  for (std::int64_t s = 0; s < people; ++s)
    participants.rows.push_back({"sub-" + subject_name(s), group_name(s / study.subjects)});
  write_bids_participants(writer.path(), participants);
  const Path truth = writer.path() / "derivatives" / "truth";
  write_bids_description(truth, {.name = "Truth of the simulated groups", .derivative = true, .about = "caton"});
  write_file(truth / "links.json", groups_truth(study).dump(2) + "\n");
  const auto names = channel_names(study);
  const auto places = montage_positions(names);
  if (progress != nullptr) progress->begin("simulating recordings", static_cast<double>(people * study.sessions));
  thread_pool().parallel_for(people * study.sessions, [&](std::int64_t i) {
    check_interrupted();
    BidsEeg eeg;
    eeg.name = {subject_name(i / study.sessions), subject_name(i % study.sessions), "essay"};
    eeg.channels = names;
    eeg.rate_hz = simulated_groups_rate_hz;
    eeg.power_line_hz = 50;
    eeg.reference = "none: simulated";
    write_bids_eeg(writer.path(), eeg, simulated_recording(study, i / study.sessions, i % study.sessions));
    write_bids_electrodes(writer.path(), eeg.name, {names, places.positions, "template standard_1005"});
    if (progress != nullptr) progress->step();
  });
  if (progress != nullptr) progress->finish();
  writer.commit();
  return folder;
}

}  // namespace caton
