// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/brainvision/header.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/side_files.hpp"
#include "caton/recording/start_times.hpp"

#include <map>

namespace caton::brainvision {
namespace {

using Section = std::map<std::string, std::string>;

/// "[Common Infos]" and the like with their keys, in lower case; free text (the comment) is passed over.
std::map<std::string, Section> sections_of(std::string_view text) {
  std::map<std::string, Section> sections;
  std::string name;
  each_line(text, [&](std::int64_t, std::string_view raw) {
    const std::string_view line = trim(raw);
    if (line.empty() || line.front() == ';') return;
    if (line.front() == '[' && line.back() == ']') {
      name = lower_case(line.substr(1, line.size() - 2));
      return;
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || name == "comment") return;
    sections[name].emplace(lower_case(trim(line.substr(0, equals))), utf8_text(trim(line.substr(equals + 1))));
  });
  return sections;
}

/// Commas within a field are written as "\1".
std::string with_commas(std::string text) {
  for (auto at = text.find("\\1"); at != std::string::npos; at = text.find("\\1", at)) text.replace(at, 2, ",");
  return text;
}

class HeaderReader {
 public:
  HeaderReader(std::string_view text, std::string where) : sections_(sections_of(text)), where_(std::move(where)) {}

  Header read(const std::string& base) {
    header_.data_file = file_name("datafile", base);
    if (header_.data_file.empty()) throw input_error(where_, "names no DataFile", "export the recording again");
    header_.marker_file = file_name("markerfile", base);
    read_layout();
    read_rate();
    read_channels();
    return std::move(header_);
  }

 private:
  std::string value(const std::string& section, const std::string& key) const {
    const auto found = sections_.find(section);
    if (found == sections_.end()) return {};
    const auto entry = found->second.find(key);
    return entry == found->second.end() ? std::string() : entry->second;
  }

  std::string file_name(const std::string& key, const std::string& base) const {
    std::string name = value("common infos", key);
    if (const auto at = name.find("$b"); at != std::string::npos) name.replace(at, 2, base);
    return name;
  }

  void read_layout() {
    const std::string format = lower_case(value("common infos", "dataformat"));
    if (format != "binary")
      throw input_error(where_, "DataFormat \"" + printable(format) + "\" is not read", "export it as BINARY");
    const std::string orientation = lower_case(value("common infos", "dataorientation"));
    if (orientation != "multiplexed" && orientation != "vectorized")
      throw input_error(where_, "DataOrientation \"" + printable(orientation) + "\" is not known");
    header_.vectorised = orientation == "vectorized";
    const std::string type = lower_case(value("binary infos", "binaryformat"));
    static const std::map<std::string, StoredType> types{{"int_16", StoredType::int16},
                                                         {"uint_16", StoredType::uint16},
                                                         {"int_32", StoredType::int32},
                                                         {"ieee_float_32", StoredType::float32}};
    const auto known = types.find(type);
    if (known == types.end())
      throw input_error(where_, "BinaryFormat \"" + printable(type) + "\" is not known",
                        "export it as INT_16 or IEEE_FLOAT_32");
    header_.type = known->second;
    if (lower_case(value("binary infos", "usebigendianorder")) == "yes") header_.order = ByteOrder::big;
  }

  void read_rate() {
    const std::string text = value("common infos", "samplinginterval");
    const auto interval_us = parse_number(text);
    if (!interval_us || !(*interval_us > 0) || 1e6 / *interval_us > limits::rate_hz)
      throw input_error(where_, "SamplingInterval \"" + printable(text) + "\" is no usable number of microseconds",
                        "correct it in the header");
    header_.rate_hz = 1e6 / *interval_us;
  }

  void read_channels() {
    const auto count = parse_integer(value("common infos", "numberofchannels"));
    if (!count || *count < 1 || *count > limits::channels)
      throw input_error(where_, "NumberOfChannels \"" + printable(value("common infos", "numberofchannels")) +
                                    "\" is no number of channels from 1 to " + std::to_string(limits::channels));
    const auto found = sections_.find("channel infos");
    const std::size_t listed = found == sections_.end() ? 0 : found->second.size();
    if (static_cast<std::int64_t>(listed) != *count)
      throw input_error(where_,
                        "NumberOfChannels is " + std::to_string(*count) + ", but " + std::to_string(listed) +
                            " channel(s) are described",
                        "correct the header; the samples cannot be told apart otherwise");
    for (std::int64_t i = 1; i <= *count; ++i) {
      const auto entry = found->second.find("ch" + std::to_string(i));
      if (entry == found->second.end())
        throw input_error(where_, "channel " + std::to_string(i) + " is not described (Ch" + std::to_string(i) + ")");
      header_.channels.push_back(channel_of(entry->second, i));
    }
  }

  HeaderChannel channel_of(const std::string& line, std::int64_t number) const {
    const auto fields = split(line, ',');
    HeaderChannel channel;
    channel.name = with_commas(std::string(trim(fields[0])));
    if (channel.name.empty()) channel.name = "Ch" + std::to_string(number);
    if (fields.size() > 2 && !trim(fields[2]).empty()) {
      const auto resolution = parse_number(fields[2]);
      if (!resolution || *resolution == 0)
        throw input_error(where_, "channel " + std::to_string(number) + ": resolution \"" + printable(fields[2]) +
                                      "\" is no usable number");
      channel.resolution = *resolution;
    }
    if (fields.size() > 3) channel.unit = trim(fields[3]);
    return channel;
  }

  std::map<std::string, Section> sections_;
  std::string where_;
  Header header_;
};

/// "20131113161403794232" → "2013-11-13T16:14:03.794232"; empty where it is no such date.
std::string start_of(std::string_view text) {
  if (text.size() < 14 || text.find_first_not_of("0123456789") != std::string_view::npos) return {};
  const auto part = [&](std::size_t at, std::size_t count) { return *parse_integer(text.substr(at, count)); };
  std::string fraction(text.substr(14, 6));
  fraction.resize(6, '0');
  return start_text(
      {part(0, 4), part(4, 2), part(6, 2), part(8, 2), part(10, 2), part(12, 2), *parse_integer(fraction)});
}

class MarkerReader {
 public:
  MarkerReader(double rate_hz, std::int64_t samples) : rate_hz_(rate_hz), samples_(samples) {}

  Markers read(std::string_view text, const std::string& where, Findings& findings) {
    bool inside = false;
    each_line(text, [&](std::int64_t number, std::string_view raw) {
      const std::string_view line = trim(raw);
      if (line.empty() || line.front() == ';') return;
      if (line.front() == '[') {
        inside = lower_case(line) == "[marker infos]";
      } else if (inside) {
        add(line, number, where);
      }
    });
    if (broken_ > 0)
      findings.push_back({"brainvision/marker-broken", Severity::warn, where + ", line " + std::to_string(broken_line_),
                          std::to_string(broken_) + " marker line(s) cannot be understood and are left out"});
    if (outside_ > 0)
      findings.push_back({"brainvision/marker-outside", Severity::warn, where,
                          std::to_string(outside_) + " marker(s) lie outside the " + std::to_string(samples_) +
                              " samples and are left out"});
    return std::move(markers_);
  }

 private:
  void add(std::string_view line, std::int64_t number, const std::string& where) {
    const auto equals = line.find('=');
    const auto fields =
        equals == std::string_view::npos ? std::vector<std::string>{} : split(line.substr(equals + 1), ',');
    const auto position = fields.size() > 2 ? parse_integer(fields[2]) : std::nullopt;
    if (!position) {
      if (broken_++ == 0) broken_line_ = number;
      return;
    }
    if (*position < 1 || *position > samples_) {
      ++outside_;
      return;
    }
    if (static_cast<std::int64_t>(markers_.annotations.size()) >= limits::annotations)
      throw input_error(where, "more than " + std::to_string(limits::annotations) + " markers");
    const auto size = fields.size() > 3 ? parse_integer(fields[3]) : std::nullopt;
    const std::string type = with_commas(utf8_text(trim(fields[0])));
    Annotation annotation;
    annotation.onset_s = static_cast<double>(*position - 1) / rate_hz_;
    annotation.duration_s = static_cast<double>(std::max<std::int64_t>(0, size.value_or(0))) / rate_hz_;
    annotation.text = type + "/" + with_commas(utf8_text(fields[1]));
    markers_.annotations.push_back(std::move(annotation));
    if (type != "New Segment") return;
    if (markers_.segment_begins.empty() && fields.size() > 5) markers_.start = start_of(trim(fields[5]));
    markers_.segment_begins.push_back(*position - 1);
  }

  double rate_hz_;
  std::int64_t samples_, broken_ = 0, broken_line_ = 0, outside_ = 0;
  Markers markers_;
};

}  // namespace

Header read_header(std::string_view text, const std::string& base, const std::string& where) {
  return HeaderReader(text, where).read(base);
}

Markers read_markers(std::string_view text, double rate_hz, std::int64_t samples, const std::string& where,
                     Findings& findings) {
  return MarkerReader(rate_hz, samples).read(text, where, findings);
}

}  // namespace caton::brainvision
