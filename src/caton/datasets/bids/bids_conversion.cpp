// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/bids/bids_conversion.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/formats/brainvision/brainvision_writer.hpp"
#include "caton/recording/formats/edf/edf_writer.hpp"
#include "caton/recording/sample_times.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace caton {
namespace {

std::string bids_type(const std::string& type) {
  static const std::map<std::string, std::string> types{
      {"eeg", "EEG"},   {"eog", "EOG"},   {"ecg", "ECG"},          {"emg", "EMG"},
      {"stim", "TRIG"}, {"resp", "RESP"}, {"temperature", "TEMP"}, {"eda", "GSR"},
      {"seeg", "SEEG"}, {"ecog", "ECOG"}, {"mag", "MEGMAG"},       {"grad", "MEGGRADPLANAR"}};
  const auto known = types.find(type);
  return known == types.end() ? "MISC" : known->second;
}

class Conversion {
 public:
  Conversion(const Path& root, const Recording& recording, const BidsConversion& conversion)
      : root_(root), recording_(recording), conversion_(conversion), channels_(conversion.channels) {
    if (channels_.empty()) {
      channels_.resize(recording_.channels().size());
      std::iota(channels_.begin(), channels_.end(), 0);
    }
    if (channels_.empty()) throw usage_error(root_.string(), "there are no channels to write");
    one_rate_ = std::all_of(channels_.begin(), channels_.end(), [&](std::int64_t index) {
      return channel(index).rate_hz == channel(channels_[0]).rate_hz &&
             channel(index).samples == channel(channels_[0]).samples;
    });
  }

  Path write() {
    const std::string stem = conversion_.name.stem();
    const Path folder = root_ / conversion_.name.folder();
    const Path samples = folder / (stem + (one_rate_ ? "_eeg.vhdr" : "_eeg.edf"));
    std::error_code ignored;
    for (const char* const ending : {"_eeg.vhdr", "_eeg.edf", "_eeg.bdf", "_eeg.set"})
      if (!conversion_.force && std::filesystem::exists(folder / (stem + ending), ignored))
        throw usage_error((folder / (stem + ending)).string(), "exists already",
                          "choose another name with --bids or overwrite it with --force");
    std::filesystem::create_directories(folder);
    if (one_rate_)
      write_brainvision(samples, recording_, channels_);
    else
      write_edf(samples, recording_, channels_);
    write_file(folder / (stem + "_eeg.json"), sidecar().dump(2) + "\n");
    write_file(folder / (stem + "_channels.tsv"), table_text(channels_table(), '\t'));
    write_bids_events(root_, conversion_.name, events_table());
    write_positions();
    write_root();
    return samples;
  }

 private:
  const Channel& channel(std::int64_t index) const { return recording_.channels().at(static_cast<std::size_t>(index)); }

  Json sidecar() const {
    std::map<std::string, std::int64_t> counts;
    for (const std::int64_t index : channels_) ++counts[bids_type(channel(index).type)];
    const Json unknown = "n/a";
    return Json::object(
        {{"TaskName", conversion_.name.task},
         {"SamplingFrequency", recording_.main_rate_hz()},
         {"PowerLineFrequency", conversion_.power_line_hz > 0 ? Json(conversion_.power_line_hz) : unknown},
         {"EEGReference", unknown},
         {"SoftwareFilters", unknown},
         {"EEGChannelCount", counts["EEG"]},
         {"EOGChannelCount", counts["EOG"]},
         {"ECGChannelCount", counts["ECG"]},
         {"EMGChannelCount", counts["EMG"]},
         {"TriggerChannelCount", counts["TRIG"]},
         {"RecordingType", recording_.segments().size() > 1 ? "discontinuous" : "continuous"},
         {"RecordingDuration", recording_.duration_s()}});
  }

  Table channels_table() const {
    Table table{{"name", "type", "units", "sampling_frequency"}, {}};
    for (const std::int64_t index : channels_)
      table.rows.push_back({channel(index).name, bids_type(channel(index).type), unit_text(channel(index)),
                            number_text(channel(index).rate_hz)});
    return table;
  }

  std::string unit_text(const Channel& of) const {
    if (of.unit == "unknown") return "n/a";
    return of.unit == "V" && one_rate_ ? "uV" : of.unit;
  }

  /// Times as the written file counts them: BrainVision counts samples, EDF+ goes on in gaps.
  Table events_table() const {
    Table table{{"onset", "duration", "trial_type"}, {}};
    const double rate = recording_.main_rate_hz();
    std::vector<std::pair<double, std::size_t>> order;
    const auto& all = recording_.annotations();
    for (std::size_t i = 0; i < all.size(); ++i)
      order.emplace_back(one_rate_ ? static_cast<double>(sample_at(recording_, all[i].onset_s)) / rate : all[i].onset_s,
                         i);
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [onset_s, i] : order) {
      std::string text = all[i].text.empty() ? "n/a" : all[i].text;
      std::replace_if(
          text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
      table.rows.push_back({number_text(onset_s), number_text(all[i].duration_s), text});
    }
    return table;
  }

  void write_positions() const {
    BidsElectrodes electrodes;
    std::vector<std::array<double, 3>> places;
    for (const std::int64_t index : channels_) {
      if (!channel(index).position_m) continue;
      electrodes.names.push_back(channel(index).name);
      places.push_back(*channel(index).position_m);
    }
    if (places.empty()) return;
    electrodes.positions = Matrix({static_cast<std::int64_t>(places.size()), 3}, uninitialised);
    for (std::size_t i = 0; i < places.size(); ++i)
      for (std::size_t axis = 0; axis < 3; ++axis)
        electrodes.positions(static_cast<std::int64_t>(i), static_cast<std::int64_t>(axis)) = places[i][axis];
    electrodes.frame = "as in the source recording, metres";
    write_bids_electrodes(root_, conversion_.name, electrodes);
  }

  void write_root() const {
    std::error_code ignored;
    if (!std::filesystem::exists(root_ / "dataset_description.json", ignored)) {
      BidsDescription description;
      description.name = root_.filename().string();
      description.license = "not said";
      description.about = "caton convert";
      write_bids_description(root_, description);
    }
    if (!std::filesystem::exists(root_ / "README", ignored))
      write_file(root_ / "README", std::string_view("Recordings converted by caton; see dataset_description.json.\n"));
    const std::string person = "sub-" + conversion_.name.subject;
    Table people{{"participant_id"}, {}};
    if (std::filesystem::exists(root_ / "participants.tsv", ignored))
      people = read_table(root_ / "participants.tsv", '\t');
    const std::size_t column = people.column("participant_id", (root_ / "participants.tsv").string());
    for (const auto& row : people.rows)
      if (row[column] == person) return;
    std::vector<std::string> row(people.header.size(), "n/a");
    row[column] = person;
    people.rows.push_back(row);
    write_bids_participants(root_, people);
  }

  Path root_;
  const Recording& recording_;
  const BidsConversion& conversion_;
  std::vector<std::int64_t> channels_;
  bool one_rate_ = true;
};

}  // namespace

BidsName parse_bids_name(const std::string& text) {
  BidsName name;
  for (const std::string& part : split(text, '_')) {
    const auto dash = part.find('-');
    const std::string entity = part.substr(0, dash), label = dash == std::string::npos ? "" : part.substr(dash + 1);
    std::string* const place = entity == "sub"    ? &name.subject
                               : entity == "ses"  ? &name.session
                               : entity == "task" ? &name.task
                                                  : nullptr;
    if (place == nullptr || label.empty())
      throw usage_error("--bids", "\"" + printable(part) + "\" is not understood",
                        "name it like sub-01_ses-01_task-rest");
    *place = label;
  }
  if (name.subject.empty() || name.task.empty())
    throw usage_error("--bids", "a person and a task are needed", "name it like sub-01_task-rest");
  static_cast<void>(name.stem());
  return name;
}

Path add_to_bids(const Path& root, const Recording& recording, const BidsConversion& conversion) {
  return Conversion(root, recording, conversion).write();
}

}  // namespace caton
