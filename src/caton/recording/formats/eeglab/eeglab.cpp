// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/formats/eeglab/set_file.hpp"
#include "caton/recording/memory_recording.hpp"
#include "caton/recording/side_files.hpp"
#include "caton/recording/stored_recording.hpp"

#include <algorithm>
#include <cmath>

namespace caton::eeglab {
namespace {

/// Epochs follow one another; the boundaries of a continuous recording are breaks of unknown length. Times count
/// samples.
std::vector<Segment> segments_of(const SetFile& set, std::int64_t samples) {
  std::vector<std::int64_t> begins{0};
  for (std::int64_t epoch = 1; epoch < set.trials; ++epoch) begins.push_back(epoch * set.points);
  if (set.trials == 1) begins.insert(begins.end(), set.boundaries.begin(), set.boundaries.end());
  std::sort(begins.begin(), begins.end());
  begins.erase(std::unique(begins.begin(), begins.end()), begins.end());
  std::vector<Segment> segments;
  for (std::size_t i = 0; i < begins.size() && begins[i] < samples; ++i) {
    const std::int64_t end = i + 1 < begins.size() ? std::min(begins[i + 1], samples) : samples;
    segments.push_back({begins[i], end - begins[i], static_cast<double>(begins[i]) / set.rate_hz});
  }
  return segments;
}

class Opener {
 public:
  Opener(const Path& path, const OpenOptions& options)
      : path_(path), where_(path.string()), set_(read_set(open_container(path), path, options, findings_)) {}

  std::unique_ptr<Recording> open() {
    if (set_.trials > 1)
      add("epochs", Severity::note,
          std::to_string(set_.trials) + " epochs of " + std::to_string(set_.points) + " samples that begin " +
              number_text(set_.first_s) + " s after their event; nothing is computed across them");
    else if (!set_.boundaries.empty())
      add("boundaries", Severity::note,
          std::to_string(set_.boundaries.size()) +
              " boundaries where data were cut out; nothing is computed across them");
    return set_.data_file.empty() ? from_memory() : from_file();
  }

 private:
  void add(const std::string& code, Severity severity, const std::string& what) {
    findings_.push_back({"eeglab/" + code, severity, where_, what});
  }

  std::string format() const { return set_.trials > 1 ? "EEGLAB epochs" : "EEGLAB"; }

  std::unique_ptr<Recording> from_memory() {
    MemoryContent content;
    content.format = format();
    content.channels = set_.channels;
    const std::int64_t samples = set_.points * set_.trials;
    for (Channel& channel : content.channels) channel.samples = samples;
    content.annotations = std::move(set_.events);
    content.segments = segments_of(set_, samples);
    content.findings = std::move(findings_);
    content.load = set_.load;
    return memory_recording(std::move(content));
  }

  /// The data file lies beside the header; a renamed pair is found by the header's own name.
  Path data_path() {
    const Path named = beside(path_, set_.data_file, where_);
    if (is_file(named)) return named;
    for (const char* const ending : {".fdt", ".dat"}) {
      const Path renamed = with_ending(path_, ending);
      if (!is_file(renamed)) continue;
      add("data-renamed", Severity::note,
          "its data file \"" + printable(set_.data_file) + "\" is missing; " + renamed.filename().string() +
              " is read");
      return renamed;
    }
    return named;
  }

  std::unique_ptr<Recording> from_file() {
    StoredContent content;
    const Path data = data_path();
    content.file = map_named(data, where_, "data file");
    content.format = format();
    const auto channels = static_cast<std::int64_t>(set_.channels.size());
    constexpr std::int64_t width = 4;
    const auto bytes = static_cast<std::int64_t>(content.file->bytes().size());
    const std::int64_t promised = set_.points * set_.trials, there = bytes / (channels * width);
    if (there == 0) throw input_error(data.string(), "is truncated: it holds not one sample of every channel");
    const bool turned = has_ending(data, {".dat"});
    if (turned && there < promised)
      throw input_error(data.string(), "is truncated: " + std::to_string(promised) + " samples are promised, " +
                                           std::to_string(there) + " are there");
    if (there != promised)
      add("pnts", Severity::warn,
          "pnts says " + std::to_string(promised) + " samples, the data file holds " + std::to_string(there) +
              (there < promised ? ": it is truncated" : ""));
    // Of epochs only whole ones are kept.
    std::int64_t samples = std::min(there, promised);
    if (set_.trials > 1) {
      set_.trials = samples / set_.points;
      samples = set_.trials * set_.points;
      if (samples == 0) throw input_error(data.string(), "is truncated: it holds not one epoch");
    }
    for (std::int64_t i = 0; i < channels; ++i) {
      Channel channel = set_.channels[static_cast<std::size_t>(i)];
      channel.samples = samples;
      StoredChannel stored{.type = StoredType::float32, .offset = turned ? i * promised * width : i * width};
      stored.stride = turned ? width : channels * width;
      stored.block_samples = samples;
      stored.gain.gain = channel.si_factor;
      content.channels.push_back(std::move(channel));
      content.stored.push_back(stored);
    }
    content.annotations = std::move(set_.events);
    content.segments = segments_of(set_, samples);
    content.findings = std::move(findings_);
    return stored_recording(std::move(content));
  }

  Path path_;
  std::string where_;
  Findings findings_;
  SetFile set_;
};

Path header_of(const Path& path) {
  if (!has_ending(path, {".fdt"})) return path;
  const Path header = with_ending(path, ".set");
  if (!is_file(header))
    throw input_error(path.string(), "holds the samples of an EEGLAB recording whose .set file is missing",
                      "copy the .set file beside it and name that");
  return header;
}

const FormatEntry eeglab_format{
    .name = "EEGLAB",
    .about = "MATLAB files of EEGLAB, continuous or epochs, with or without .fdt",
    .extensions = {".set", ".fdt"},
    .recognise =
        [](Bytes head, const Path& path) {
          const bool matlab = begins_with(head, "MATLAB ") || begins_with(head, "\x89HDF");
          return has_ending(path, {".fdt"}) || (has_ending(path, {".set"}) && matlab);
        },
    .open = [](const Path& path, const OpenOptions& options) { return Opener(header_of(path), options).open(); },
    .identifying_fields = {"subject", "file names", "comments", "history", "date of the MATLAB header"},
};
CATON_REGISTER(FormatEntry, eeglab_format);

}  // namespace
}  // namespace caton::eeglab
