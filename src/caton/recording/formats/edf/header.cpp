// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/edf/header.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/units.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace caton::edf {
namespace {

constexpr std::int64_t main_bytes = 256;

std::string_view field_text(std::string_view raw) {
  const auto end = raw.find('\0');
  return trim(raw.substr(0, end));
}

/// EDF says ASCII; Latin-1 and UTF-8 are met in the wild. Control characters become U+FFFD.
std::string decoded(std::string_view raw) {
  const std::string_view text = field_text(raw);
  const std::string utf8 = is_utf8(text) ? std::string(text) : utf8_from_latin1(text);
  std::string clean;
  for (const char c : utf8) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      clean += "\xEF\xBF\xBD";
    else
      clean += c;
  }
  return clean;
}

bool plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

class HeaderReader {
 public:
  HeaderReader(Bytes file, const std::string& where, Findings& findings)
      : reader_(file, where), where_(where), findings_(findings) {}

  Header read() {
    if (reader_.remaining() < static_cast<std::size_t>(main_bytes))
      throw input_error(where_,
                        "the file is truncated: it ends after " + std::to_string(reader_.remaining()) +
                            " of the 256 bytes of an EDF header",
                        "copy the file again");
    read_main();
    read_signals();
    place_signals();
    count_records();
    check_rates();
    name_duplicates();
    return header_;
  }

 private:
  void add(const std::string& code, Severity severity, const std::string& where, const std::string& what) {
    findings_.push_back(
        {std::string(header_.prefix()) + "/" + code, severity, where.empty() ? where_ : where_ + ", " + where, what});
  }
  std::string channel(std::size_t index) const {
    return "channel " + std::to_string(index + 1) + " \"" + printable(header_.signals[index].label) + "\"";
  }
  [[noreturn]] void refuse(const std::string& problem,
                           const std::string& remedy = "the file is damaged; copy or export it again") const {
    throw input_error(where_, problem, remedy);
  }

  std::int64_t whole_number(std::size_t width, const std::string& what) {
    const std::size_t at = reader_.offset();
    const std::string_view text = field_text(reader_.take_text(width, what));
    const auto number = parse_integer(text);
    if (number) return *number;
    const auto real = parse_number(text);
    if (real && std::isfinite(*real) && *real == std::floor(*real) && std::fabs(*real) < 9e15)
      return static_cast<std::int64_t>(*real);
    refuse(what + " \"" + printable(text) + "\" is not a whole number (byte " + std::to_string(at) + ")");
  }

  double number(std::size_t width, const std::string& what) {
    const std::size_t at = reader_.offset();
    std::string text(field_text(reader_.take_text(width, what)));
    if (text.find(',') != std::string::npos) {
      std::replace(text.begin(), text.end(), ',', '.');
      add("decimal-comma", Severity::warn, what, "decimal comma in " + what + ", read as " + text);
    }
    const auto value = parse_number(text);
    if (!value || !std::isfinite(*value))
      refuse(what + " \"" + printable(text) + "\" is not a number (byte " + std::to_string(at) + ")");
    return *value;
  }

  void read_main() {
    const std::string_view version = reader_.take_text(8, "version");
    header_.bdf = version ==
                  "\xFF"
                  "BIOSEMI";
    if (!header_.bdf && field_text(version) != "0")
      refuse("the version field is \"" + printable(field_text(version)) + "\", EDF has 0 and BDF has 255 BIOSEMI",
             "the file is damaged or no EDF; if only this field is wrong, put 0 there");
    reader_.skip(80, "patient");
    const bool undated = reader_.take_text(80, "recording").substr(0, 12) == "Startdate X ";
    const std::string date = decoded(reader_.take_text(8, "start date"));
    const std::string time = decoded(reader_.take_text(8, "start time"));
    if (!undated) read_start(date, time);
    declared_header_ = parse_integer(field_text(reader_.take_text(8, "header size"))).value_or(-1);
    const std::string_view kind = field_text(reader_.take_text(44, "reserved"));
    header_.plus = kind.substr(0, 4) == "EDF+" || kind.substr(0, 4) == "BDF+";
    header_.discontinuous = header_.plus && kind.substr(4, 1) == "D";
    header_.declared_records = whole_number(8, "number of records");
    header_.record_s = number(8, "record duration");
    const std::int64_t count = whole_number(4, "number of channels");
    if (count <= 0) refuse("the header says " + std::to_string(count) + " channels (byte 252); at least one is needed");
    if (count > limits::channels)
      refuse(std::to_string(count) + " channels are more than the " + std::to_string(limits::channels) +
             " that are read");
    header_.signals.resize(static_cast<std::size_t>(count));
    header_.bytes = main_bytes * (count + 1);
  }

  void read_start(const std::string& date, const std::string& time) {
    const auto part = [](const std::string& text, std::size_t at) {
      return text.size() == 8 ? parse_integer(std::string_view(text).substr(at, 2)).value_or(-1) : -1;
    };
    const std::int64_t day = part(date, 0), month = part(date, 3), year = part(date, 6);
    constexpr int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool possible = month >= 1 && month <= 12 && day >= 1 && year >= 0 && day <= days[month - 1];
    const std::int64_t hour = part(time, 0), minute = part(time, 3), second = part(time, 6);
    if (!possible) {
      add("date", Severity::note, "start date", "the date \"" + printable(date) + "\" does not exist; it is left out");
      return;
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
      add("time", Severity::note, "start time", "the time \"" + printable(time) + "\" does not exist; it is left out");
      return;
    }
    const auto two = [](std::int64_t value) { return std::string(value < 10 ? "0" : "") + std::to_string(value); };
    header_.start = std::to_string(year >= 85 ? 1900 + year : 2000 + year) + "-" + two(month) + "-" + two(day) + "T" +
                    two(hour) + ":" + two(minute) + ":" + two(second);
  }

  template <class Read>
  void each(Read&& read_one) {
    for (std::size_t i = 0; i < header_.signals.size(); ++i) read_one(header_.signals[i], i);
  }

  void read_signals() {
    const std::size_t left = reader_.remaining();
    if (left < header_.signals.size() * 256)
      refuse("the file is truncated: the header of " + std::to_string(header_.signals.size()) + " channels needs " +
             std::to_string(header_.bytes) + " bytes, the file has " + std::to_string(left + 256));
    each([&](Signal& signal, std::size_t i) {
      const std::string_view raw = field_text(reader_.take_text(16, "label"));
      signal.label = decoded(raw);
      if (!plain_ascii(raw))
        add("label-not-ascii", Severity::note, channel(i), "the label has bytes outside ASCII, read as Latin-1");
      signal.annotations = signal.label == (header_.bdf ? "BDF Annotations" : "EDF Annotations");
    });
    reader_.skip(80 * header_.signals.size(), "transducers");
    each([&](Signal& signal, std::size_t) { signal.unit = decoded(reader_.take_text(8, "unit")); });
    each([&](Signal& s, std::size_t i) { s.physical_min = number(8, channel(i) + ": physical minimum"); });
    each([&](Signal& s, std::size_t i) { s.physical_max = number(8, channel(i) + ": physical maximum"); });
    each([&](Signal& s, std::size_t i) { s.digital_min = whole_number(8, channel(i) + ": digital minimum"); });
    each([&](Signal& s, std::size_t i) { s.digital_max = whole_number(8, channel(i) + ": digital maximum"); });
    reader_.skip(80 * header_.signals.size(), "prefiltering");
    each([&](Signal& s, std::size_t i) { s.samples = whole_number(8, channel(i) + ": samples per record"); });
    reader_.skip(32 * header_.signals.size(), "reserved");
    if (declared_header_ != header_.bytes)
      add("header-size", Severity::note, "byte 184",
          "the header says it has " + std::to_string(declared_header_) + " bytes, " +
              std::to_string(header_.signals.size()) + " channels need " + std::to_string(header_.bytes) +
              "; the number of channels is believed");
  }

  void place_signals() {
    std::int64_t offset = 0;
    bool any = false;
    each([&](Signal& signal, std::size_t i) {
      if (signal.samples < 0)
        refuse(channel(i) + " says " + std::to_string(signal.samples) + " samples per record (byte " +
               std::to_string(main_bytes + 216 * static_cast<std::int64_t>(header_.signals.size()) +
                              8 * static_cast<std::int64_t>(i)) +
               ")");
      if (signal.samples == 0)
        add("samples-zero", Severity::warn, channel(i), "says 0 samples per record and is left out");
      signal.offset = offset;
      offset = checked_sum(offset, checked_product(signal.samples, header_.width(), where_, "samples per record"),
                           where_, "size of a record");
      if (!signal.annotations && signal.samples > 0) {
        any = true;
        check_range(signal, i);
      }
    });
    header_.record_bytes = offset;
    if (header_.record_s < 0) refuse("the record duration is " + number_text(header_.record_s) + " s (byte 244)");
    if (any && header_.record_s == 0)
      refuse("the record duration is 0 s (byte 244) but there are signals, so their rates are unknown");
  }

  void check_rates() {
    each([&](Signal& signal, std::size_t i) {
      if (!signal.annotations && static_cast<double>(signal.samples) > limits::rate_hz * header_.record_s)
        refuse(channel(i) + " says " + std::to_string(signal.samples) + " samples in " + number_text(header_.record_s) +
               " s, above " + number_text(limits::rate_hz) + " Hz");
    });
  }

  void check_range(const Signal& signal, std::size_t i) {
    if (signal.digital_min == signal.digital_max)
      add("digital-range-zero", Severity::warn, channel(i),
          "digital minimum and maximum are both " + std::to_string(signal.digital_min) +
              ": it cannot be scaled and is given as stored numbers of unknown unit");
    else if (signal.digital_min > signal.digital_max)
      add("digital-range-reversed", Severity::warn, channel(i),
          "digital minimum " + std::to_string(signal.digital_min) + " is above digital maximum " +
              std::to_string(signal.digital_max) + "; scaled as the two points say");
    else if (signal.physical_min == signal.physical_max)
      add("physical-range-zero", Severity::warn, channel(i),
          "physical minimum and maximum are both " + number_text(signal.physical_min) +
              ": every sample has this value");
    if (unit_of(signal.unit).name == "unknown")
      add("unit-unknown", Severity::warn, channel(i),
          signal.unit.empty()
              ? "no unit is given; values are as filed, not volts"
              : "the unit \"" + printable(signal.unit) + "\" is not known; values are as filed, not volts");
  }

  void count_records() {
    const std::int64_t present = static_cast<std::int64_t>(reader_.remaining());
    const std::int64_t declared = header_.declared_records;
    if (declared < -1)
      refuse("the header says " + std::to_string(declared) + " records (byte 236); only -1 has a meaning");
    if (header_.record_bytes == 0) refuse("no channel has samples, so a record holds nothing");
    if (declared > 0) refuse_converted_line_ends(present);
    const std::int64_t whole = present / header_.record_bytes, rest = present % header_.record_bytes;
    const std::string size = std::to_string(header_.record_bytes) + " bytes";
    if (whole == 0)
      refuse("the file is truncated: it holds no whole data record of " + size + ", only " + std::to_string(present) +
             " bytes follow the header");
    header_.records = declared > 0 ? std::min(declared, whole) : whole;
    if (declared == -1)
      add("record-count-unknown", Severity::note, "byte 236",
          "the record count is -1 (recording was not closed); " + std::to_string(whole) + " records are in the file");
    if (declared == 0)
      add("record-count-zero", Severity::warn, "byte 236",
          "the header says 0 records, " + std::to_string(whole) + " are in the file and are read");
    if (declared > whole)
      add("records-missing", Severity::warn, "byte " + std::to_string(file_size()),
          std::to_string(declared) + " records declared, " + std::to_string(whole) + " present" +
              (rest != 0 ? "; the last one is truncated after " + std::to_string(rest) + " of " + size : ""));
    else if (declared > 0 && declared * header_.record_bytes < present)
      add("bytes-behind-records", Severity::warn,
          "byte " + std::to_string(header_.bytes + declared * header_.record_bytes),
          std::to_string(present - declared * header_.record_bytes) + " bytes follow the " + std::to_string(declared) +
              " records declared; they are not read");
    else if (rest != 0 && declared <= 0)
      add("last-record-cut", Severity::warn, "byte " + std::to_string(file_size()),
          "the last record is truncated after " + std::to_string(rest) + " of " + size);
  }

  std::int64_t file_size() const { return static_cast<std::int64_t>(reader_.offset() + reader_.remaining()); }

  /// A copy in text mode puts 0x0D before every 0x0A: all samples behind the first one are shifted.
  void refuse_converted_line_ends(std::int64_t present) {
    std::int64_t declared = 0;
    if (__builtin_mul_overflow(header_.declared_records, header_.record_bytes, &declared)) return;
    const std::int64_t excess = present - declared;
    if (excess <= 0 || excess > present / 16) return;
    const std::string_view data = text_of(reader_.rest());
    std::int64_t line_ends = 0;
    for (auto at = data.find('\n'); at != std::string_view::npos; at = data.find('\n', at + 1)) {
      if (at == 0 || data[at - 1] != '\r') return;
      ++line_ends;
    }
    if (line_ends == excess)
      refuse("line ends were converted (a text-mode copy put 0D before each of the " + std::to_string(line_ends) +
                 " bytes 0A), so the samples are shifted and decoding would give garbage",
             "copy the original in binary mode, or undo it with: caton convert --undo-line-ends FILE -o REPAIRED.edf");
  }

  void name_duplicates() {
    std::map<std::string, int> counts;
    for (const Signal& signal : header_.signals)
      if (!signal.annotations) ++counts[signal.label];
    for (const auto& [label, count] : counts)
      if (count > 1)
        add("duplicate-label", Severity::warn, "channel \"" + printable(label) + "\"",
            "duplicate label: " + std::to_string(count) +
                " channels have it; all are kept, by name the first is meant");
  }

  ByteReader reader_;
  std::string where_;
  Findings& findings_;
  Header header_;
  std::int64_t declared_header_ = 0;
};

}  // namespace

Header read_header(Bytes file, const std::string& where, Findings& findings) {
  return HeaderReader(file, where, findings).read();
}

bool looks_like_header(Bytes head) {
  const std::string_view text = text_of(head);
  if (text.substr(0, 8) == "0       " || text.substr(0, 8) ==
                                             "\xFF"
                                             "BIOSEMI")
    return true;
  if (text.size() < 256) return false;
  return parse_integer(field_text(text.substr(184, 8))).has_value() &&
         parse_integer(field_text(text.substr(252, 4))).has_value() &&
         parse_number(field_text(text.substr(244, 8))).has_value();
}

}  // namespace caton::edf
