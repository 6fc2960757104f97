// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/bytes.hpp"
#include "caton/base/file.hpp"
#include "caton/base/finding.hpp"
#include "caton/base/json.hpp"
#include "caton/base/registry.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What was recorded: channels with their own rates, samples as volts, annotations, gaps, and what was odd.
namespace caton {

struct Channel {
  std::string name;              ///< as filed, trimmed
  std::string type = "eeg";      ///< MNE's lower-case words: eeg, eog, ecg, emg, stim, misc, resp, temperature …
  std::string unit = "unknown";  ///< as filed, in the normal spelling ("uV"); "unknown" is never taken for volts
  double rate_hz = 0;            ///< 0: not known
  std::int64_t samples = 0;
  double si_factor = 1;          ///< value in the file's unit times this is SI (V …); 1 where the unit is unknown
  double digital_min_value = 0;  ///< smallest and largest value the converter can deliver, in SI; equal: not known
  double digital_max_value = 0;
  std::optional<std::array<double, 3>> position_m;
};

struct Annotation {
  double onset_s = 0;
  double duration_s = 0;
  std::string text;
};

/// A stretch of samples without a break in time: sample `first` was recorded at `onset_s`.
struct Segment {
  std::int64_t first = 0;
  std::int64_t count = 0;
  double onset_s = 0;
};

/// An opened recording. Opening reads the header and the annotations only; samples come with `read`.
class Recording {
 public:
  virtual ~Recording() = default;

  [[nodiscard]] virtual const std::string& format() const = 0;  ///< "EDF", "BDF", "Muse CSV" …
  [[nodiscard]] virtual const std::vector<Channel>& channels() const = 0;
  [[nodiscard]] virtual const std::vector<Annotation>& annotations() const = 0;
  [[nodiscard]] virtual const Findings& findings() const = 0;
  [[nodiscard]] virtual double duration_s() const = 0;  ///< end of the last sample or annotation
  /// Segments of the main rate; one when there is no gap. A window never crosses from one into the next.
  [[nodiscard]] virtual const std::vector<Segment>& segments() const = 0;

  /// Samples [first, first + count) of the named channels, all of one rate, into rows of `out` (channels x count), in
  /// SI units where the unit is known, else as filed. Refuses what lies outside, and channels of different rates.
  virtual void read(std::span<const std::int64_t> channels, std::int64_t first, std::int64_t count,
                    View<float, 2> out) const = 0;
  virtual void read(std::span<const std::int64_t> channels, std::int64_t first, std::int64_t count,
                    View<double, 2> out) const = 0;

  /// Index of a channel by name (exact, else without regard to case); an unknown one is refused with near names.
  [[nodiscard]] std::int64_t channel_index(std::string_view name) const;
  /// Indices of all channels of a type ("eeg").
  [[nodiscard]] std::vector<std::int64_t> channels_of_type(std::string_view type) const;
};

/// How a file shall be opened where it does not say enough itself.
struct OpenOptions {
  std::optional<double> rate_hz;    ///< of a bare array or a table without times
  std::optional<std::string> unit;  ///< of channels whose unit is unknown
};

/// A file format: one folder in `recording/formats/`.
struct FormatEntry {
  std::string name;  ///< "EDF"
  std::string about;
  std::vector<std::string> extensions;  ///< with dot, lower case
  /// Decides by content (at most the first 4096 bytes); the path only where content cannot tell.
  bool (*recognise)(Bytes head, const Path& path) = nullptr;
  std::unique_ptr<Recording> (*open)(const Path& path,
                                     const OpenOptions& options) = nullptr;  ///< none: known, not read yet
  std::string remedy = {};  ///< for what is known but not read: how to convert it
  std::vector<std::string> identifying_fields = {};
};

[[nodiscard]] std::unique_ptr<Recording> open_recording(const Path& path, const OpenOptions& options = {});
/// The format that recognises the file; an unknown one is refused naming what is read.
[[nodiscard]] const FormatEntry& format_of(const Path& path);

/// A recording's signal in few numbers, by which copies are found whatever the file's name (RELIABILITY 14.2).
struct Sketch {
  std::vector<std::string> channels;
  std::vector<std::uint64_t> hashes;  ///< per channel: of the stored samples; equal hashes are equal signals
  /// Per channel: samples at a fixed pace (about 8 a second, at most 4096), mean removed and unit norm, for
  /// correlation.
  Array<float, 2> traces;
  std::int64_t samples = 0;
};
[[nodiscard]] Sketch sketch_of(const Recording& recording);

/// Two recordings that are copies of each other.
struct Copy {
  std::int64_t first = 0, second = 0;  ///< indices into the list given
  int equal_channels = 0;              ///< channels whose samples are equal to the last bit
  double correlation = 0;              ///< smallest over the compared channels
};
/// All pairs of which most channels are equal or correlate above 0.999 at zero lag.
[[nodiscard]] std::vector<Copy> find_copies(std::span<const Sketch> sketches);

}  // namespace caton
