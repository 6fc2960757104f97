// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/filed_channel.hpp"
#include "caton/recording/formats/wfdb/annotations.hpp"
#include "caton/recording/formats/wfdb/header.hpp"
#include "caton/recording/formats/wfdb/packing.hpp"
#include "caton/recording/precisions.hpp"
#include "caton/recording/side_files.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

namespace caton::wfdb {
namespace {

/// A file of format 8 holds differences and is summed up as a whole.
constexpr std::int64_t largest_differences = 256 << 20;

/// The samples of one file: those of its signals, frame after frame.
class SignalFile {
 public:
  SignalFile(std::shared_ptr<const MappedFile> file, int format, std::int64_t offset)
      : file_(std::move(file)), format_(format) {
    const auto size = static_cast<std::int64_t>(file_->bytes().size());
    bytes_ = file_->bytes().subspan(static_cast<std::size_t>(std::min(offset, size)));
    count_ = packed_count(format, static_cast<std::int64_t>(bytes_.size()));
    if (format == 8 && count_ > largest_differences)
      throw input_error(file_->path().string(), "a file of differences (format 8) of this size is not read");
  }

  /// Gives each place of a frame its initial value. Frames larger than the file are refused before they take memory.
  void add_signal(std::int64_t places, std::int64_t initial) {
    if (places > count_ - this->places())
      throw input_error(file_->path().string(), "is truncated: it holds not one frame");
    initial_.insert(initial_.end(), static_cast<std::size_t>(places), initial);
  }
  [[nodiscard]] std::int64_t places() const noexcept { return static_cast<std::int64_t>(initial_.size()); }
  [[nodiscard]] std::int64_t frames() const noexcept { return count_ / places(); }
  [[nodiscard]] int format() const noexcept { return format_; }

  [[nodiscard]] std::int64_t at(std::int64_t index) const {
    if (format_ != 8) return packed_at(format_, bytes_, index);
    std::call_once(once_, [&] { sum_up(); });
    return sums_[static_cast<std::size_t>(index)];
  }

 private:
  /// The differences of a signal run through all of its samples, also those of one frame.
  void sum_up() const {
    std::vector<std::int64_t> last = initial_;
    sums_.resize(static_cast<std::size_t>(count_));
    for (std::int64_t i = 0; i < count_; ++i) {
      std::int64_t& sum = last[static_cast<std::size_t>(i % places())];
      sum += packed_at(8, bytes_, i);
      sums_[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(sum);
    }
  }

  std::shared_ptr<const MappedFile> file_;
  int format_;
  Bytes bytes_;
  std::int64_t count_ = 0;
  std::vector<std::int64_t> initial_;
  mutable std::once_flag once_;
  mutable std::vector<std::int32_t> sums_;
};

/// Where the samples of a channel are.
struct Place {
  std::shared_ptr<const SignalFile> file;
  std::int64_t offset = 0, each = 1, skew = 0;  ///< within a frame, samples of a frame, frames
  double step = 1, baseline = 0;                ///< SI of one stored number; the stored number of 0
};

class WfdbRecording final : public BothPrecisions<WfdbRecording> {
 public:
  WfdbRecording(const Path& path, const OpenOptions& options) : path_(path), where_(path.string()), options_(options) {
    const MappedFile file(path);
    if (static_cast<std::int64_t>(file.bytes().size()) > limits::header_bytes)
      throw input_error(where_, "is too large for a header");
    header_ = read_header(text_of(file.bytes()), where_);
    start_ = header_.start;
    const Path annotations = with_ending(path, ".atr");
    const bool annotated = is_file(annotations);
    if (annotated) {
      const MappedFile content(annotations);
      annotations_ = read_annotations(content.bytes(), header_.frame_rate_hz, annotations.string(), findings_);
    }
    open_signals(annotated);
    const std::int64_t frames = channels_.empty() ? header_.frames : frames_;
    duration_s_ = static_cast<double>(frames) / header_.frame_rate_hz;
    const double rate = main_rate_hz();
    segments_.push_back({0, rate > 0 ? std::llround(duration_s_ * rate) : 0, 0.0});
  }

  [[nodiscard]] const std::string& format() const override { return format_; }
  [[nodiscard]] const std::vector<Channel>& channels() const override { return channels_; }
  [[nodiscard]] const std::vector<Annotation>& annotations() const override { return annotations_; }
  [[nodiscard]] const Findings& findings() const override { return findings_; }
  [[nodiscard]] const std::vector<Segment>& segments() const override { return segments_; }
  [[nodiscard]] std::string start() const override { return start_; }
  [[nodiscard]] double duration_s() const override { return duration_s_; }

 private:
  friend class BothPrecisions<WfdbRecording>;

  void add(const std::string& code, Severity severity, const std::string& what) {
    findings_.push_back({"wfdb/" + code, severity, where_, what});
  }

  /// One entry for each run of signals of one file; nothing where a file is missing but annotations are there.
  void open_signals(bool annotated) {
    std::vector<std::shared_ptr<SignalFile>> files;
    std::vector<std::size_t> file_of;
    for (std::size_t i = 0; i < header_.signals.size(); ++i) {
      const Signal& signal = header_.signals[i];
      const bool same = i > 0 && header_.signals[i - 1].file == signal.file;
      if (!same) {
        const Path path = beside(path_, signal.file, where_);
        if (!is_file(path) && annotated) {
          add("signal-missing", Severity::warn,
              "its signal file \"" + printable(signal.file) + "\" is missing; only the annotations are read");
          return;
        }
        files.push_back(
            std::make_shared<SignalFile>(map_named(path, where_, "signal file"), signal.format, signal.offset));
      } else if (files.back()->format() != signal.format) {
        throw input_error(where_, "the signals of \"" + printable(signal.file) + "\" have different formats");
      }
      files.back()->add_signal(signal.samples_per_frame, signal.initial);
      file_of.push_back(files.size() - 1);
    }
    if (files.empty()) return;
    count_frames(files, file_of);
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < header_.signals.size(); ++i) {
      if (i > 0 && file_of[i] != file_of[i - 1]) offset = 0;
      add_channel(header_.signals[i], files[file_of[i]], offset);
      offset += header_.signals[i].samples_per_frame;
    }
  }

  void count_frames(const std::vector<std::shared_ptr<SignalFile>>& files, const std::vector<std::size_t>& file_of) {
    frames_ = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < file_of.size(); ++i)
      frames_ = std::min(frames_, files[file_of[i]]->frames() - header_.signals[i].skew);
    if (frames_ <= 0) throw input_error(where_, "is truncated: its signal files hold not one frame");
    if (header_.frames > frames_)
      add("truncated", Severity::warn,
          "a signal file is truncated: " + std::to_string(header_.frames) + " frames are promised, " +
              std::to_string(frames_) + " are there");
    if (header_.frames > 0) frames_ = std::min(frames_, header_.frames);
  }

  void add_channel(const Signal& signal, std::shared_ptr<const SignalFile> file, std::int64_t offset) {
    const Unit unit = filed_unit(unit_of(signal.unit), options_);
    Channel channel =
        filed_channel(signal.name, unit, header_.frame_rate_hz * static_cast<double>(signal.samples_per_frame));
    channel.samples = checked_product(frames_, signal.samples_per_frame, where_, "the number of samples");
    const double step = unit.si_factor / signal.gain;
    if (signal.format != 8) {
      const double half = static_cast<double>(std::int64_t{1} << (packed_bits(signal.format) - 1));
      const double low = (-half - signal.baseline) * step, high = (half - 1 - signal.baseline) * step;
      channel.digital_min_value = std::min(low, high);
      channel.digital_max_value = std::max(low, high);
      channel.scaling = Scaling{static_cast<std::int64_t>(-half), static_cast<std::int64_t>(half - 1),
                                low / unit.si_factor, high / unit.si_factor, packed_bits(signal.format)};
    }
    channels_.push_back(std::move(channel));
    places_.push_back({std::move(file), offset, signal.samples_per_frame, signal.skew, step, signal.baseline});
  }

  template <class T>
  void read_any(std::span<const std::int64_t> channels, std::int64_t first, std::int64_t count, View<T, 2> out) const {
    check_read(channels, first, count, out.extents());
    for (std::size_t row = 0; row < channels.size(); ++row) {
      const Place& place = places_[static_cast<std::size_t>(channels[row])];
      T* const to = out.data() + static_cast<std::int64_t>(row) * out.stride(0);
      for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t frame = (first + i) / place.each + place.skew;
        const std::int64_t number =
            place.file->at(frame * place.file->places() + place.offset + (first + i) % place.each);
        const double value = is_missing(place.file->format(), number)
                                 ? std::numeric_limits<double>::quiet_NaN()
                                 : (static_cast<double>(number) - place.baseline) * place.step;
        to[i * out.stride(1)] = static_cast<T>(value);
      }
    }
  }

  Path path_;
  std::string where_, format_ = "WFDB", start_;
  OpenOptions options_;
  Header header_;
  Findings findings_;
  std::vector<Channel> channels_;
  std::vector<Place> places_;
  std::vector<Annotation> annotations_;
  std::vector<Segment> segments_;
  std::int64_t frames_ = 0;
  double duration_s_ = 0;
};

Path header_of(const Path& path) {
  if (!has_ending(path, {".dat", ".atr"})) return path;
  const Path header = with_ending(path, ".hea");
  if (!is_file(header))
    throw input_error(path.string(), "is part of a WFDB record whose header (.hea) is missing",
                      "copy the header beside it and name that");
  return header;
}

bool is_binary(Bytes head) { return text_of(head).find('\0') != std::string_view::npos; }

const FormatEntry wfdb_format{
    .name = "WFDB",
    .about = "records of PhysioNet: header, signal and annotation files",
    .extensions = {".hea", ".dat", ".atr"},
    .recognise =
        [](Bytes head, const Path& path) {
          if (has_ending(path, {".hea"})) return !is_binary(head);
          return has_ending(path, {".atr"}) || (has_ending(path, {".dat"}) && is_file(with_ending(path, ".hea")));
        },
    .open = [](const Path& path, const OpenOptions& options) -> std::unique_ptr<Recording> {
      return std::make_unique<WfdbRecording>(header_of(path), options);
    },
    .identifying_fields = {"comment lines (age, sex, diagnoses)", "base date and time"},
};
CATON_REGISTER(FormatEntry, wfdb_format);

}  // namespace
}  // namespace caton::wfdb
