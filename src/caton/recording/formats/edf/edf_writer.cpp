// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/edf/edf_writer.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/formats/edf/annotations.hpp"
#include "caton/recording/formats/edf/edf_fields.hpp"
#include "caton/recording/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

namespace caton {
namespace {

using edf::field;

constexpr std::int64_t digital_lowest = -32768, digital_highest = 32767;
/// Samples of a channel that are looked at together.
constexpr std::int64_t block_samples = 1 << 16;
/// What the EDF specification advises for a record at most.
constexpr std::int64_t record_bytes_advised = 61440;

struct Plan {
  double record_s = 0;
  std::vector<std::int64_t> samples;  ///< of each channel in a record
  std::vector<Segment> segments;      ///< as the recording counts them, at the main rate
  double main_rate_hz = 0;
};

/// How the records of an EDF+ file are cut so that every rate is exact.
class Planner {
 public:
  Planner(const EdfContent& content, std::string where) : content_(content), where_(std::move(where)) {}

  Plan plan() {
    Plan plan;
    plan.segments = content_.segments;
    for (const Channel& channel : content_.channels) plan.main_rate_hz = std::max(plan.main_rate_hz, channel.rate_hz);
    if (content_.channels.empty()) return plan;
    const Channel& first = content_.channels.front();
    const bool equal = std::all_of(content_.channels.begin(), content_.channels.end(), [&](const Channel& channel) {
      return channel.rate_hz == first.rate_hz && channel.samples == first.samples;
    });
    if (!equal && content_.segments.size() > 1)
      throw usage_error(where_, "channels of different rates cannot be written with gaps",
                        "choose channels of one rate with --channels");
    if (plan.segments.empty() || !equal) plan.segments = {{0, longest(plan.main_rate_hz), 0}};
    plan.record_s = record_duration(plan.segments);
    for (const Channel& channel : content_.channels)
      plan.samples.push_back(std::llround(channel.rate_hz * plan.record_s));
    return plan;
  }

 private:
  std::int64_t longest(double main_rate) const {
    std::int64_t samples = 0;
    for (const Channel& channel : content_.channels) {
      if (channel.rate_hz <= 0)
        throw usage_error(where_, "channel \"" + printable(channel.name) + "\" has no sampling rate",
                          "give it with --rate");
      const double length = static_cast<double>(channel.samples) / channel.rate_hz;
      samples = std::max(samples, static_cast<std::int64_t>(std::llround(length * main_rate)));
    }
    for (const Channel& channel : content_.channels)
      if (std::llround(static_cast<double>(samples) / main_rate * channel.rate_hz) != channel.samples)
        throw usage_error(where_, "channel \"" + printable(channel.name) + "\" is shorter than others",
                          "choose channels of one length with --channels");
    return samples;
  }

  /// Whether every channel has a whole number of samples in this duration and 8 characters express it.
  bool fits(double duration) const {
    const std::string text = number_text(duration);
    if (text.size() > 8 || parse_number(text) != duration) return false;
    std::int64_t bytes = 0;
    for (const Channel& channel : content_.channels) {
      const double samples = channel.rate_hz * duration;
      const double whole = std::round(samples);
      if (whole < 1 || whole / duration != channel.rate_hz) return false;
      bytes += 2 * static_cast<std::int64_t>(whole);
    }
    return bytes <=
           std::max<std::int64_t>(record_bytes_advised, 2 * 4096 * static_cast<std::int64_t>(content_.channels.size()));
  }

  /// Samples that would have to be added with records of `samples` samples at the main rate.
  static std::int64_t padding(const std::vector<Segment>& segments, std::int64_t samples) {
    std::int64_t added = 0;
    for (const Segment& segment : segments) added += (samples - segment.count % samples) % samples;
    return added;
  }

  double record_duration(const std::vector<Segment>& segments) const {
    double main_rate = 0;
    for (const Channel& channel : content_.channels) main_rate = std::max(main_rate, channel.rate_hz);
    std::optional<double> best;
    std::int64_t least = 0;
    const auto consider = [&](double duration) {
      if (!fits(duration)) return;
      const std::int64_t added = padding(segments, std::llround(duration * main_rate));
      if (!best || added < least) {
        best = duration;
        least = added;
      }
    };
    consider(1.0);
    for (const double duration : {0.5, 2.0, 0.25, 4.0, 5.0, 10.0, 0.2, 0.1}) consider(duration);
    for (std::int64_t samples = static_cast<std::int64_t>(2 * main_rate); samples >= 1 && (!best || least > 0);
         --samples)
      consider(static_cast<double>(samples) / main_rate);
    if (!best)
      throw usage_error(where_, "no record duration of 8 characters gives exactly " + number_text(main_rate) + " Hz",
                        "resample to a rate such as " + number_text(std::round(main_rate)) + " Hz, or write .npy");
    return *best;
  }

  const EdfContent& content_;
  std::string where_;
};

/// Stored numbers of a channel: value in the file's unit = physical_min + (number - digital_min) * step.
struct Quantiser {
  Scaling scaling;
  double si_factor = 1, step = 1;

  std::int16_t stored(double value) const {
    if (step == 0) return static_cast<std::int16_t>(scaling.digital_min);
    const double number =
        std::round((value / si_factor - scaling.physical_min) / step) + static_cast<double>(scaling.digital_min);
    return static_cast<std::int16_t>(
        std::clamp(number, static_cast<double>(digital_lowest), static_cast<double>(digital_highest)));
  }
};

class EdfFile {
 public:
  EdfFile(const Path& path, const EdfContent& content, const EdfSource& source)
      : path_(path), content_(content), source_(source), plan_(Planner(content, path.string()).plan()) {}

  void write() {
    for (std::size_t i = 0; i < content_.channels.size(); ++i) quantisers_.push_back(quantiser(i));
    plan_records();
    FileWriter file(path_);
    file.write(header());
    write_records(file);
    file.commit();
  }

 private:
  struct Record {
    std::int64_t first = 0;  ///< sample at the main rate
    double onset_s = 0;
    std::int64_t end = 0;  ///< of its segment, at the main rate
  };

  [[noreturn]] void refuse_value(std::size_t channel, std::int64_t sample) const {
    throw input_error(path_.string(),
                      "channel \"" + printable(content_.channels[channel].name) + "\", sample " +
                          std::to_string(sample) + " is no finite number, and EDF has no sign for a missing one",
                      "write .npy, or leave the channel out with --channels");
  }

  Quantiser quantiser(std::size_t index) const {
    const Channel& channel = content_.channels[index];
    Quantiser quantiser;
    quantiser.si_factor = channel.si_factor;
    if (channel.scaling && channel.scaling->bits <= 16) {
      quantiser.scaling = *channel.scaling;
    } else {
      const auto [low, high] = range(index);
      quantiser.scaling = {digital_lowest, digital_highest, edf::rounded_down(low / channel.si_factor),
                           edf::rounded_up(high / channel.si_factor), 16};
      if (quantiser.scaling.physical_min == quantiser.scaling.physical_max) quantiser.scaling.physical_max += 1;
    }
    const Scaling& scaling = quantiser.scaling;
    quantiser.step =
        (scaling.physical_max - scaling.physical_min) / static_cast<double>(scaling.digital_max - scaling.digital_min);
    return quantiser;
  }

  std::array<double, 2> range(std::size_t index) const {
    const std::int64_t samples = content_.channels[index].samples;
    std::vector<double> block(static_cast<std::size_t>(std::min(samples, block_samples)));
    double low = 0, high = 0;
    for (std::int64_t first = 0; first < samples; first += block_samples) {
      const std::int64_t count = std::min(block_samples, samples - first);
      source_(static_cast<std::int64_t>(index), first, View<double, 1>(block.data(), {count}));
      for (std::int64_t i = 0; i < count; ++i) {
        const double value = block[static_cast<std::size_t>(i)];
        if (!std::isfinite(value)) refuse_value(index, first + i);
        low = first + i == 0 ? value : std::min(low, value);
        high = first + i == 0 ? value : std::max(high, value);
      }
    }
    return {low, high};
  }

  void plan_records() {
    annotations_ = content_.annotations;
    std::stable_sort(annotations_.begin(), annotations_.end(),
                     [](const Annotation& a, const Annotation& b) { return a.onset_s < b.onset_s; });
    const double start_fraction = edf::start_fraction(content_.start);
    for (Annotation& annotation : annotations_) annotation.onset_s += start_fraction;
    for (Segment& segment : plan_.segments) segment.onset_s += start_fraction;
    if (plan_.samples.empty()) {
      records_.push_back({});
    } else {
      const auto in_record = std::llround(plan_.record_s * plan_.main_rate_hz);
      for (const Segment& segment : plan_.segments) {
        const std::int64_t records = (segment.count + in_record - 1) / in_record;
        for (std::int64_t i = 0; i < records; ++i)
          records_.push_back({segment.first + i * in_record, segment.onset_s + static_cast<double>(i) * plan_.record_s,
                              segment.first + segment.count});
        note_padding(segment, records * in_record - segment.count);
      }
    }
    place_annotations();
  }

  void note_padding(const Segment& segment, std::int64_t samples) {
    if (samples == 0) return;
    const double onset = segment.onset_s + static_cast<double>(segment.count) / plan_.main_rate_hz;
    annotations_.push_back({onset, static_cast<double>(samples) / plan_.main_rate_hz, std::string(edf::padding_text)});
  }

  /// Annotations are dealt to the records in order, so that one crowded second does not make every record large.
  void place_annotations() {
    std::vector<std::string> times, texts;
    std::size_t longest_time = 0, longest_text = 0, total = 0;
    for (const Record& record : records_) {
      times.push_back(edf::list_text(record.onset_s, 0, ""));
      longest_time = std::max(longest_time, times.back().size());
    }
    for (const Annotation& annotation : annotations_) {
      texts.push_back(edf::list_text(annotation.onset_s, annotation.duration_s, annotation.text));
      longest_text = std::max(longest_text, texts.back().size());
      total += texts.back().size();
    }
    const std::size_t share = records_.empty() ? 0 : (total + records_.size() - 1) / records_.size();
    std::size_t room = longest_time + std::max(longest_text, share + longest_text * (total > 0 ? 1 : 0));
    room += room % 2;
    annotation_bytes_ = room;
    std::size_t next = 0;
    for (std::string& list : times) {
      while (next < texts.size() && list.size() + texts[next].size() <= room) list += texts[next++];
      list.resize(room, '\0');
    }
    lists_ = std::move(times);
  }

  std::string header() const {
    const std::size_t signals = content_.channels.size() + 1;
    std::string text = field("0", 8) + field(content_.patient, 80) + field(recording_field(), 80) + start_fields();
    text += field(std::to_string(256 * (signals + 1)), 8);
    text += field(plan_.segments.size() > 1 ? "EDF+D" : "EDF+C", 44);
    text += field(std::to_string(records_.size()), 8) + field(number_text(plan_.record_s), 8);
    text += field(std::to_string(signals), 4);
    const auto column = [&](std::size_t width, const std::string& of_annotations, auto&& of_channel) {
      for (std::size_t i = 0; i < content_.channels.size(); ++i) text += field(of_channel(i), width);
      text += field(of_annotations, width);
    };
    column(16, "EDF Annotations", [&](std::size_t i) { return edf::ascii(content_.channels[i].name); });
    column(80, "", [](std::size_t) { return std::string(); });
    column(8, "", [&](std::size_t i) {
      return content_.channels[i].unit == "unknown" ? std::string() : edf::ascii(content_.channels[i].unit);
    });
    column(8, "-1", [&](std::size_t i) { return edf::number_field(quantisers_[i].scaling.physical_min); });
    column(8, "1", [&](std::size_t i) { return edf::number_field(quantisers_[i].scaling.physical_max); });
    column(8, "-32768", [&](std::size_t i) { return std::to_string(quantisers_[i].scaling.digital_min); });
    column(8, "32767", [&](std::size_t i) { return std::to_string(quantisers_[i].scaling.digital_max); });
    column(80, "", [](std::size_t) { return std::string(); });
    column(8, std::to_string(annotation_bytes_ / 2), [&](std::size_t i) { return std::to_string(plan_.samples[i]); });
    column(32, "", [](std::size_t) { return std::string(); });
    return text;
  }

  std::string recording_field() const { return "Startdate " + edf::long_date(content_.start) + " X X X"; }
  std::string start_fields() const { return edf::start_fields(content_.start); }

  /// Blocks of records: each channel is asked once for a block, then the block is put together record by record.
  void write_records(FileWriter& file) {
    const auto in_record = std::max<std::int64_t>(1, std::llround(plan_.record_s * plan_.main_rate_hz));
    const std::int64_t records_a_block = std::max<std::int64_t>(1, block_samples / in_record);
    const auto total = static_cast<std::int64_t>(records_.size());
    for (std::int64_t first = 0; first < total;) {
      std::int64_t count = 1;
      while (first + count < total && count < records_a_block && follows(first + count)) ++count;
      write_block(file, first, count);
      first += count;
    }
  }

  /// Whether a record belongs to the segment of the one before it.
  bool follows(std::int64_t record) const {
    const auto at = static_cast<std::size_t>(record);
    return records_[at].end == records_[at - 1].end;
  }

  void write_block(FileWriter& file, std::int64_t first, std::int64_t count) {
    std::vector<std::vector<std::int16_t>> stored;
    for (std::size_t channel = 0; channel < content_.channels.size(); ++channel)
      stored.push_back(stored_block(channel, first, count));
    std::string bytes;
    for (std::int64_t record = 0; record < count; ++record) {
      for (std::size_t channel = 0; channel < stored.size(); ++channel)
        edf::append_samples(bytes, std::span(stored[channel])
                                       .subspan(static_cast<std::size_t>(record * plan_.samples[channel]),
                                                static_cast<std::size_t>(plan_.samples[channel])));
      bytes += lists_[static_cast<std::size_t>(first + record)];
    }
    file.write(bytes);
  }

  /// The channel's samples of these records; behind its last sample (or the segment's) the last value goes on.
  std::vector<std::int16_t> stored_block(std::size_t channel, std::int64_t first_record, std::int64_t count) {
    const Channel& about = content_.channels[channel];
    const std::int64_t wanted = count * plan_.samples[channel];
    const double ratio = about.rate_hz / plan_.main_rate_hz;
    const Record& record = records_[static_cast<std::size_t>(first_record)];
    const auto begin = static_cast<std::int64_t>(std::llround(static_cast<double>(record.first) * ratio));
    const auto end = std::min<std::int64_t>(about.samples, std::llround(static_cast<double>(record.end) * ratio));
    const std::int64_t present = std::clamp<std::int64_t>(end - begin, 0, wanted);
    std::vector<double> values(static_cast<std::size_t>(present));
    if (present > 0) source_(static_cast<std::int64_t>(channel), begin, View<double, 1>(values.data(), {present}));
    std::vector<std::int16_t> stored(static_cast<std::size_t>(wanted));
    for (std::int64_t i = 0; i < present; ++i) {
      const double value = values[static_cast<std::size_t>(i)];
      if (!std::isfinite(value)) refuse_value(channel, begin + i);
      stored[static_cast<std::size_t>(i)] = quantisers_[channel].stored(value);
    }
    const std::int16_t last =
        present > 0 ? stored[static_cast<std::size_t>(present - 1)] : quantisers_[channel].stored(0);
    std::fill(stored.begin() + present, stored.end(), last);
    return stored;
  }

  Path path_;
  const EdfContent& content_;
  const EdfSource& source_;
  Plan plan_;
  std::vector<Quantiser> quantisers_;
  std::vector<Record> records_;
  std::vector<Annotation> annotations_;
  std::vector<std::string> lists_;
  std::size_t annotation_bytes_ = 0;
};

}  // namespace

void write_edf(const Path& path, const EdfContent& content, const EdfSource& source) {
  EdfFile(path, content, source).write();
}

void write_edf(const Path& path, Signal signal, double rate_hz, EdfContent content) {
  if (static_cast<std::int64_t>(content.channels.size()) != signal.extent(0))
    throw usage_error(path.string(), std::to_string(content.channels.size()) + " channels are named, the signal has " +
                                         std::to_string(signal.extent(0)));
  for (Channel& channel : content.channels) {
    channel.rate_hz = rate_hz;
    channel.samples = signal.extent(1);
    if (channel.unit == "unknown" && channel.type != "misc" && channel.type != "stim") channel.unit = "uV";
    channel.si_factor = unit_of(channel.unit).si_factor;
  }
  write_edf(path, content, [&](std::int64_t channel, std::int64_t first, View<double, 1> out) {
    for (std::int64_t i = 0; i < out.extent(0); ++i) out[i] = signal(channel, first + i);
  });
}

void write_edf(const Path& path, const Recording& recording, std::vector<std::int64_t> channels) {
  if (channels.empty()) {
    channels.resize(recording.channels().size());
    std::iota(channels.begin(), channels.end(), 0);
  }
  EdfContent content;
  content.annotations = recording.annotations();
  content.segments = recording.segments();
  content.start = recording.start();
  for (const std::int64_t channel : channels)
    content.channels.push_back(recording.channels().at(static_cast<std::size_t>(channel)));
  write_edf(path, content, [&](std::int64_t channel, std::int64_t first, View<double, 1> out) {
    recording.read(std::span(&channels[static_cast<std::size_t>(channel)], 1), first, out.extent(0),
                   View<double, 2>(out.data(), {1, out.extent(0)}));
  });
}

}  // namespace caton
