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

/// How a converter's whole numbers stand for values: `digital_min` is `physical_min` in the file's unit.
struct Scaling {
  std::int64_t digital_min = 0, digital_max = 0;
  double physical_min = 0, physical_max = 0;
  int bits = 16;  ///< width in which a sample is stored
};

struct Channel {
  std::string name;              ///< as filed, trimmed
  std::string type = "eeg";      ///< MNE's lower-case words: eeg, eog, ecg, emg, stim, misc, resp, temperature …
  std::string unit = "unknown";  ///< as filed, in the normal spelling ("uV"); "unknown" is never taken for volts
  double rate_hz = 0;            ///< 0: not known
  std::int64_t samples = 0;
  double si_factor = 1;          ///< value in the file's unit times this is SI (V …); 1 where the unit is unknown
  double digital_min_value = 0;  ///< smallest and largest value the converter can deliver, in SI; equal: not known
  double digital_max_value = 0;
  std::optional<Scaling> scaling = std::nullopt;  ///< where samples are stored as whole numbers
  std::optional<std::array<double, 3>> position_m = std::nullopt;
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

  [[nodiscard]] virtual const std::string& format() const = 0;      ///< "EDF", "BDF", "Muse CSV" …
  [[nodiscard]] virtual std::string variant() const { return {}; }  ///< "EDF+D", where a format has several
  [[nodiscard]] virtual const std::vector<Channel>& channels() const = 0;
  [[nodiscard]] virtual const std::vector<Annotation>& annotations() const = 0;
  [[nodiscard]] virtual const Findings& findings() const = 0;
  /// Seconds of recorded signal, gaps not counted; of annotations alone: the end of the last one; 0: not known.
  [[nodiscard]] virtual double duration_s() const = 0;
  /// When the first sample was taken, local time as filed: "2010-03-02T10:11:12.375"; empty where not known.
  [[nodiscard]] virtual std::string start() const { return {}; }
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
  /// The rate of most channels that have samples (the higher one where equal); 0: none is known.
  [[nodiscard]] double main_rate_hz() const;

 protected:
  /// What every `read` refuses: unknown channels, different rates, samples outside, a view of another shape.
  void check_read(std::span<const std::int64_t> channels, std::int64_t first, std::int64_t count,
                  const std::array<std::int64_t, 2>& extents) const;
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
  bool general = false;  ///< asked last: text and arrays, which many more special formats are made of
};

[[nodiscard]] std::unique_ptr<Recording> open_recording(const Path& path, const OpenOptions& options = {});
/// The format that recognises the file; an unknown one is refused naming what is read.
[[nodiscard]] const FormatEntry& format_of(const Path& path);

/// A recording's signal in few numbers, by which copies are found whatever the file's name (RELIABILITY 14.2).
/// Channels that never change and trigger channels are left out.
struct Sketch {
  std::vector<std::string> channels;  ///< normal names
  std::vector<std::uint64_t> hashes;  ///< per channel: of the samples without sign; equal hashes are equal signals
  /// Per channel: differences of means over an eighth of a second, the first 4096 of them, unit norm, for correlation.
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
