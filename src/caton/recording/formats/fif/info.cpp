// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/fif/info.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/side_files.hpp"
#include "caton/recording/start_times.hpp"
#include "caton/recording/units.hpp"

#include <algorithm>
#include <cmath>

namespace caton::fif {
namespace {

std::string unit_name(int unit) {
  static const std::map<int, std::string> units{{1, "m"},    {3, "s"},      {4, "A"},    {5, "K"},     {7, "rad"},
                                                {101, "Hz"}, {103, "Pa"},   {107, "V"},  {109, "Ohm"}, {110, "S"},
                                                {112, "T"},  {114, "degC"}, {201, "T/m"}};
  const auto found = units.find(unit);
  return found == units.end() ? std::string() : found->second;
}

std::string type_name(int kind, int unit) {
  static const std::map<int, std::string> kinds{
      {2, "eeg"},    {3, "stim"},   {102, "bio"},    {201, "mcg"},          {202, "eog"},  {301, "ref_meg"},
      {302, "emg"},  {402, "ecg"},  {502, "misc"},   {602, "resp"},         {802, "seeg"}, {803, "dbs"},
      {900, "syst"}, {902, "ecog"}, {1100, "fnirs"}, {1200, "temperature"}, {1300, "eda"}};
  if (kind == 1) return unit == 201 ? "grad" : "mag";
  const auto found = kinds.find(kind);
  return found == kinds.end() ? "misc" : found->second;
}

void add_channel(const Directory& directory, const Tag& tag, Info& info, Findings& findings) {
  ByteReader reader = directory.reader(tag);
  reader.skip(8, "a channel's numbers");
  const int kind = reader.take<std::int32_t>("a channel's kind");
  const double range = reader.take<float>("a channel's range");
  const double calibration = reader.take<float>("a channel's calibration");
  reader.skip(4, "a channel's coil");
  std::array<double, 3> place{};
  for (double& value : place) value = reader.take<float>("a channel's place");
  reader.skip(36, "a channel's directions");
  const int unit = reader.take<std::int32_t>("a channel's unit");
  const int multiplier = reader.take<std::int32_t>("a channel's unit");
  const std::string_view name = reader.take_text(16, "a channel's name");
  Channel channel;
  channel.name = utf8_text(trim(name.substr(0, name.find('\0'))));
  channel.type = type_name(kind, unit);
  const Unit known = unit_of(unit_name(unit));
  channel.unit = known.name;
  channel.si_factor = known.si_factor;
  channel.rate_hz = info.rate_hz;
  const double length = std::sqrt(place[0] * place[0] + place[1] * place[1] + place[2] * place[2]);
  if ((channel.type == "eeg" || channel.type == "ecog" || channel.type == "seeg") && length > 0.01 && length < 0.3)
    channel.position_m = place;
  if (!std::isfinite(range) || !std::isfinite(calibration) || range == 0 || calibration == 0)
    throw input_error(directory.where(), "channel \"" + printable(channel.name) + "\" has the calibration " +
                                             number_text(calibration) + " and the range " + number_text(range));
  if (multiplier != 0)
    findings.push_back({"fif/unit-multiplier", Severity::warn, directory.where(),
                        "channel \"" + printable(channel.name) + "\" names a multiple of its unit (10^" +
                            std::to_string(multiplier) + "), which is not applied"});
  info.channels.push_back(std::move(channel));
  info.range.push_back(range);
  info.calibration.push_back(calibration);
}

double date_of(const Directory& directory) {
  const Tag* const tag = directory.find(measurement_date, info_block);
  if (tag == nullptr) return -1;
  const auto parts = directory.numbers(*tag);
  if (parts.empty() || parts[0] < 0) return -1;
  return parts[0] + (parts.size() > 1 ? parts[1] * 1e-6 : 0);
}

}  // namespace

Info read_info(const Directory& directory, Findings& findings) {
  Info info;
  const Tag* const rate = directory.find(sampling_rate, info_block);
  if (rate == nullptr) throw input_error(directory.where(), "has no measurement info with a sampling rate");
  const auto rates = directory.numbers(*rate);
  info.rate_hz = rates.empty() ? 0 : rates[0];
  if (!(info.rate_hz > 0) || info.rate_hz > limits::rate_hz)
    throw input_error(directory.where(), "a rate of " + number_text(info.rate_hz) + " Hz makes no sense");
  info.date_s = date_of(directory);
  for (const Tag& tag : directory.tags()) {
    if (tag.kind != channel_info || !directory.inside(tag, info_block)) continue;
    if (static_cast<std::int64_t>(info.channels.size()) >= limits::channels)
      throw input_error(directory.where(), "has more than " + std::to_string(limits::channels) + " channels");
    add_channel(directory, tag, info, findings);
  }
  const Tag* const count = directory.find(channel_count, info_block);
  if (info.channels.empty()) throw input_error(directory.where(), "its measurement info describes no channel");
  if (count != nullptr && directory.integer(*count) != static_cast<std::int64_t>(info.channels.size()))
    throw input_error(directory.where(), "says " + std::to_string(directory.integer(*count)) +
                                             " channels and describes " + std::to_string(info.channels.size()));
  if (const Tag* const bad = directory.find(names_list, bad_channels_block)) {
    std::string names = directory.text(*bad);
    std::replace(names.begin(), names.end(), ':', ' ');
    findings.push_back({"fif/bad-channels", Severity::warn, directory.where(),
                        "marked as bad by whoever filed it: " + printable(names)});
  }
  return info;
}

std::string start_of(double date_s) {
  if (date_s < 0 || date_s > 3.2e10) return {};
  return start_text(static_cast<std::int64_t>(std::llround(date_s * 1e6)));
}

std::vector<Annotation> read_annotations(const Directory& directory, const Info& info, double first_s,
                                         Findings& findings) {
  const Tag* const begin = directory.find(onsets, annotations_block);
  const Tag* const end = directory.find(ends, annotations_block);
  const Tag* const words = directory.find(comment, annotations_block);
  if (begin == nullptr || end == nullptr || words == nullptr) return {};
  const auto from = directory.numbers(*begin), to = directory.numbers(*end);
  // Texts are joined by colons; a colon within one is written as "{COLON}".
  const auto texts = split(directory.text(*words), ':');
  if (from.size() != to.size() || from.size() != texts.size()) {
    if (!(from.empty() && to.empty()))
      findings.push_back({"fif/annotations", Severity::warn, directory.where(),
                          "the lists of annotations are of different length and left out"});
    return {};
  }
  double shift = -first_s;
  if (const Tag* const origin = directory.find(measurement_date, annotations_block)) {
    const auto parts = directory.numbers(*origin);
    const double own = parts.empty() ? -1 : parts[0] + (parts.size() > 1 ? parts[1] * 1e-6 : 0);
    if (own > 0 && info.date_s > 0 && std::fabs(own - info.date_s) > 1e-6) shift += own - info.date_s;
  }
  std::vector<Annotation> annotations;
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::string text = texts[i];
    for (auto at = text.find("{COLON}"); at != std::string::npos; at = text.find("{COLON}")) text.replace(at, 7, ":");
    annotations.push_back({from[i] + shift, std::max(0.0, to[i] - from[i]), text});
  }
  return annotations;
}

EpochEvents read_epoch_events(const Directory& directory) {
  EpochEvents events;
  if (const Tag* const list = directory.find(event_list, epochs_block)) {
    const auto rows = directory.numbers(*list);
    for (std::size_t i = 2; i < rows.size(); i += 3) events.codes.push_back(static_cast<std::int64_t>(rows[i]));
    if (const Tag* const names = directory.find_in(comment, list->block)) {
      for (const std::string& entry : split(directory.text(*names), ';')) {
        const auto colon = entry.rfind(':');
        const auto code = colon == std::string::npos ? std::nullopt : parse_integer(entry.substr(colon + 1));
        if (code) events.names[*code] = entry.substr(0, colon);
      }
    }
  }
  return events;
}

}  // namespace caton::fif
