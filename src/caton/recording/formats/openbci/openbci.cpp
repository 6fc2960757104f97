// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/memory_recording.hpp"
#include "caton/recording/side_files.hpp"
#include "caton/recording/text_numbers.hpp"
#include "caton/recording/time_stamps.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace caton {
namespace {

/// Stamps are those of the computer, which gets samples in packets: only a long silence is a gap.
constexpr double shortest_gap_s = 0.5;

struct OpenBciHeader {
  std::int64_t channels = 0;
  std::optional<double> rate_hz;
  std::vector<std::string> names;  ///< of the columns
  std::size_t data_begin = 0;
  std::int64_t first_line = 1;
};

/// The number after the equals sign: "%Sample Rate = 250.0 Hz" → 250.
std::optional<double> value_in(std::string_view line) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::string_view rest = trim(line.substr(equals + 1));
  return parse_number(rest.substr(0, rest.find_first_of(" H")));
}

OpenBciHeader read_header(std::string_view text, const std::string& where) {
  OpenBciHeader header;
  std::string_view first_row;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trim(text.substr(at, end - at));
    if (!line.empty() && line.front() != '%') {
      first_row = line;
      break;
    }
    const std::string lower = lower_case(line);
    if (lower.rfind("%number of channels", 0) == 0)
      header.channels = static_cast<std::int64_t>(value_in(line).value_or(0));
    if (lower.rfind("%sample rate", 0) == 0) header.rate_hz = value_in(line);
    at = std::min(end + 1, text.size());
    ++header.first_line;
  }
  header.names = text_cells(first_row, ',');
  if (static_cast<std::int64_t>(header.names.size()) > limits::channels)
    throw input_error(where, "has more columns than the " + std::to_string(limits::channels) + " that are read");
  const bool named = !header.names.empty() && !parse_number(header.names[0]);
  header.data_begin = at;
  if (named) {
    header.data_begin = std::min(text.find('\n', at), text.size() - 1) + 1;
    ++header.first_line;
    return header;
  }
  // Older files have no line of names: a counter, the electrodes, three axes of acceleration, then whatever follows.
  for (std::size_t i = 0; i < header.names.size(); ++i) {
    const auto column = static_cast<std::int64_t>(i);
    header.names[i] = i == 0                          ? "Sample Index"
                      : column <= header.channels     ? "EXG Channel " + std::to_string(i - 1)
                      : column <= header.channels + 3 ? "Accel Channel " + std::to_string(column - header.channels - 1)
                                                      : "column " + std::to_string(i + 1);
  }
  return header;
}

bool starts(const std::string& name, const char* word) { return lower_case(name).rfind(word, 0) == 0; }

/// Counters that jump: packets that never arrived.
std::int64_t lost_packets(std::span<const double> counter) {
  double period = 0, step = 0;
  for (const double value : counter)
    if (std::isfinite(value)) period = std::max(period, value + 1);
  if (period <= 1 || period > 1e6 || counter.size() < 3) return 0;
  std::int64_t lost = 0;
  std::vector<double> steps;
  for (std::size_t i = 1; i < counter.size(); ++i) {
    const double difference = std::fmod(counter[i] - counter[i - 1] + period, period);
    if (std::isfinite(difference)) steps.push_back(difference);
  }
  if (steps.empty()) return 0;
  std::vector<double> sorted = steps;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  step = sorted[sorted.size() / 2];
  if (step <= 0) return 0;
  for (const double difference : steps)
    if (difference > step) lost += static_cast<std::int64_t>(difference / step) - 1;
  return lost;
}

class OpenBciReader {
 public:
  OpenBciReader(const Path& path, const OpenOptions& options) : where_(path.string()), options_(options), file_(path) {}

  std::unique_ptr<Recording> open() {
    const std::string_view text = text_of(file_.bytes());
    if (text.find('\0') != std::string_view::npos)
      throw input_error(where_, "has NUL bytes, so it is binary, not text", "copy the file again");
    header_ = read_header(text, where_);
    numbers_ = read_numbers(text.substr(header_.data_begin), {.columns = header_.names.size()}, header_.first_line);
    if (numbers_.rows == 0) throw input_error(where_, "is empty: a header without rows of numbers");
    content_.format = "OpenBCI text";
    if (numbers_.ragged > 0)
      add("ragged-rows", Severity::warn,
          std::to_string(numbers_.ragged) + " row(s) with another number of columns are left out, the first in line " +
              std::to_string(numbers_.ragged_lines[0]));
    read_time();
    add_columns();
    content_.start = start_of(text.substr(header_.data_begin));
    return memory_recording(std::move(content_));
  }

 private:
  void add(const std::string& code, Severity severity, const std::string& what) {
    content_.findings.push_back({"openbci/" + code, severity, where_, what});
  }

  std::span<const double> column(std::size_t index) const {
    return {numbers_.values.data() + static_cast<std::int64_t>(index) * numbers_.rows,
            static_cast<std::size_t>(numbers_.rows)};
  }

  void read_time() {
    const auto nominal = options_.rate_hz ? options_.rate_hz : header_.rate_hz;
    rate_hz_ = nominal.value_or(0);
    for (std::size_t i = 0; i < header_.names.size(); ++i) {
      if (starts(header_.names[i], "sample index")) {
        const std::int64_t lost = lost_packets(column(i));
        if (lost > 0)
          add("packets-lost", Severity::warn,
              "the counter of samples jumps: about " + std::to_string(lost) +
                  " sample(s) never arrived and are missing");
      }
      if (lower_case(header_.names[i]) != "timestamp" || numbers_.missing[i] == numbers_.rows) continue;
      const StampedTime time =
          time_from_stamps(column(i), nominal, "openbci", where_, content_.findings, shortest_gap_s);
      content_.segments = time.segments;
      if (!nominal) rate_hz_ = time.rate_hz;
    }
    if (rate_hz_ < 0 || rate_hz_ > limits::rate_hz || !std::isfinite(rate_hz_))
      throw input_error(where_, "a rate of " + number_text(rate_hz_) + " Hz makes no sense", "say it with --rate");
    if (rate_hz_ == 0) add("rate-unknown", Severity::warn, "the sampling rate is not said; give it with --rate");
  }

  void add_columns() {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < header_.names.size(); ++i) {
      const std::string& name = header_.names[i];
      const bool numbers = numbers_.missing[i] < numbers_.rows;
      if (starts(name, "sample index") || starts(name, "timestamp") || !numbers) continue;
      kept.push_back(i);
      Channel channel;
      channel.name = name;
      channel.type = "misc";
      channel.rate_hz = rate_hz_;
      if (starts(name, "exg") || starts(name, "eeg")) {
        channel.type = "eeg";
        channel.unit = "uV";
        channel.si_factor = 1e-6;
        if (numbers_.missing[i] > 0)
          add("missing-values", Severity::warn,
              std::to_string(numbers_.missing[i]) + " value(s) of \"" + printable(name) +
                  "\" are missing or no numbers");
      } else if (starts(name, "accel")) {
        channel.unit = "g";
      } else if (starts(name, "marker")) {
        channel.type = "stim";
        add_markers(i);
      }
      content_.channels.push_back(std::move(channel));
    }
    content_.values = Array<double, 2>({static_cast<std::int64_t>(kept.size()), numbers_.rows}, uninitialised);
    for (std::size_t row = 0; row < kept.size(); ++row) {
      const auto from = column(kept[row]);
      std::copy(from.begin(), from.end(), content_.values.data() + static_cast<std::int64_t>(row) * numbers_.rows);
    }
  }

  /// A marker is where the column leaves 0 or changes.
  void add_markers(std::size_t index) {
    const auto values = column(index);
    if (rate_hz_ == 0) return;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double before = i == 0 ? 0 : values[i - 1];
      if (std::isfinite(values[i]) && values[i] != 0 && values[i] != before)
        content_.annotations.push_back({static_cast<double>(i) / rate_hz_, 0, number_text(values[i])});
    }
  }

  /// "2020-03-02 10:11:12.000" in the last column of the first row.
  static std::string start_of(std::string_view rows) {
    const std::string_view line = trim(rows.substr(0, rows.find('\n')));
    std::string cell(trim(line.substr(line.rfind(',') + 1)));
    const std::string pattern = "dddd-dd-dd dd:dd:dd";
    if (cell.size() < pattern.size()) return {};
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const bool digit = cell[i] >= '0' && cell[i] <= '9';
      if (pattern[i] == 'd' ? !digit : cell[i] != pattern[i]) return {};
    }
    cell[10] = 'T';
    return cell.substr(0, pattern.size());
  }

  std::string where_;
  OpenOptions options_;
  MappedFile file_;
  OpenBciHeader header_;
  TextNumbers numbers_;
  MemoryContent content_;
  double rate_hz_ = 0;
};

const FormatEntry openbci_format{
    .name = "OpenBCI text",
    .about = "raw text files of the OpenBCI interface",
    .extensions = {".txt", ".csv"},
    .recognise = [](Bytes head, const Path&) { return begins_with(head, "%OpenBCI"); },
    .open = [](const Path& path, const OpenOptions& options) { return OpenBciReader(path, options).open(); },
    .identifying_fields = {"time stamps"},
};
CATON_REGISTER(FormatEntry, openbci_format);

}  // namespace
}  // namespace caton
