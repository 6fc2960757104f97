// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/bids/bids_folder.hpp"

#include "caton/base/error.hpp"
#include "caton/base/folder.hpp"
#include "caton/base/json.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/described_recording.hpp"

#include <algorithm>
#include <array>

namespace caton {
namespace {

bool begins(const std::string& text, const char* start) { return text.rfind(start, 0) == 0; }

/// Names in a folder, sorted; links may not lead out of `root`.
std::vector<std::string> names_in(const Path& root, const Path& relative, std::int64_t& seen) {
  std::vector<std::string> names;
  for (const Path& entry : entries_of(root / relative)) {
    if (++seen > limits::bids_files)
      throw input_error(root.string(), "holds more than " + std::to_string(limits::bids_files) + " files");
    const std::string name = entry.filename().string();
    if (std::filesystem::is_symlink(entry)) static_cast<void>(safe_join(root, (relative / name).string(), root.string()));
    names.push_back(name);
  }
  return names;
}

std::string entity(const std::string& stem, const std::string& key) {
  for (const std::string& part : split(stem, '_'))
    if (begins(part, (key + "-").c_str())) return part.substr(key.size() + 1);
  return {};
}

bool is_recording(const std::string& name) {
  constexpr std::array endings{"_eeg.edf", "_eeg.bdf", "_eeg.vhdr", "_eeg.set"};
  return std::any_of(endings.begin(), endings.end(), [&](const char* ending) {
    const std::string_view end = ending;
    return name.size() > end.size() && std::string_view(name).substr(name.size() - end.size()) == end;
  });
}

/// The first that exists of the tables that apply to a recording, nearest name first.
std::optional<Path> table_beside(const Path& folder, const std::vector<std::string>& stems, const std::string& suffix) {
  for (const std::string& stem : stems)
    if (std::filesystem::is_regular_file(folder / (stem + suffix))) return folder / (stem + suffix);
  return std::nullopt;
}

BidsFile described(const Path& root, const Path& relative, const std::string& name) {
  BidsFile file;
  file.id = name.substr(0, name.rfind("_eeg."));
  file.subject = entity(file.id, "sub");
  file.session = entity(file.id, "ses");
  file.task = entity(file.id, "task");
  file.path = safe_join(root, (relative / name).string(), root.string());
  const Path folder = root / relative;
  const std::string person = "sub-" + file.subject + (file.session.empty() ? "" : "_ses-" + file.session);
  if (file.session.empty()) file.session = "1";
  file.channels = table_beside(folder, {file.id, person}, "_channels.tsv");
  file.electrodes = table_beside(folder, {file.id, person}, "_electrodes.tsv");
  if (const auto events = table_beside(folder, {file.id}, "_events.tsv")) file.events = read_table(*events, '\t');
  return file;
}

Channel* named(std::vector<Channel>& channels, const std::string& name) {
  const auto found =
      std::find_if(channels.begin(), channels.end(), [&](const Channel& channel) { return channel.name == name; });
  return found == channels.end() ? nullptr : &*found;
}

void take_types(const Path& path, std::vector<Channel>& channels, Findings& findings) {
  const Table table = read_table(path, '\t');
  const std::size_t name = table.column("name", path.string()), type = table.column("type", path.string());
  std::vector<std::string> bad, missing;
  for (const auto& row : table.rows) {
    Channel* const channel = named(channels, row[name]);
    if (channel == nullptr) {
      missing.push_back(printable(row[name]));
      continue;
    }
    const std::string kind = lower_case(row[type]);
    channel->type = kind == "trig" ? "stim" : kind == "veog" || kind == "heog" ? "eog" : kind;
    if (table.has("status") && lower_case(row[table.column("status", path.string())]) == "bad")
      bad.push_back(printable(row[name]));
  }
  if (!bad.empty())
    findings.push_back({"bids/bad-channels", Severity::warn, path.string(), "marked as bad: " + join(bad, ", ")});
  if (!missing.empty())
    findings.push_back({"bids/channel-missing", Severity::warn, path.string(),
                        "described but not in the recording: " + join(missing, ", ")});
}

void take_positions(const Path& path, std::vector<Channel>& channels) {
  const Table table = read_table(path, '\t');
  const std::string where = path.string();
  double factor = 1;
  std::string coordinates = path.string();
  coordinates.replace(coordinates.rfind("_electrodes.tsv"), std::string::npos, "_coordsystem.json");
  if (std::filesystem::is_regular_file(coordinates)) {
    const Json json = parse_json(read_text_file(coordinates, limits::json_bytes), coordinates);
    const Json* const unit = json.find("EEGCoordinateUnits");
    if (unit != nullptr && unit->is_text()) factor = unit->text() == "mm" ? 1e-3 : unit->text() == "cm" ? 1e-2 : 1;
  }
  const std::size_t name = table.column("name", where);
  const std::array<std::size_t, 3> axes{table.column("x", where), table.column("y", where), table.column("z", where)};
  for (const auto& row : table.rows) {
    Channel* const channel = named(channels, row[name]);
    const auto x = parse_number(row[axes[0]]), y = parse_number(row[axes[1]]), z = parse_number(row[axes[2]]);
    if (channel != nullptr && x && y && z) channel->position_m = {*x * factor, *y * factor, *z * factor};
  }
}

}  // namespace

std::vector<BidsFile> bids_files(const Path& root) {
  if (!std::filesystem::is_directory(root))
    throw input_error(root.string(), "is no folder", "name the folder of the study with path or --data");
  std::vector<BidsFile> files;
  std::int64_t seen = 0;
  const auto take = [&](const Path& folder) {
    if (!std::filesystem::is_directory(root / folder)) return;
    for (const std::string& name : names_in(root, folder, seen))
      if (is_recording(name)) files.push_back(described(root, folder, name));
  };
  for (const std::string& subject : names_in(root, "", seen)) {
    if (!begins(subject, "sub-") || !std::filesystem::is_directory(root / subject)) continue;
    take(Path(subject) / "eeg");
    for (const std::string& session : names_in(root, subject, seen))
      if (begins(session, "ses-")) take(Path(subject) / session / "eeg");
  }
  if (files.empty())
    throw input_error(root.string(), "holds no recording named like sub-01/eeg/sub-01_task-rest_eeg.edf",
                      "caton datasets bids says what the folder must look like");
  return files;
}

std::shared_ptr<const Recording> open_bids_recording(const BidsFile& file) {
  auto inner = open_recording(file.path);
  std::vector<Channel> channels = inner->channels();
  Findings findings = inner->findings();
  if (file.channels) take_types(*file.channels, channels, findings);
  if (file.electrodes) take_positions(*file.electrodes, channels);
  return described_recording(std::move(inner), std::move(channels), std::move(findings));
}

std::optional<std::pair<double, double>> bids_range(const Path& root, const std::string& task,
                                                    const std::string& column) {
  for (const std::string& name : {"task-" + task + "_events.json", std::string("events.json")}) {
    const Path path = root / name;
    if (!std::filesystem::is_regular_file(path)) continue;
    const Json json = parse_json(read_text_file(path, limits::json_bytes), path.string());
    const Json* const about = json.find(column);
    if (about == nullptr || !about->is_object()) continue;
    const Json *const low = about->find("Minimum"), *const high = about->find("Maximum");
    if (low != nullptr && high != nullptr && low->is_number() && high->is_number())
      return std::pair{low->number(), high->number()};
  }
  return std::nullopt;
}

}  // namespace caton
