// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/bids/bids_writer.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/formats/edf/edf_writer.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

constexpr const char* bids_version = "1.9.0";
constexpr std::int64_t digital_max = 32767;

void append(std::string& stem, const char* entity, const std::string& label) {
  const auto usable = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (!std::all_of(label.begin(), label.end(), usable)) {
    throw usage_error("BIDS", std::string(entity) + "-" + printable(label) + " is no label",
                      "BIDS allows letters and digits only");
  }
  stem += (stem.empty() ? "" : "_") + std::string(entity) + "-" + label;
}

void write_json(const Path& path, const Json& value) { write_file(path, value.dump(2) + "\n"); }
void write_tsv(const Path& path, const Table& table) { write_file(path, table_text(table, '\t')); }

Path place(const Path& root, const BidsName& name, const std::string& suffix) {
  const Path folder = root / name.folder();
  std::filesystem::create_directories(folder);
  return folder / (name.stem() + suffix);
}

/// The quantisation step [uV].
double step_for(const BidsEeg& eeg, Signal signal) {
  double largest_uv = 0;
  for (std::int64_t c = 0; c < signal.extent(0); ++c) {
    for (std::int64_t t = 0; t < signal.extent(1); ++t) largest_uv = std::max(largest_uv, std::abs(signal(c, t)) * 1e6);
  }
  for (const double step_uv : {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0}) {
    if (largest_uv <= step_uv * digital_max) return step_uv;
  }
  throw usage_error(eeg.name.stem(), "an amplitude of " + fixed_text(largest_uv / 1000, 1) +
                                         " mV is beyond the range of 16 bits at 1 uV");
}

EdfContent edf_content(const BidsEeg& eeg, double step_uv) {
  const double range_uv = step_uv * digital_max;
  EdfContent content;
  for (const auto& name : eeg.channels) {
    Channel channel;
    channel.name = name;
    channel.type = "eeg";
    channel.unit = "uV";
    channel.si_factor = 1e-6;
    channel.scaling = Scaling{-digital_max, digital_max, -range_uv, range_uv, 16};
    content.channels.push_back(channel);
  }
  return content;
}

Table channels_table(const BidsEeg& eeg) {
  Table table{{"name", "type", "units", "sampling_frequency", "status"}, {}};
  for (const auto& name : eeg.channels) table.rows.push_back({name, "EEG", "uV", number_text(eeg.rate_hz), "good"});
  return table;
}

Json sidecar_of(const BidsEeg& eeg, std::int64_t samples) {
  Json sidecar = Json::object({{"TaskName", eeg.name.task},
                               {"SamplingFrequency", eeg.rate_hz},
                               {"PowerLineFrequency", eeg.power_line_hz},
                               {"EEGReference", eeg.reference},
                               {"SoftwareFilters", "n/a"},
                               {"EEGChannelCount", eeg.channels.size()},
                               {"RecordingType", "continuous"},
                               {"RecordingDuration", static_cast<double>(samples) / eeg.rate_hz}});
  for (const auto& [key, value] : eeg.sidecar.members()) sidecar[key] = value;
  return sidecar;
}

}  // namespace

std::string BidsName::stem() const {
  std::string stem;
  append(stem, "sub", subject);
  if (!session.empty()) append(stem, "ses", session);
  if (!task.empty()) append(stem, "task", task);
  if (!description.empty()) append(stem, "desc", description);
  return stem;
}

Path BidsName::folder() const {
  Path folder = "sub-" + subject;
  if (!session.empty()) folder /= "ses-" + session;
  return folder / "eeg";
}

void write_bids_eeg(const Path& root, const BidsEeg& eeg, Signal signal) {
  write_edf(place(root, eeg.name, "_eeg.edf"), signal, eeg.rate_hz, edf_content(eeg, step_for(eeg, signal)));
  write_json(place(root, eeg.name, "_eeg.json"), sidecar_of(eeg, signal.extent(1)));
  write_tsv(place(root, eeg.name, "_channels.tsv"), channels_table(eeg));
}

void write_bids_events(const Path& root, const BidsName& name, const Table& events) {
  if (events.header.size() < 2 || events.header[0] != "onset" || events.header[1] != "duration")
    throw usage_error(name.stem(), "events must begin with the columns onset and duration");
  write_tsv(place(root, name, "_events.tsv"), events);
}

void write_bids_electrodes(const Path& root, const BidsName& name, const BidsElectrodes& electrodes) {
  Table table{{"name", "x", "y", "z"}, {}};
  for (std::size_t e = 0; e < electrodes.names.size(); ++e) {
    const auto i = static_cast<std::int64_t>(e);
    table.rows.push_back({electrodes.names[e], fixed_text(electrodes.positions(i, 0), 6),
                          fixed_text(electrodes.positions(i, 1), 6), fixed_text(electrodes.positions(i, 2), 6)});
  }
  BidsName without_task = name;
  without_task.task.clear();
  write_tsv(place(root, without_task, "_electrodes.tsv"), table);
  write_json(place(root, without_task, "_coordsystem.json"),
             Json::object({{"EEGCoordinateSystem", "Other"},
                           {"EEGCoordinateUnits", "m"},
                           {"EEGCoordinateSystemDescription", electrodes.frame}}));
}

void write_bids_description(const Path& root, const BidsDescription& description) {
  std::filesystem::create_directories(root);
  Json program = Json::object({{"Name", "caton"}, {"Version", CATON_VERSION}, {"Description", description.about}});
  if (!description.parameters.is_null()) program["Parameters"] = description.parameters;
  Json json = Json::object({{"Name", description.name},
                            {"BIDSVersion", bids_version},
                            {"DatasetType", description.derivative ? "derivative" : "raw"},
                            {"License", description.license},
                            {"GeneratedBy", Json::list_of(std::vector<Json>{program})}});
  if (description.derivative)
    json["SourceDatasets"] = Json::list_of(std::vector<Json>{Json::object({{"URL", "bids::"}})});
  write_json(root / "dataset_description.json", json);
}

void write_bids_participants(const Path& root, const Table& participants) {
  write_tsv(root / "participants.tsv", participants);
}

}  // namespace caton
