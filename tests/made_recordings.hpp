// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// Small writers of recording formats that caton itself only reads. They share no code with the readers.

#include "made_files.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton::testing {

struct MadeEvent {
  std::uint32_t position = 1;  ///< from 1
  std::uint16_t type = 0;
  std::uint16_t channel = 0;
  std::uint32_t samples = 0;
};

/// A GDF file of int16 channels in microvolts: 0.1 uV a step.
struct MadeGdf {
  bool second = true;  ///< GDF 2.20, else 1.25
  double rate_hz = 250;
  std::vector<std::string> labels;
  std::vector<std::vector<std::int16_t>> samples;  ///< as `labels`, of equal length
  std::vector<MadeEvent> events;
  bool with_durations = true;      ///< event table of mode 3
  std::int64_t said_records = -2;  ///< -2: as many as there are
  std::uint32_t type = 3;

  [[nodiscard]] std::string bytes() const {
    const auto count = labels.size();
    std::string file = second ? "GDF 2.20" : "GDF 1.25";
    file.resize(256, '\0');
    put(file, 184,
        second ? number_bytes(static_cast<std::uint16_t>(count + 1))
               : number_bytes(static_cast<std::int64_t>(256 * (count + 1))));
    const auto records = static_cast<std::int64_t>(samples.at(0).size());
    put(file, 236, number_bytes(said_records == -2 ? records : said_records));
    put(file, 244, number_bytes(std::uint32_t{1}) + number_bytes(static_cast<std::uint32_t>(rate_hz)));
    put(file, 252, number_bytes(static_cast<std::uint32_t>(count)));
    file += channel_headers();
    for (std::size_t i = 0; i < samples[0].size(); ++i)
      for (const auto& channel : samples) file += number_bytes(channel[i]);
    return file + (events.empty() ? std::string() : event_table());
  }

 private:
  static void put(std::string& file, std::size_t place, const std::string& field) {
    file.replace(place, field.size(), field);
  }
  std::string channel_headers() const {
    const auto count = labels.size();
    std::string header(256 * count, '\0');
    for (std::size_t i = 0; i < count; ++i) {
      put(header, 16 * i, labels[i].substr(0, 16));
      if (second)
        put(header, 102 * count + 2 * i, number_bytes(std::uint16_t{4275}));
      else
        put(header, 96 * count + 8 * i, "uV");
      put(header, 104 * count + 8 * i, number_bytes(-3276.8));
      put(header, 112 * count + 8 * i, number_bytes(3276.7));
      put(header, 120 * count + 8 * i, second ? number_bytes(-32768.0) : number_bytes(std::int64_t{-32768}));
      put(header, 128 * count + 8 * i, second ? number_bytes(32767.0) : number_bytes(std::int64_t{32767}));
      put(header, 216 * count + 4 * i, number_bytes(std::uint32_t{1}));
      put(header, 220 * count + 4 * i, number_bytes(type));
    }
    return header;
  }
  std::string event_table() const {
    std::string table(1, with_durations ? '\3' : '\1');
    const auto number = static_cast<std::uint32_t>(events.size());
    if (second)
      table += number_bytes(number).substr(0, 3) + number_bytes(static_cast<float>(rate_hz));
    else
      table += number_bytes(static_cast<std::uint32_t>(rate_hz)).substr(0, 3) + number_bytes(number);
    for (const auto& event : events) table += number_bytes(event.position);
    for (const auto& event : events) table += number_bytes(event.type);
    if (!with_durations) return table;
    for (const auto& event : events) table += number_bytes(event.channel);
    for (const auto& event : events) table += number_bytes(event.samples);
    return table;
  }
};

/// A tag of a FIF file that is followed by the next one.
inline std::string fif_tag(std::int32_t kind, std::int32_t type, const std::string& content, std::int32_t next = 0) {
  const auto big = [](std::int32_t number) { return number_bytes(number, ByteOrder::big); };
  return big(kind) + big(type) + big(static_cast<std::int32_t>(content.size())) + big(next) + content;
}
inline std::string fif_number(std::int32_t kind, std::int32_t number) {
  return fif_tag(kind, 3, number_bytes(number, ByteOrder::big));
}

/// A raw FIF file of EEG channels: measurement info, then whatever stands in the block of raw data.
inline std::string made_fif(const std::vector<std::string>& names, float rate_hz, const std::string& raw) {
  const auto big = [](auto number) { return number_bytes(number, ByteOrder::big); };
  std::string file = fif_tag(100, 31, std::string(20, '\1')) + fif_number(104, 100) + fif_number(104, 101) +
                     fif_number(200, static_cast<std::int32_t>(names.size())) + fif_tag(201, 4, big(rate_hz));
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string name = names[i];
    name.resize(16, '\0');
    file += fif_tag(203, 30,
                    big(std::int32_t{1}) + big(std::int32_t{1}) + big(std::int32_t{2}) + big(1.0F) + big(1e-6F) +
                        std::string(52, '\0') + big(std::int32_t{107}) + big(std::int32_t{0}) + name);
  }
  return file + fif_number(105, 101) + fif_number(104, 102) + raw + fif_number(105, 102) + fif_number(105, 100);
}

/// Multiplexed int16 samples of a FIF data buffer.
inline std::string fif_buffer(const std::vector<std::int16_t>& samples) {
  std::string content;
  for (const auto sample : samples) content += number_bytes(sample, ByteOrder::big);
  return fif_tag(300, 16, content);
}

}  // namespace caton::testing
