// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/gdf/header.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/formats/gdf/fields.hpp"
#include "caton/recording/side_files.hpp"

#include <algorithm>
#include <cmath>

namespace caton::gdf {
namespace {

constexpr std::int64_t block_bytes = 256;

/// Text that ends at a NUL or with blanks.
std::string field_text(std::string_view field) { return utf8_text(trim(field.substr(0, field.find('\0')))); }

class HeaderReader {
 public:
  HeaderReader(Bytes file, const std::string& where, Findings& findings)
      : reader_(file, where), file_(file), where_(where), findings_(findings) {}

  Header read() {
    const std::string version(reader_.take_text(8, "the version"));
    const auto number = parse_number(std::string_view(version).substr(4));
    if (version.substr(0, 4) != "GDF " || !number || *number < 1 || *number >= 3)
      throw input_error(where_, "the version \"" + printable(version) + "\" is not one of GDF 1 or 2");
    header_.version = *number;
    const std::size_t signals = read_fixed_part();
    read_signals(signals);
    check_records();
    if (header_.second()) read_event_names(signals);
    return std::move(header_);
  }

 private:
  std::size_t read_fixed_part() {
    reader_.seek(168, "the start");
    header_.start = header_.second() ? start_of_days(reader_.take<std::uint64_t>("the start"))
                                     : start_of_digits(reader_.take_text(16, "the start"));
    if (header_.start.empty())
      findings_.push_back({"gdf/date", Severity::note, where_, "the start date is missing or impossible"});
    reader_.seek(184, "the header's length");
    header_.bytes = header_.second() ? block_bytes * reader_.take<std::uint16_t>("the header's length")
                                     : reader_.take<std::int64_t>("the header's length");
    reader_.seek(236, "the number of records");
    header_.records = reader_.take<std::int64_t>("the number of records");
    if (header_.records < -1)
      throw input_error(where_, std::to_string(header_.records) + " records make no sense (only -1 has a meaning)",
                        "the file is damaged; copy it again");
    header_.record_s = duration_of(reader_.take<std::uint64_t>("the duration of a record"));
    const std::int64_t signals = header_.second() ? reader_.take<std::uint16_t>("the number of channels")
                                                  : reader_.take<std::uint32_t>("the number of channels");
    if (signals > limits::channels)
      throw input_error(where_, std::to_string(signals) + " channels are more than the " +
                                    std::to_string(limits::channels) + " that are read");
    if (signals > 0 && !(header_.record_s > 0 && std::isfinite(header_.record_s)))
      throw input_error(where_, "the duration of a record is " + number_text(header_.record_s) + " s");
    if (header_.bytes < block_bytes * (signals + 1))
      throw input_error(where_, "the header of " + std::to_string(header_.bytes) + " bytes is too short for " +
                                    std::to_string(signals) + " channels");
    return static_cast<std::size_t>(signals);
  }

  /// A field of every channel: all channels' values lie one after another.
  ByteReader fields(std::size_t place, std::size_t width, std::size_t signals, const char* what) {
    reader_.seek(static_cast<std::size_t>(block_bytes) + place * signals, what);
    return reader_.sub(width * signals, what);
  }

  void read_signals(std::size_t count) {
    ByteReader labels = fields(0, 16, count, "labels"), codes = fields(102, 2, count, "units");
    ByteReader units = fields(96, header_.second() ? 6 : 8, count, "units");
    ByteReader physical_min = fields(104, 8, count, "physical minima"), physical_max = fields(112, 8, count, "maxima");
    ByteReader digital_min = fields(120, 8, count, "digital minima"), digital_max = fields(128, 8, count, "maxima");
    ByteReader samples = fields(216, 4, count, "samples of a record"), types = fields(220, 4, count, "data types");
    ByteReader places = fields(224, 12, count, "positions");
    for (std::size_t i = 0; i < count; ++i) {
      Signal signal;
      signal.label = field_text(labels.take_text(16, "a label"));
      signal.unit = field_text(units.take_text(header_.second() ? 6 : 8, "a unit"));
      const auto code = codes.take<std::uint16_t>("a unit");
      if (header_.second()) {
        const std::string coded = unit_of_code(code);
        if (!coded.empty()) signal.unit = coded;
      }
      signal.physical_min = physical_min.take<double>("a physical minimum");
      signal.physical_max = physical_max.take<double>("a physical maximum");
      signal.digital_min = digital_limit(digital_min);
      signal.digital_max = digital_limit(digital_max);
      signal.samples = samples.take<std::uint32_t>("samples of a record");
      const auto type = types.take<std::uint32_t>("a data type");
      const auto known = stored_type(type);
      if (!known)
        throw input_error(
            where_,
            "channel " + std::to_string(i + 1) + " has the data type " + std::to_string(type) + ", which is not known",
            "convert the file with BioSig, or record it again");
      signal.type = *known;
      if (header_.second()) signal.position_m = position(places);
      signal.offset = header_.record_bytes;
      header_.record_bytes =
          checked_sum(header_.record_bytes,
                      checked_product(signal.samples, stored_width(signal.type), where_, "the size of a record"),
                      where_, "the size of a record");
      header_.signals.push_back(std::move(signal));
    }
  }

  double digital_limit(ByteReader& reader) const {
    return header_.second() ? reader.take<double>("a digital limit")
                            : static_cast<double>(reader.take<std::int64_t>("a digital limit"));
  }

  static std::optional<std::array<double, 3>> position(ByteReader& reader) {
    std::array<double, 3> place{};
    double length = 0;
    for (double& value : place) {
      value = reader.take<float>("a position");
      length += value * value;
    }
    // BioSig writes head positions in metres; what is no length of a head was never set.
    if (!(length > 0.0025) || !(length < 0.25)) return std::nullopt;
    return place;
  }

  void check_records() {
    const std::int64_t there = static_cast<std::int64_t>(file_.size()) - header_.bytes;
    if (header_.signals.empty() || header_.record_bytes == 0) {
      if (!header_.signals.empty()) throw input_error(where_, "no channel has samples in a record");
      return;
    }
    const std::int64_t whole = std::max<std::int64_t>(0, there) / header_.record_bytes;
    if (header_.records == -1) {
      header_.records = whole;
      findings_.push_back({"gdf/records-unknown", Severity::note, where_,
                           "the number of records was never written; " + std::to_string(whole) + " are there"});
    }
    if (header_.records > whole) {
      if (whole == 0) throw input_error(where_, "is truncated: it holds not one of its records");
      findings_.push_back({"gdf/truncated", Severity::warn, where_,
                           "the file is truncated: " + std::to_string(header_.records) + " records are promised, " +
                               std::to_string(whole) + " are there"});
      header_.records = whole;
    }
    if (header_.records == 0) throw input_error(where_, "holds no records");
  }

  /// Tag 1 of the third header: names of user-defined events, one after another, each ended by a NUL.
  void read_event_names(std::size_t signals) {
    const auto begin = static_cast<std::size_t>(block_bytes) * (signals + 1);
    const auto end = std::min(static_cast<std::size_t>(header_.bytes), file_.size());
    if (end < begin) return;
    ByteReader tags(file_.subspan(begin, end - begin), where_);
    while (tags.remaining() >= 4) {
      const auto word = tags.take<std::uint32_t>("a tag");
      const std::size_t length = word >> 8;
      if ((word & 0xff) == 0 || length > tags.remaining()) return;
      const std::string_view content = tags.take_text(length, "a tag");
      if ((word & 0xff) != 1) continue;
      int type = 0;
      for (const std::string& name : split(content, '\0'))
        if (++type <= 255 && !name.empty()) header_.event_names[type] = utf8_text(name);
    }
  }

  ByteReader reader_;
  Bytes file_;
  std::string where_;
  Findings& findings_;
  Header header_;
};

}  // namespace

Header read_header(Bytes file, const std::string& where, Findings& findings) {
  return HeaderReader(file, where, findings).read();
}

std::vector<Event> read_events(Bytes file, const Header& header, double rate_hz, const std::string& where,
                               Findings& findings) {
  const std::int64_t begin = header.bytes + header.records * header.record_bytes;
  if (begin + 8 > static_cast<std::int64_t>(file.size())) return {};
  ByteReader reader(file, where);
  reader.seek(static_cast<std::size_t>(begin), "the event table");
  const auto mode = reader.take<std::uint8_t>("the event table");
  if ((mode & 1) == 0 || mode > 7) {
    findings.push_back({"gdf/event-table", Severity::warn, where,
                        "what follows the records is no event table (mode " + std::to_string(mode) + ")"});
    return {};
  }
  const Bytes small = reader.take_bytes(3, "the event table");
  const auto number = std::to_integer<std::int64_t>(small[0]) | std::to_integer<std::int64_t>(small[1]) << 8 |
                      std::to_integer<std::int64_t>(small[2]) << 16;
  const bool older = header.version < 1.94;
  const std::int64_t count = older ? reader.take<std::uint32_t>("the number of events") : number;
  const double own_rate = older ? static_cast<double>(number) : reader.take<float>("the rate of events");
  const double rate = own_rate > 0 && std::isfinite(own_rate) ? own_rate : rate_hz;
  const std::int64_t each = (mode & 2) != 0 ? 12 : 6;
  const std::int64_t there = std::min(count, static_cast<std::int64_t>(reader.remaining()) / each);
  if (there < count)
    findings.push_back({"gdf/events-truncated", Severity::warn, where,
                        "the event table is truncated: " + std::to_string(count) + " events are promised, " +
                            std::to_string(there) + " fit; none can be told apart"});
  if (there < count || count > limits::annotations || rate <= 0) return {};
  const auto n = static_cast<std::size_t>(count);
  ByteReader positions = reader.sub(4 * n, "positions"), types = reader.sub(2 * n, "types");
  ByteReader channels = reader.sub((mode & 2) != 0 ? 2 * n : 0, "channels");
  ByteReader lengths = reader.sub((mode & 2) != 0 ? 4 * n : 0, "durations");
  std::vector<Event> events(n);
  for (Event& event : events) {
    event.onset_s = (static_cast<double>(positions.take<std::uint32_t>("a position")) - 1) / rate;
    event.type = types.take<std::uint16_t>("a type");
    // Without a column of durations an event is its sample.
    event.duration_s = 1 / rate;
    if ((mode & 2) == 0) continue;
    event.channel = channels.take<std::uint16_t>("a channel");
    event.duration_s = static_cast<double>(lengths.take<std::uint32_t>("a duration")) / rate;
  }
  return events;
}

}  // namespace caton::gdf
