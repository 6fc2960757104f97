// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/recording/filed_channel.hpp"
#include "caton/recording/formats/edf/annotations.hpp"
#include "caton/recording/formats/edf/header.hpp"
#include "caton/recording/precisions.hpp"
#include "caton/recording/sample_decoding.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <type_traits>

namespace caton::edf {
namespace {

/// Bytes of records that are decoded channel by channel before going on: they stay in the second cache.
constexpr std::int64_t block_bytes = 512 << 10;
/// Below this many samples the work is not worth sharing out.
constexpr std::int64_t parallel_samples = 1 << 18;

/// Samples that lie one after another both in time and in the file.
struct Piece {
  std::int64_t first = 0, count = 0;  ///< as the recording counts them
  std::int64_t stored = 0;            ///< the same first sample, counted in the file
};

class EdfRecording final : public BothPrecisions<EdfRecording> {
 public:
  EdfRecording(const Path& path, const OpenOptions& options)
      : file_(path), header_(read_header(file_.bytes(), path.string(), findings_)) {
    format_ = header_.bdf ? "BDF" : "EDF";
    Timeline line = read_timeline(file_, header_, findings_);
    annotations_ = std::move(line.annotations);
    stretches_ = std::move(line.stretches);
    start_ = start_text(line.start_s);
    for (std::size_t i = 0; i < header_.signals.size(); ++i) {
      if (!header_.signals[i].annotations && header_.signals[i].samples > 0) add_channel(i, options);
    }
    make_segments();
  }

  [[nodiscard]] const std::string& format() const override { return format_; }
  [[nodiscard]] std::string variant() const override {
    return header_.plus ? format_ + (header_.discontinuous ? "+D" : "+C") : format_;
  }
  [[nodiscard]] const std::vector<Channel>& channels() const override { return channels_; }
  [[nodiscard]] const std::vector<Annotation>& annotations() const override { return annotations_; }
  [[nodiscard]] const Findings& findings() const override { return findings_; }
  [[nodiscard]] double duration_s() const override { return duration_s_; }
  [[nodiscard]] const std::vector<Segment>& segments() const override { return segments_; }
  [[nodiscard]] std::string start() const override { return start_; }

 private:
  friend class BothPrecisions<EdfRecording>;

  void add_channel(std::size_t index, const OpenOptions& options) {
    const Signal& signal = header_.signals[index];
    const bool scaled = signal.digital_min != signal.digital_max;
    const Unit unit = filed_unit(scaled ? unit_of(signal.unit) : Unit{}, options);
    Channel channel = filed_channel(signal.label, unit, static_cast<double>(signal.samples) / header_.record_s);
    Gain gain;
    if (scaled) {
      const double step = (signal.physical_max - signal.physical_min) /
                          (static_cast<double>(signal.digital_max) - static_cast<double>(signal.digital_min));
      gain.gain = step * unit.si_factor;
      gain.offset = (signal.physical_min - static_cast<double>(signal.digital_min) * step) * unit.si_factor;
      channel.digital_min_value = std::min(signal.physical_min, signal.physical_max) * unit.si_factor;
      channel.digital_max_value = std::max(signal.physical_min, signal.physical_max) * unit.si_factor;
      channel.scaling = Scaling{signal.digital_min, signal.digital_max, signal.physical_min, signal.physical_max,
                                header_.width() * 8};
    }
    const auto& pieces = pieces_of(signal.samples);
    channel.samples = pieces.empty() ? 0 : pieces.back().first + pieces.back().count;
    channels_.push_back(std::move(channel));
    signals_.push_back(index);
    gains_.push_back(gain);
  }

  const std::vector<Piece>& pieces_of(std::int64_t samples_a_record) {
    const auto [found, made] = pieces_.try_emplace(samples_a_record);
    if (!made) return found->second;
    const double rate = static_cast<double>(samples_a_record) / header_.record_s;
    std::int64_t first = 0;
    for (const Stretch& stretch : stretches_) {
      const auto padding = static_cast<std::int64_t>(std::llround(stretch.padding_s * rate));
      const std::int64_t count = stretch.records * samples_a_record - padding;
      found->second.push_back({first, count, stretch.record * samples_a_record});
      first += count;
    }
    return found->second;
  }

  void make_segments() {
    const double rate = main_rate_hz();
    if (rate > 0) {
      const auto& pieces = pieces_.at(static_cast<std::int64_t>(std::llround(rate * header_.record_s)));
      for (std::size_t i = 0; i < pieces.size(); ++i)
        segments_.push_back({pieces[i].first, pieces[i].count, stretches_[i].onset_s});
      duration_s_ = static_cast<double>(pieces.back().first + pieces.back().count) / rate;
      return;
    }
    segments_.push_back({0, 0, 0});
    for (const Annotation& annotation : annotations_)
      duration_s_ = std::max(duration_s_, annotation.onset_s + annotation.duration_s);
  }

  /// The header's time plus the fraction of a second in the first time-keeping annotation.
  std::string start_text(double after_s) const {
    if (header_.start.empty() || after_s <= 0 || after_s >= 1) return header_.start;
    return header_.start + fixed_text(after_s, 6).substr(1);
  }

  template <class T>
  void read_any(std::span<const std::int64_t> channels, std::int64_t first, std::int64_t count, View<T, 2> out) const {
    check_read(channels, first, count, out.extents());
    if (channels.empty() || count == 0) return;
    const Signal& model = header_.signals[signals_[static_cast<std::size_t>(channels.front())]];
    for (const Piece& piece : pieces_.at(model.samples)) {
      const std::int64_t begin = std::max(first, piece.first), end = std::min(first + count, piece.first + piece.count);
      if (begin < end)
        read_stored(channels, piece.stored + begin - piece.first, end - begin, out.slice(1, begin - first, end - begin),
                    model.samples);
    }
  }

  /// Stored samples [first, first + count) of the channels, `each` of them in a record, in blocks of records.
  template <class T>
  void read_stored(std::span<const std::int64_t> channels, std::int64_t first, std::int64_t count, View<T, 2> out,
                   std::int64_t each) const {
    const std::int64_t records_a_block = std::max<std::int64_t>(1, block_bytes / header_.record_bytes);
    const std::int64_t first_record = first / each, last_record = (first + count - 1) / each;
    const std::int64_t blocks = (last_record - first_record) / records_a_block + 1;
    const auto rows = static_cast<std::int64_t>(channels.size());
    const std::int64_t groups = blocks < 8 ? rows : 1;
    const auto decode_task = [&](std::int64_t task) {
      const std::int64_t record = first_record + task / groups * records_a_block;
      const std::int64_t begin = std::max(first, record * each);
      const std::int64_t end = std::min(first + count, (record + records_a_block) * each);
      const std::int64_t group = task % groups;
      for (std::int64_t row = group * rows / groups; row < (group + 1) * rows / groups; ++row)
        decode_row(channels[static_cast<std::size_t>(row)], begin, end, each, out.data() + row * out.stride(0),
                   begin - first, out.stride(1));
    };
    if (rows * count < parallel_samples) {
      for (std::int64_t task = 0; task < blocks * groups; ++task) decode_task(task);
    } else {
      thread_pool().parallel_for(blocks * groups, decode_task);
    }
  }

  template <class T>
  void decode_row(std::int64_t channel, std::int64_t begin, std::int64_t end, std::int64_t each, T* row,
                  std::int64_t place, std::int64_t stride) const {
    const Signal& signal = header_.signals[signals_[static_cast<std::size_t>(channel)]];
    const Gain& gain = gains_[static_cast<std::size_t>(channel)];
    std::vector<T> spread;
    for (std::int64_t at = begin; at < end;) {
      const std::int64_t record = at / each, within = at % each;
      const std::int64_t run = std::min(end - at, each - within);
      const std::int64_t byte =
          header_.bytes + record * header_.record_bytes + signal.offset + within * header_.width();
      const Bytes from =
          file_.bytes().subspan(static_cast<std::size_t>(byte), static_cast<std::size_t>(run * header_.width()));
      if (stride == 1) {
        decode_samples(from, header_.width(), gain, std::span<T>(row + place, static_cast<std::size_t>(run)));
      } else {
        spread.resize(static_cast<std::size_t>(run));
        decode_samples(from, header_.width(), gain, std::span<T>(spread));
        for (std::int64_t i = 0; i < run; ++i) row[(place + i) * stride] = spread[static_cast<std::size_t>(i)];
      }
      at += run;
      place += run;
    }
  }

  Findings findings_;
  MappedFile file_;
  Header header_;
  std::string format_, start_;
  std::vector<Channel> channels_;
  std::vector<std::size_t> signals_;
  std::vector<Gain> gains_;
  std::vector<Annotation> annotations_;
  std::vector<Stretch> stretches_;
  std::map<std::int64_t, std::vector<Piece>> pieces_;
  std::vector<Segment> segments_;
  double duration_s_ = 0;
};

bool has_extension(const Path& path, std::initializer_list<std::string_view> extensions) {
  const std::string extension = lower_case(path.extension().string());
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

bool begins_with(Bytes head, std::string_view start) { return text_of(head).substr(0, start.size()) == start; }

std::unique_ptr<Recording> open_edf(const Path& path, const OpenOptions& options) {
  return std::make_unique<EdfRecording>(path, options);
}

const std::vector<std::string> identifying{"patient", "recording", "start date", "annotations"};

const FormatEntry edf_format{
    .name = "EDF",
    .about = "European Data Format, EDF+C and EDF+D",
    .extensions = {".edf", ".rec"},
    .recognise =
        [](Bytes head, const Path& path) {
          return begins_with(head, "0       ") || (has_extension(path, {".edf"}) && looks_like_header(head) &&
                                                   !begins_with(head,
                                                                "\xFF"
                                                                "BIOSEMI"));
        },
    .open = open_edf,
    .identifying_fields = identifying,
};
CATON_REGISTER(FormatEntry, edf_format);

const FormatEntry bdf_format{
    .name = "BDF",
    .about = "BioSemi's 24-bit form of EDF, BDF+",
    .extensions = {".bdf"},
    .recognise =
        [](Bytes head, const Path&) {
          return begins_with(head,
                             "\xFF"
                             "BIOSEMI");
        },
    .open = open_edf,
    .identifying_fields = identifying,
};
CATON_REGISTER(FormatEntry, bdf_format);

}  // namespace
}  // namespace caton::edf
