// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/filed_channel.hpp"
#include "caton/recording/formats/brainvision/header.hpp"
#include "caton/recording/side_files.hpp"
#include "caton/recording/stored_recording.hpp"

#include <algorithm>
#include <set>

namespace caton::brainvision {
namespace {

/// A header's bytes as text; files of another kind under its name are told.
std::string header_text(const Path& path) {
  const std::string text = read_text_file(path, limits::header_bytes);
  if (text.find('\0') != std::string::npos)
    throw input_error(path.string(), "is no BrainVision header but binary", "name the .vhdr file");
  return text;
}

class Opener {
 public:
  Opener(const Path& path, const OpenOptions& options)
      : path_(path),
        where_(path.string()),
        options_(options),
        header_(read_header(header_text(path), path.stem().string(), where_)) {}

  std::unique_ptr<Recording> open() {
    content_.format = "BrainVision";
    const Path data = beside(path_, header_.data_file, where_);
    content_.file = map_named(data, where_, "data file");
    const auto width = static_cast<std::int64_t>(stored_width(header_.type));
    const auto channels = static_cast<std::int64_t>(header_.channels.size());
    const auto bytes = static_cast<std::int64_t>(content_.file->bytes().size());
    samples_ = bytes / (channels * width);
    if (samples_ == 0) throw input_error(data.string(), "is truncated: it holds not one sample of every channel");
    if (bytes % (channels * width) != 0)
      add("data-truncated", Severity::warn,
          "the data file is truncated: its " + std::to_string(bytes) + " bytes are no whole number of samples of " +
              std::to_string(channels) + " channels; " + std::to_string(samples_) + " are read" +
              (header_.vectorised ? ", and channels after the first may be shifted" : ""));
    for (std::size_t i = 0; i < header_.channels.size(); ++i) add_channel(static_cast<std::int64_t>(i), width);
    read_marker_file();
    return stored_recording(std::move(content_));
  }

 private:
  void add(const std::string& code, Severity severity, const std::string& what) {
    content_.findings.push_back({"brainvision/" + code, severity, where_, what});
  }

  void add_channel(std::int64_t index, std::int64_t width) {
    const HeaderChannel& filed = header_.channels[static_cast<std::size_t>(index)];
    const Unit unit = filed_unit(unit_of(filed.unit.empty() ? "uV" : filed.unit), options_);
    StoredChannel stored;
    stored.type = header_.type;
    stored.order = header_.order;
    stored.offset = header_.vectorised ? index * samples_ * width : index * width;
    stored.stride = header_.vectorised ? width : width * static_cast<std::int64_t>(header_.channels.size());
    stored.block_samples = samples_;
    stored.gain.gain = filed.resolution * unit.si_factor;
    Channel channel = filed_channel(filed.name, unit, header_.rate_hz);
    channel.samples = samples_;
    set_stored_range(channel, stored);
    if (!names_.insert(channel.name).second)
      add("labels-duplicate", Severity::warn, "two channels are named \"" + printable(channel.name) + "\" (duplicate)");
    content_.channels.push_back(std::move(channel));
    content_.stored.push_back(stored);
  }

  void read_marker_file() {
    if (header_.marker_file.empty()) return;
    const Path markers = beside(path_, header_.marker_file, where_);
    if (!is_file(markers)) {
      add("marker-missing", Severity::warn,
          "its marker file \"" + printable(header_.marker_file) + "\" is missing, so there are no annotations");
      return;
    }
    const MappedFile file(markers);
    Markers read = read_markers(text_of(file.bytes()), header_.rate_hz, samples_, markers.string(), content_.findings);
    content_.annotations = std::move(read.annotations);
    content_.start = read.start;
    add_segments(read.segment_begins);
  }

  /// A new segment is a break in time of unknown length: nothing is computed across it.
  void add_segments(std::vector<std::int64_t> begins) {
    begins.push_back(0);
    std::sort(begins.begin(), begins.end());
    begins.erase(std::unique(begins.begin(), begins.end()), begins.end());
    for (std::size_t i = 0; i < begins.size(); ++i) {
      const std::int64_t end = i + 1 < begins.size() ? begins[i + 1] : samples_;
      content_.segments.push_back({begins[i], end - begins[i], static_cast<double>(begins[i]) / header_.rate_hz});
    }
    if (begins.size() > 1)
      add("segments", Severity::note,
          std::to_string(begins.size()) +
              " segments: the recording was paused between them; times count samples, and " +
              "nothing is computed across a pause");
  }

  Path path_;
  std::string where_;
  OpenOptions options_;
  StoredContent content_;
  Header header_;
  std::int64_t samples_ = 0;
  std::set<std::string> names_;
};

/// The header of a marker or data file beside which it lies.
Path header_of(const Path& path) {
  if (has_ending(path, {".vmrk", ".eeg"})) {
    const Path header = with_ending(path, ".vhdr");
    if (!is_file(header))
      throw input_error(path.string(), "is part of a BrainVision recording whose header (.vhdr) is missing",
                        "copy the header beside it and name that");
    return header;
  }
  return path;
}

bool is_header_or_marker(Bytes head) {
  std::string_view text = text_of(head);
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  return text.substr(0, 12) == "Brain Vision" || text.substr(0, 11) == "BrainVision";
}

const FormatEntry brainvision_format{
    .name = "BrainVision",
    .about = "Brain Products header, marker and data files",
    .extensions = {".vhdr", ".vmrk", ".eeg", ".ahdr"},
    .recognise =
        [](Bytes head, const Path& path) {
          return is_header_or_marker(head) || (has_ending(path, {".eeg"}) && !begins_with(head, "EEG-"));
        },
    .open = [](const Path& path, const OpenOptions& options) { return Opener(header_of(path), options).open(); },
    .identifying_fields = {"amplifier and impedances in the comment", "date of the first segment", "file names"},
};
CATON_REGISTER(FormatEntry, brainvision_format);

}  // namespace
}  // namespace caton::brainvision
