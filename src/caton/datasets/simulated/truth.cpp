// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/truth.hpp"

#include "caton/base/error.hpp"
#include "caton/base/safetensors.hpp"
#include "caton/base/text.hpp"

#include <cmath>
#include <map>

namespace caton::simulated {
namespace {

constexpr std::int64_t options_bytes = 1 << 20;

Path truth_folder(const Path& root) { return root / "derivatives" / "truth"; }

void write_tsv(const Path& path, const Table& table) { write_file(path, table_text(table, '\t')); }

std::vector<std::string> source_row(const Person& person, const std::string& id, std::int64_t source) {
  std::vector<std::string> row{id};
  const auto count = static_cast<std::int64_t>(rhythms().size());
  row.push_back(source < count ? rhythms()[static_cast<std::size_t>(source)].name()
                               : "background-" + std::to_string(source - count + 1));
  for (const Matrix* const part : {&person.positions, &person.orientations}) {
    for (std::int64_t axis = 0; axis < 3; ++axis) row.push_back(fixed_text((*part)(source, axis), 6));
  }
  row.push_back(fixed_text(person.moment_am[static_cast<std::size_t>(source)] * 1e9, 4));
  return row;
}

void append_role(std::vector<std::string>& row, const SimulatedEmotion& study, const Person& person,
                 std::size_t source) {
  if (source >= rhythms().size()) {
    row.insert(row.end(), {"1/f", "n/a", "n/a", "background", "0"});
    return;
  }
  const Rhythm& rhythm = rhythms()[source];
  const BandEdges band = source_band(rhythm, person);
  const double effect = study.effect * rhythm.direction * rhythm.strength * person.effect_strength[source];
  row.insert(row.end(), {rhythm.band, fixed_text(band.low_hz, 3), fixed_text(band.high_hz, 3), rhythm.role,
                         fixed_text(effect, 4)});
}

void write_sources(const Path& folder, const SimulatedEmotion& study, const std::vector<Person>& persons) {
  Table table{{"participant_id", "name", "x", "y", "z", "orientation_x", "orientation_y", "orientation_z", "moment_nam",
               "band", "low_hz", "high_hz", "role", "effect"},
              {}};
  for (std::size_t p = 0; p < persons.size(); ++p) {
    for (std::int64_t s = 0; s < persons[p].positions.extent(0); ++s) {
      auto row = source_row(persons[p], "sub-" + subject_label(static_cast<std::int64_t>(p)), s);
      append_role(row, study, persons[p], static_cast<std::size_t>(s));
      table.rows.push_back(row);
    }
  }
  write_tsv(folder / "sources.tsv", table);
}

void write_weights(const Path& folder, const SimulatedEmotion& study, const Head& head,
                   const std::vector<Person>& persons) {
  Table table{{"name", "target"}, {}};
  for (const auto& band : weight_bands()) table.header.push_back(band.first + "_db");
  table.header.push_back("weight_db");
  for (const std::string target : {"valence", "arousal"}) {
    const Matrix weights = electrode_weights(study, head, persons, target);
    for (std::int64_t e = 0; e < weights.extent(0); ++e) {
      std::vector<std::string> row{head.electrodes[static_cast<std::size_t>(e)], target};
      double sum = 0;
      for (std::int64_t b = 0; b < weights.extent(1); ++b) {
        row.push_back(fixed_text(weights(e, b), 4));
        sum += std::abs(weights(e, b));
      }
      row.push_back(fixed_text(sum, 4));
      table.rows.push_back(row);
    }
  }
  write_tsv(folder / "electrode_weights.tsv", table);
}

void write_electrodes(const Path& folder, const Head& head) {
  Table table{{"name", "x", "y", "z"}, {}};
  for (std::size_t e = 0; e < head.electrodes.size(); ++e) {
    std::vector<std::string> row{head.electrodes[e]};
    for (std::int64_t axis = 0; axis < 3; ++axis)
      row.push_back(fixed_text(head.positions(static_cast<std::int64_t>(e), axis), 6));
    table.rows.push_back(row);
  }
  write_tsv(folder / "electrodes.tsv", table);
}

void write_leadfields(const Path& folder, const std::vector<Person>& persons) {
  for (std::size_t p = 0; p < persons.size(); ++p) {
    const std::string id = "sub-" + subject_label(static_cast<std::int64_t>(p));
    std::filesystem::create_directories(folder / id);
    Safetensors content;
    content.metadata["about"] = "lead field, electrodes x sources as in sources.tsv, along each source, V/(A m)";
    content.tensors["leadfield"] = Tensor::of(persons[p].leadfield);
    write_safetensors(folder / id / (id + "_desc-leadfield.safetensors"), content);
  }
}

Table spans_table(const std::vector<ArtefactSpan>& spans) {
  Table table{{"onset", "duration", "trial_type", "channel"}, {}};
  for (const auto& span : spans)
    table.rows.push_back({number_text(span.onset_s), number_text(span.duration_s), span.kind, span.electrode});
  return table;
}

void write_courses(const Path& path, const Session& session) {
  Safetensors content;
  content.metadata["about"] =
      "sources: dipole moment of each rhythm of sources.tsv, A m, rhythms x samples; log_gain: ln of its gain, "
      "rhythms x trials; electrode_gain: factor of each electrode";
  content.tensors["sources"] = Tensor::of(session.sources);
  content.tensors["log_gain"] = Tensor::of(session.log_gain);
  content.tensors["electrode_gain"] = Tensor::vector(session.electrode_gain);
  write_safetensors(path, content);
}

Json mean_positions(const Table& sources, const std::string& target, const std::string& where) {
  std::vector<std::string> order;
  std::map<std::string, std::array<double, 4>> sums;
  for (const auto& row : sources.rows) {
    if (row[sources.column("role", where)] != target) continue;
    const std::string& name = row[sources.column("name", where)];
    if (sums.count(name) == 0) order.push_back(name);
    auto& sum = sums[name];
    sum[0] += parse_number(row[sources.column("x", where)]).value_or(0);
    sum[1] += parse_number(row[sources.column("y", where)]).value_or(0);
    sum[2] += parse_number(row[sources.column("z", where)]).value_or(0);
    sum[3] += 1;
  }
  Json positions = Json::list();
  for (const auto& name : order) {
    const auto& sum = sums[name];
    positions.push(Json::list_of(std::vector<double>{sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]}));
  }
  return positions;
}

}  // namespace

std::string subject_label(std::int64_t index) {
  const std::string number = std::to_string(index + 1);
  return number.size() < 2 ? "0" + number : number;
}

void write_study_truth(const Path& root, const SimulatedEmotion& study, const Head& head,
                       const std::vector<Person>& persons) {
  const Path folder = truth_folder(root);
  BidsDescription description;
  description.name = "What is true of the simulated study of emotion";
  description.derivative = true;
  description.about = "caton simulate emotion";
  description.parameters = to_json(study);
  write_bids_description(folder, description);
  write_file(folder / "simulation.json", to_json(study).dump(2) + "\n");
  write_sources(folder, study, persons);
  write_electrodes(folder, head);
  write_weights(folder, study, head, persons);
  write_leadfields(folder, persons);
}

void write_session_truth(const Path& root, const BidsEeg& recorded, const Session& session) {
  const Path folder = truth_folder(root);
  BidsEeg part = recorded;
  const auto write = [&](const std::string& description, const Matrix& signal) {
    part.name.description = description;
    write_bids_eeg(folder, part, signal);
  };
  write("brain", session.brain);
  write("noise", session.noise);
  write("artefacts", session.artefacts);
  write_bids_events(folder, part.name, spans_table(session.spans));
  part.name.description = "sources";
  write_courses(folder / part.name.folder() / (part.name.stem() + ".safetensors"), session);
}

SimulatedEmotion read_options(const Path& study_folder) {
  const Path file = truth_folder(study_folder) / "simulation.json";
  if (!std::filesystem::exists(file)) {
    throw input_error(study_folder.string(), "holds no derivatives/truth/simulation.json",
                      "make such a folder with caton simulate emotion -o FOLDER");
  }
  return simulated_emotion_of(parse_json(read_text_file(file, options_bytes), file.string()));
}

Json read_truth(const Path& study_folder, const std::string& target) {
  const Path weights_file = truth_folder(study_folder) / "electrode_weights.tsv";
  const Path sources_file = truth_folder(study_folder) / "sources.tsv";
  const Table weights = read_table(weights_file, '\t'), sources = read_table(sources_file, '\t');
  const std::size_t name = weights.column("name", weights_file.string());
  const std::size_t wanted = weights.column("target", weights_file.string());
  const std::size_t weight = weights.column("weight_db", weights_file.string());
  Json electrodes = Json::object();
  for (const auto& row : weights.rows) {
    if (row[wanted] != target) continue;
    const auto value = parse_number(row[weight]);
    if (!value) throw input_error(weights_file.string(), "weight_db of " + printable(row[name]) + " is no number");
    electrodes[row[name]] = *value;
  }
  return Json::object({{"electrodes", electrodes},
                       {"positions", mean_positions(sources, target, sources_file.string())},
                       {"note",
                        "weights: expected change of band power [dB] at each electrode from the lowest rating "
                        "of " +
                            target +
                            " to the highest, its size summed over theta, alpha, beta and gamma, "
                            "mean over the simulated persons"}});
}

}  // namespace caton::simulated
