// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/brainvision/brainvision_writer.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/sample_times.hpp"
#include "caton/recording/side_files.hpp"
#include "caton/recording/units.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace caton {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::int64_t block_samples = 1 << 14;

std::string without_commas(std::string text) {
  for (auto at = text.find(','); at != std::string::npos; at = text.find(',', at)) text.replace(at, 1, "\\1");
  for (char& letter : text)
    if (letter == '\n' || letter == '\r') letter = ' ';
  return text;
}

/// The unit in which a channel is written, and what one of it is in SI. Volts become microvolts, which other programs
/// take for granted.
struct WrittenUnit {
  std::string text;
  double si_factor = 1;
};
WrittenUnit written_unit(const Channel& channel) {
  if (channel.unit == "uV" || channel.unit == "V") return {"\xC2\xB5V", 1e-6};
  return {channel.unit == "unknown" ? "n/a" : channel.unit, channel.si_factor};
}

/// What a channel's stored 16-bit numbers are worth where 0 is worth 0; nothing otherwise.
std::optional<double> resolution_of(const Channel& channel) {
  if (!channel.scaling || channel.scaling->bits != 16) return std::nullopt;
  const Scaling& scaling = *channel.scaling;
  const double digital = static_cast<double>(scaling.digital_max) - static_cast<double>(scaling.digital_min);
  const double step = (scaling.physical_max - scaling.physical_min) / digital;
  const double zero = scaling.physical_min - static_cast<double>(scaling.digital_min) * step;
  const bool fits = scaling.digital_min >= -32768 && scaling.digital_max <= 32767;
  if (!fits || !std::isfinite(step) || step == 0 || std::fabs(zero) > 1e-9 * std::fabs(step)) return std::nullopt;
  return step;
}

class Writer {
 public:
  Writer(const Path& header, const Recording& recording, std::vector<std::int64_t> channels)
      : header_(header), recording_(recording), channels_(std::move(channels)) {
    if (!has_ending(header_, {".vhdr"})) throw usage_error(header_.string(), "must end in .vhdr");
    if (channels_.empty()) {
      channels_.resize(recording_.channels().size());
      std::iota(channels_.begin(), channels_.end(), 0);
    }
    if (channels_.empty()) throw usage_error(header_.string(), "there are no channels to write");
    check_channels();
  }

  void write() {
    const auto sides = brainvision_side_files(header_);
    FileWriter samples(sides[0]), markers(sides[1]), header(header_);
    if (whole_)
      write_samples<std::int16_t>(samples);
    else
      write_samples<float>(samples);
    markers.write(marker_text());
    header.write(header_text());
    samples.commit();
    markers.commit();
    header.commit();
  }

 private:
  const Channel& channel(std::size_t index) const {
    return recording_.channels().at(static_cast<std::size_t>(channels_[index]));
  }

  void check_channels() {
    const Channel& model = channel(0);
    if (!(model.rate_hz > 0))
      throw usage_error(header_.string(), "the sampling rate is not known", "say it with --rate");
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      if (channel(i).rate_hz != model.rate_hz || channel(i).samples != model.samples)
        throw usage_error(header_.string(),
                          "channel \"" + printable(channel(i).name) + "\" has " + number_text(channel(i).rate_hz) +
                              " Hz, \"" + printable(model.name) + "\" " + number_text(model.rate_hz) +
                              " Hz: BrainVision files have one rate",
                          "choose channels of one rate with --channels");
      const auto resolution = resolution_of(channel(i));
      whole_ = whole_ && resolution;
      const double units = channel(i).si_factor / written_unit(channel(i)).si_factor;
      resolutions_.push_back(resolution.value_or(1) * units);
    }
    if (!whole_) std::fill(resolutions_.begin(), resolutions_.end(), 1.0);
  }

  template <class T>
  void write_samples(FileWriter& file) const {
    const auto rows = static_cast<std::int64_t>(channels_.size());
    const std::int64_t samples = channel(0).samples;
    Array<double, 2> block({rows, std::min(samples, block_samples)}, uninitialised);
    std::vector<T> stored(static_cast<std::size_t>(block.size()));
    for (std::int64_t first = 0; first < samples; first += block_samples) {
      const std::int64_t count = std::min(block_samples, samples - first);
      recording_.read(channels_, first, count, block.view().slice(1, 0, count));
      for (std::int64_t row = 0; row < rows; ++row) {
        const auto index = static_cast<std::size_t>(row);
        const double step = resolutions_[index] * written_unit(channel(index)).si_factor;
        for (std::int64_t i = 0; i < count; ++i)
          stored[static_cast<std::size_t>(i * rows + row)] = number<T>(block(row, i) / step, index, first + i);
      }
      file.write(std::as_bytes(std::span(stored.data(), static_cast<std::size_t>(rows * count))));
    }
  }

  template <class T>
  T number(double value, std::size_t index, std::int64_t sample) const {
    if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(value);
    } else {
      const double rounded = std::round(value);
      if (!(rounded >= -32768 && rounded <= 32767))
        throw input_error("channel \"" + printable(channel(index).name) + "\", sample " + std::to_string(sample),
                          "does not fit 16 bits", "the recording's own range is wrong");
      return static_cast<T>(rounded);
    }
  }

  std::string header_text() const {
    const std::string base = header_.stem().string();
    std::string text =
        "Brain Vision Data Exchange Header File Version 1.0\n; written by caton\n\n[Common Infos]\nCodepage=UTF-8\n"
        "DataFile=" +
        base + ".eeg\nMarkerFile=" + base +
        ".vmrk\nDataFormat=BINARY\nDataOrientation=MULTIPLEXED\nNumberOfChannels=" + std::to_string(channels_.size()) +
        "\nSamplingInterval=" + number_text(1e6 / channel(0).rate_hz) +
        "\n\n[Binary Infos]\nBinaryFormat=" + (whole_ ? "INT_16" : "IEEE_FLOAT_32") + "\n\n[Channel Infos]\n";
    for (std::size_t i = 0; i < channels_.size(); ++i)
      text += "Ch" + std::to_string(i + 1) + "=" + without_commas(channel(i).name) + ",," +
              number_text(resolutions_[i]) + "," + written_unit(channel(i)).text + "\n";
    return text;
  }

  std::string marker_text() const {
    std::string text =
        "Brain Vision Data Exchange Marker File, Version 1.0\n\n[Common Infos]\nCodepage=UTF-8\nDataFile=" +
        header_.stem().string() + ".eeg\n\n[Marker Infos]\n";
    int number = 0;
    const auto add = [&](const std::string& type, const std::string& description, std::int64_t sample,
                         std::int64_t size, const std::string& more) {
      text += "Mk" + std::to_string(++number) + "=" + without_commas(type) + "," + without_commas(description) + "," +
              std::to_string(sample + 1) + "," + std::to_string(size) + ",0" + more + "\n";
    };
    for (const Segment& segment : recording_.segments())
      add("New Segment", "", segment.first, 1, segment.first == 0 ? date_field() : "");
    const double rate = channel(0).rate_hz;
    for (const Annotation& annotation : recording_.annotations()) {
      const auto slash = annotation.text.find('/');
      const std::string type = annotation.text.substr(0, slash);
      if (type == "New Segment") continue;
      const bool marker = slash != std::string::npos && slash > 0 && slash < 32;
      const std::int64_t sample =
          std::clamp<std::int64_t>(sample_at(recording_, annotation.onset_s), 0, channel(0).samples - 1);
      add(marker ? type : "Comment", marker ? annotation.text.substr(slash + 1) : annotation.text, sample,
          std::llround(annotation.duration_s * rate), "");
    }
    return text;
  }

  /// "2020-03-02T10:11:12.375000" → ",20200302101112375000"; nothing where the start is not known.
  std::string date_field() const {
    std::string digits;
    for (const char letter : recording_.start())
      if (letter >= '0' && letter <= '9') digits += letter;
    if (digits.size() < 14) return {};
    digits.resize(20, '0');
    return "," + digits;
  }

  Path header_;
  const Recording& recording_;
  std::vector<std::int64_t> channels_;
  std::vector<double> resolutions_;
  bool whole_ = true;
};

}  // namespace

std::vector<Path> brainvision_side_files(const Path& header) {
  return {with_ending(header, ".eeg"), with_ending(header, ".vmrk")};
}

void write_brainvision(const Path& header, const Recording& recording, std::vector<std::int64_t> channels) {
  Writer(header, recording, std::move(channels)).write();
}

}  // namespace caton
