// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/channel_names.hpp"
#include "caton/recording/memory_recording.hpp"
#include "caton/recording/text_numbers.hpp"
#include "caton/recording/time_stamps.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

/// What all Muse headbands since 2016 sample with, and what muse-lsl announces.
constexpr double muse_rate_hz = 256;

std::string_view first_line(std::string_view text) { return trim(text.substr(0, text.find('\n'))); }

std::vector<Annotation> marker_annotations(std::span<const double> marker, const std::vector<Segment>& segments,
                                           double rate_hz) {
  std::vector<Annotation> annotations;
  for (const Segment& segment : segments) {
    for (std::int64_t i = 0; i < segment.count; ++i) {
      const double value = marker[static_cast<std::size_t>(segment.first + i)];
      const double before = i == 0 ? 0 : marker[static_cast<std::size_t>(segment.first + i - 1)];
      if (!std::isfinite(value) || value == 0 || value == before) continue;
      annotations.push_back({segment.onset_s + static_cast<double>(i) / rate_hz, 0, number_text(value)});
    }
  }
  return annotations;
}

void report_missing(const TextNumbers& numbers, const std::vector<std::string>& names, const std::string& where,
                    Findings& findings) {
  if (numbers.ragged > 0)
    findings.push_back({"muse/ragged-rows", Severity::warn, where + ", line " + std::to_string(numbers.ragged_lines[0]),
                        std::to_string(numbers.ragged) + " row(s) with another number of columns are left out"});
  for (std::size_t column = 1; column < names.size(); ++column) {
    if (numbers.missing[column] == 0) continue;
    findings.push_back({"muse/missing-values", Severity::warn, where + ", column \"" + printable(names[column]) + "\"",
                        std::to_string(numbers.missing[column]) + " value(s) are missing or no numbers"});
  }
}

std::unique_ptr<Recording> open_muse(const Path& path, const OpenOptions& options) {
  const MappedFile file(path);
  const std::string_view text = text_of(file.bytes());
  if (text.find('\0') != std::string_view::npos)
    throw input_error(path.string(), "has NUL bytes, so it is binary, not text", "copy the file again");
  const std::size_t header_end = std::min(text.find('\n'), text.size() - 1);
  const std::vector<std::string> names = text_cells(first_line(text), ',');
  const TextNumbers numbers = read_numbers(text.substr(header_end + 1), {.columns = names.size()}, 2);
  if (numbers.rows == 0) throw input_error(path.string(), "is empty: a header without rows of numbers");

  MemoryContent content;
  content.format = "Muse CSV";
  report_missing(numbers, names, path.string(), content.findings);
  const auto rows = static_cast<std::size_t>(numbers.rows);
  const std::span<const double> stamps(numbers.values.data(), rows);
  StampedTime time =
      time_from_stamps(stamps, options.rate_hz.value_or(muse_rate_hz), "muse", path.string(), content.findings);
  if (options.rate_hz) time.rate_hz = *options.rate_hz;
  content.segments = time.segments;
  content.values = Array<double, 2>({static_cast<std::int64_t>(names.size()) - 1, numbers.rows}, uninitialised);
  std::copy(numbers.values.begin() + numbers.rows, numbers.values.end(), content.values.begin());
  for (std::size_t column = 1; column < names.size(); ++column) {
    Channel channel;
    channel.name = names[column];
    channel.rate_hz = time.rate_hz;
    const bool marker = lower_case(names[column]).rfind("marker", 0) == 0;
    if (marker) {
      channel.type = "stim";
      const std::span<const double> values(numbers.values.data() + column * rows, rows);
      const auto found = marker_annotations(values, time.segments, time.rate_hz);
      content.annotations.insert(content.annotations.end(), found.begin(), found.end());
    } else {
      channel.unit = "uV";
      channel.si_factor = 1e-6;
      channel.type = is_electrode_name(normal_channel_name(channel.name)) ? "eeg" : "misc";
    }
    content.channels.push_back(channel);
  }
  return memory_recording(std::move(content));
}

const FormatEntry muse_format{
    .name = "Muse CSV",
    .about = "text files of muse-lsl: time stamps, TP9, AF7, AF8, TP10 in microvolts",
    .extensions = {".csv"},
    .recognise =
        [](Bytes head, const Path&) {
          const std::string line = lower_case(first_line(text_of(head)));
          return line.rfind("timestamps,", 0) == 0 && line.find("tp9") != std::string::npos &&
                 line.find("af7") != std::string::npos;
        },
    .open = open_muse,
    .identifying_fields = {"time stamps"},
};
CATON_REGISTER(FormatEntry, muse_format);

}  // namespace
}  // namespace caton
