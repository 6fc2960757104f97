// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/wfdb/header.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/formats/wfdb/packing.hpp"
#include "caton/recording/side_files.hpp"
#include "caton/recording/start_times.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace caton::wfdb {
namespace {

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string spaced(line);
  std::replace(spaced.begin(), spaced.end(), '\t', ' ');
  for (const std::string& word : split(spaced, ' '))
    if (!word.empty()) words.push_back(word);
  return words;
}

/// The leading number of a field ("360/100(5)" → 360) and what follows it.
std::pair<std::optional<double>, std::string_view> leading_number(std::string_view field) {
  std::size_t end = 0;
  while (end < field.size() && (std::string_view("0123456789+-.eE").find(field[end]) != std::string_view::npos)) ++end;
  return {parse_number(field.substr(0, end)), field.substr(end)};
}

class HeaderReader {
 public:
  explicit HeaderReader(std::string where) : where_(std::move(where)) {}

  Header read(std::string_view text) {
    std::int64_t wanted = -1;
    each_line(text, [&](std::int64_t number, std::string_view raw) {
      const std::string_view line = trim(raw);
      if (line.empty() || line.front() == '#') return;
      line_ = number;
      if (wanted < 0) {
        wanted = read_record(words_of(line));
      } else if (static_cast<std::int64_t>(header_.signals.size()) < wanted) {
        read_signal(line);
      }
    });
    if (wanted < 0) throw input_error(where_, "holds no record line");
    if (static_cast<std::int64_t>(header_.signals.size()) != wanted)
      throw input_error(where_, "is truncated: " + std::to_string(wanted) + " signals are promised, " +
                                    std::to_string(header_.signals.size()) + " described");
    return std::move(header_);
  }

 private:
  [[noreturn]] void refuse(const std::string& problem, const std::string& remedy = {}) const {
    throw input_error(where_ + ", line " + std::to_string(line_), problem, remedy);
  }

  std::int64_t whole(const std::string& text, const char* what, std::int64_t least, std::int64_t most) const {
    const auto number = parse_integer(text);
    if (!number || *number < least || *number > most)
      refuse(std::string(what) + " \"" + printable(text) + "\" makes no sense");
    return *number;
  }

  std::int64_t read_record(const std::vector<std::string>& words) {
    if (words.size() < 2) refuse("no record line: a name and a number of signals are needed");
    if (words[0].find('/') != std::string::npos)
      refuse("this record is put together from several segments", "name the .hea file of one segment");
    const std::int64_t signals = whole(words[1], "number of signals", 0, limits::channels);
    if (words.size() > 2) {
      const auto rate = leading_number(words[2]).first;
      if (!rate || !(*rate > 0) || *rate > limits::rate_hz)
        refuse("rate \"" + printable(words[2]) + "\" makes no sense");
      header_.frame_rate_hz = *rate;
    }
    if (words.size() > 3) header_.frames = whole(words[3], "number of samples", 0, limits::samples_per_channel);
    if (words.size() > 5) header_.start = start_of(words[4], words[5]);
    return signals;
  }

  /// "10:11:12.5" and "02/03/2020".
  static std::string start_of(const std::string& time, const std::string& date) {
    const auto days = split(date, '/'), hours = split(time, ':');
    if (days.size() != 3 || hours.size() != 3) return {};
    std::vector<std::int64_t> parts;
    for (const std::string& text : {days[2], days[1], days[0], hours[0], hours[1], hours[2].substr(0, 2)}) {
      const auto number = parse_integer(text);
      if (!number || *number < 0 || *number > 9999) return {};
      parts.push_back(*number);
    }
    return start_text({parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]});
  }

  void read_signal(std::string_view line) {
    const auto words = words_of(line);
    if (words.size() < 2) refuse("no signal line: a file and a format are needed");
    Signal signal;
    signal.file = words[0];
    signal.unit = "mV";
    baseline_given_ = false;
    read_format(words[1], signal);
    if (words.size() > 2) read_gain(words[2], signal);
    const double zero =
        words.size() > 4 ? static_cast<double>(whole(words[4], "ADC zero", -(1LL << 40), 1LL << 40)) : 0;
    if (!baseline_given_) signal.baseline = zero;
    signal.initial =
        words.size() > 5 ? whole(words[5], "initial value", -(1LL << 40), 1LL << 40) : static_cast<std::int64_t>(zero);
    signal.name = words.size() > 8 ? name_of(line, 8) : "signal " + std::to_string(header_.signals.size() + 1);
    header_.signals.push_back(std::move(signal));
  }

  /// What follows so many words.
  static std::string name_of(std::string_view line, int words) {
    for (int i = 0; i < words; ++i) {
      line = trim(line);
      const auto end = line.find_first_of(" \t");
      line = end == std::string_view::npos ? std::string_view() : line.substr(end);
    }
    return utf8_text(trim(line));
  }

  /// "212", "16x4", "16:3", "16+512".
  void read_format(std::string_view field, Signal& signal) const {
    const auto number_at = [&](char sign, std::int64_t standard, std::int64_t most) {
      const auto at = field.find(sign);
      if (at == std::string_view::npos) return standard;
      std::string_view rest = field.substr(at + 1);
      return whole(std::string(rest.substr(0, rest.find_first_not_of("0123456789"))), "format", 0, most);
    };
    const auto format = parse_integer(field.substr(0, field.find_first_not_of("0123456789")));
    if (!format || !is_known_format(static_cast<int>(*format)))
      refuse("signal format \"" + printable(field) + "\" is not read",
             "formats 8, 16, 24, 32, 61, 80, 160, 212, 310 and 311 are");
    signal.format = static_cast<int>(*format);
    signal.samples_per_frame = std::max<std::int64_t>(1, number_at('x', 1, 1 << 20));
    signal.skew = number_at(':', 0, 1 << 30);
    signal.offset = number_at('+', 0, std::int64_t{1} << 40);
  }

  /// "200(1024)/mV": stored numbers a unit, number of 0, unit. Missing or 0: 200 a millivolt.
  void read_gain(std::string_view field, Signal& signal) {
    const auto [gain, rest] = leading_number(field);
    if (!gain || !std::isfinite(*gain)) refuse("gain \"" + printable(field) + "\" makes no sense");
    if (*gain != 0) signal.gain = *gain;
    signal.unit = "mV";
    const auto open = rest.find('('), close = rest.find(')'), slash = rest.find('/');
    baseline_given_ = open != std::string_view::npos && close != std::string_view::npos && open < close;
    if (baseline_given_) {
      const auto baseline = parse_integer(rest.substr(open + 1, close - open - 1));
      if (!baseline) refuse("baseline in \"" + printable(field) + "\" makes no sense");
      signal.baseline = static_cast<double>(*baseline);
    }
    if (slash != std::string_view::npos) signal.unit = utf8_text(rest.substr(slash + 1));
  }

  std::string where_;
  std::int64_t line_ = 0;
  bool baseline_given_ = false;
  Header header_;
};

}  // namespace

Header read_header(std::string_view text, const std::string& where) { return HeaderReader(where).read(text); }

}  // namespace caton::wfdb
