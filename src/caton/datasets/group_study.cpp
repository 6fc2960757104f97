// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/group_study.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/bids/bids_folder.hpp"
#include "caton/datasets/simulated/connectivity_groups.hpp"
#include "caton/recording/memory_recording.hpp"
#include "caton/sensors/montage.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace caton {

namespace {

std::map<std::string, std::string> groups_of(const Path& folder, const std::string& column) {
  const Path file = folder / "participants.tsv";
  if (!std::filesystem::exists(file))
    throw input_error(folder.string(), "has no participants.tsv, so the group of a person is not known",
                      "give one with the columns participant_id and " + column);
  const Table table = read_table(file, '\t');
  if (!table.has(column))
    throw input_error(file.string(), "has no column \"" + printable(column) + "\" that tells the group");
  const std::size_t id = table.column("participant_id", file.string()), group = table.column(column, file.string());
  std::map<std::string, std::string> result;
  for (const auto& row : table.rows) {
    const std::string subject = row[id].rfind("sub-", 0) == 0 ? row[id].substr(4) : row[id];
    const auto [at, fresh] = result.emplace(subject, row[group]);
    if (!fresh && at->second != row[group])
      throw input_error(file.string(), "participant " + printable(subject) + " is in more than one group");
  }
  return result;
}

void keep_common(const Recording& recording, const std::string& id, GroupStudy& study) {
  std::vector<std::string> names;
  for (const std::int64_t index : recording.channels_of_type("eeg"))
    names.push_back(recording.channels()[static_cast<std::size_t>(index)].name);
  if (study.recordings.empty()) {
    study.channels = names;
    return;
  }
  for (const auto& name : study.channels) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    study.findings.push_back(
        {"group/channel-left-out", Severity::warn, id, "lacks channel " + name + ", which is left out everywhere"});
  }
  std::erase_if(study.channels,
                [&](const std::string& name) { return std::find(names.begin(), names.end(), name) == names.end(); });
}

Json folder_truth(const Path& folder) {
  const Path file = folder / "derivatives" / "truth" / "links.json";
  if (!std::filesystem::exists(file)) return {};
  return parse_json(read_text_file(file, limits::json_bytes), file.string());
}

std::shared_ptr<const Recording> in_memory(const SimulatedGroups& study, std::int64_t subject, std::int64_t session) {
  MemoryContent content;
  content.format = "simulated";
  content.values = simulated_recording(study, subject, session);
  const auto names = channel_names(study);
  const auto places = montage_positions(names);
  for (std::size_t c = 0; c < names.size(); ++c) {
    Channel channel;
    channel.name = names[c];
    channel.unit = "V";
    channel.rate_hz = simulated_groups_rate_hz;
    const auto row = static_cast<std::int64_t>(c);
    channel.position_m = {places.positions(row, 0), places.positions(row, 1), places.positions(row, 2)};
    content.channels.push_back(channel);
  }
  return memory_recording(std::move(content));
}

}  // namespace

GroupStudy open_bids_groups(const Path& folder, const std::string& column) {
  const auto groups = groups_of(folder, column);
  GroupStudy study{.name = "bids"};
  for (const BidsFile& file : bids_files(folder)) {
    const auto group = groups.find(file.subject);
    if (group == groups.end() || group->second.empty() || group->second == "n/a") {
      study.findings.push_back(
          {"group/no-group", Severity::warn, file.id, "participant " + file.subject + " has no group and is left out"});
      continue;
    }
    keep_common(*open_bids_recording(file), file.id, study);
    study.recordings.push_back(
        {file.id, file.subject, file.session, group->second, [file] { return open_bids_recording(file); }});
  }
  if (study.recordings.empty()) throw input_error(folder.string(), "no recording belongs to a group");
  if (study.channels.empty()) throw input_error(folder.string(), "the recordings have no EEG channel in common");
  std::sort(study.recordings.begin(), study.recordings.end(), [](const GroupRecording& a, const GroupRecording& b) {
    return std::tie(a.subject, a.session, a.id) < std::tie(b.subject, b.session, b.id);
  });
  study.truth = folder_truth(folder);
  return study;
}

GroupStudy open_simulated_groups(const Json& options) {
  const SimulatedGroups simulated = simulated_groups_of(options);
  GroupStudy study{.name = "simulated-groups", .channels = channel_names(simulated)};
  for (std::int64_t s = 0; s < simulated.groups * simulated.subjects; ++s) {
    for (std::int64_t k = 0; k < simulated.sessions; ++k) {
      study.recordings.push_back({"sub-" + subject_name(s) + "_ses-" + subject_name(k), subject_name(s),
                                  subject_name(k), group_name(s / simulated.subjects),
                                  [simulated, s, k] { return in_memory(simulated, s, k); }});
    }
  }
  study.truth = groups_truth(simulated);
  return study;
}

}  // namespace caton
