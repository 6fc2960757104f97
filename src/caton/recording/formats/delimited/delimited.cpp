// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/filed_channel.hpp"
#include "caton/recording/memory_recording.hpp"
#include "caton/recording/text_numbers.hpp"
#include "caton/recording/time_stamps.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace caton {
namespace {

struct Layout {
  TextLayout numbers;
  std::vector<std::string> names;
  std::size_t data_begin = 0;
  std::int64_t first_line = 1;  ///< of the numbers
  bool header = false;
};

bool begins_with(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

std::string_view line_at(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find('\n', at), text.size());
  std::string_view line = text.substr(at, end - at);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

/// Where the line after the one that begins at `at` begins.
std::size_t next_line(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end + 1;
}

/// The sign that most often stands in the line; semicolon and tab before comma, because commas are also decimal.
char separator_of(std::string_view line) {
  for (const char separator : {'\t', ';'})
    if (line.find(separator) != std::string_view::npos) return separator;
  if (line.find(',') != std::string_view::npos) return ',';
  return trim(line).find(' ') != std::string_view::npos ? ' ' : ',';
}

bool is_number(std::string_view cell, bool decimal_comma) {
  std::string text(cell);
  if (decimal_comma) std::replace(text.begin(), text.end(), ',', '.');
  return text.empty() || parse_number(text).has_value();
}

Layout table_layout(std::string_view text, const std::string& where) {
  Layout layout;
  std::size_t at = begins_with(text, "\xEF\xBB\xBF") ? 3 : 0;
  while (at < text.size() && (trim(line_at(text, at)).empty() || text[at] == '#' || text[at] == '%')) {
    at = next_line(text, at);
    ++layout.first_line;
  }
  const std::string_view line = line_at(text, at);
  layout.numbers.separator = separator_of(line);
  const std::string_view second = line_at(text, next_line(text, at));
  layout.numbers.decimal_comma = layout.numbers.separator != ',' && second.find(',') != std::string_view::npos &&
                                 second.find('.') == std::string_view::npos;
  const auto cells = text_cells(line, layout.numbers.separator);
  layout.numbers.columns = cells.size();
  if (static_cast<std::int64_t>(cells.size()) > limits::channels)
    throw input_error(where,
                      std::to_string(cells.size()) + " columns in line " + std::to_string(layout.first_line) +
                          " are more than the " + std::to_string(limits::channels) + " that are read",
                      "a table needs one row a sample and one column a channel; transpose it");
  layout.header = !std::all_of(cells.begin(), cells.end(),
                               [&](const std::string& cell) { return is_number(cell, layout.numbers.decimal_comma); });
  for (std::size_t i = 0; i < cells.size(); ++i)
    layout.names.push_back(layout.header && !cells[i].empty() ? cells[i] : "column " + std::to_string(i + 1));
  layout.data_begin = layout.header ? next_line(text, at) : at;
  if (layout.header) ++layout.first_line;
  return layout;
}

/// "@ATTRIBUTE name NUMERIC" → the name, also a quoted one.
std::string attribute_name(std::string_view rest) {
  rest = trim(rest);
  if (!rest.empty() && (rest.front() == '\'' || rest.front() == '"')) {
    const auto end = rest.find(rest.front(), 1);
    if (end != std::string_view::npos) return std::string(rest.substr(1, end - 1));
  }
  return std::string(rest.substr(0, rest.find_first_of(" \t{")));
}

Layout arff_layout(std::string_view text, const std::string& where) {
  Layout layout;
  layout.header = true;
  for (std::size_t at = 0; at < text.size(); at = next_line(text, at), ++layout.first_line) {
    const std::string_view line = trim(line_at(text, at));
    const std::string lower = lower_case(line.substr(0, 10));
    if (begins_with(lower, "@attribute")) layout.names.push_back(attribute_name(line.substr(10)));
    if (static_cast<std::int64_t>(layout.names.size()) > limits::channels)
      throw input_error(where, "more than " + std::to_string(limits::channels) + " columns (attributes)");
    if (!begins_with(lower, "@data")) continue;
    layout.data_begin = next_line(text, at);
    ++layout.first_line;
    layout.numbers.columns = layout.names.size();
    return layout;
  }
  throw input_error(where, "an ARFF file without @DATA", "the file is cut; copy it again");
}

/// The column of times and the factor to seconds; nothing where there is none.
struct TimeColumn {
  std::size_t column = 0;
  double factor = 1;
};

std::optional<TimeColumn> time_column(const Layout& layout) {
  if (!layout.header) return std::nullopt;
  constexpr std::array names{"t", "time", "times",  "timestamp", "timestamps", "seconds",  "sec",
                             "s", "ms",   "time_s", "time_ms",   "time_us",    "unix_time"};
  for (std::size_t i = 0; i < layout.names.size(); ++i) {
    std::string name = layout.names[i];
    std::string lower = lower_case(name);
    double factor = 1;
    for (const auto& [ending, size] : {std::pair{"(ms)", 1e-3},
                                       {"[ms]", 1e-3},
                                       {"(us)", 1e-6},
                                       {"[us]", 1e-6},
                                       {"(s)", 1.0},
                                       {"[s]", 1.0},
                                       {"_ms", 1e-3},
                                       {"_us", 1e-6},
                                       {"_s", 1.0}}) {
      const std::string_view end = ending;
      if (lower.size() <= end.size() || lower.substr(lower.size() - end.size()) != end) continue;
      factor = size;
      lower = std::string(trim(std::string_view(lower).substr(0, lower.size() - end.size())));
      break;
    }
    if (lower == "ms") factor = 1e-3;
    if (std::find(names.begin(), names.end(), lower) != names.end()) return TimeColumn{i, factor};
  }
  return std::nullopt;
}

class TableReader {
 public:
  TableReader(const Path& path, const OpenOptions& options) : path_(path), where_(path.string()), options_(options) {}

  std::unique_ptr<Recording> read() {
    const MappedFile file(path_);
    const std::string_view text = text_of(file.bytes());
    if (const auto at = text.find('\0'); at != std::string_view::npos)
      throw input_error(where_, "has a NUL byte at " + std::to_string(at) + ", so it is binary, not text",
                        "name the right file, or export it as text again");
    const bool arff = begins_with(lower_case(trim(text.substr(0, 4096))), "@relation") ||
                      lower_case(path_.extension().string()) == ".arff";
    layout_ = arff ? arff_layout(text, where_) : table_layout(text, where_);
    numbers_ = read_numbers(text.substr(layout_.data_begin), layout_.numbers, layout_.first_line);
    if (numbers_.rows == 0)
      throw input_error(where_, numbers_.ragged > 0 ? "no row has the " + std::to_string(layout_.names.size()) +
                                                          " columns of the header"
                                                    : "is empty: no rows of numbers follow the header");
    return recording(arff);
  }

 private:
  void add(const std::string& code, const std::string& place, const std::string& what) {
    content_.findings.push_back({"text/" + code, Severity::warn, where_ + place, what});
  }

  std::unique_ptr<Recording> recording(bool arff) {
    content_.format = "delimited text";
    content_.start = {};
    report_rows();
    const auto time = time_column(layout_);
    double rate = options_.rate_hz.value_or(0);
    if (time) {
      std::vector<double> stamps(static_cast<std::size_t>(numbers_.rows));
      for (std::size_t row = 0; row < stamps.size(); ++row) stamps[row] = column(time->column)[row] * time->factor;
      StampedTime stamped = time_from_stamps(stamps, options_.rate_hz, "text", where_, content_.findings);
      if (!options_.rate_hz) rate = stamped.rate_hz;
      content_.segments = std::move(stamped.segments);
    }
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < layout_.names.size(); ++i)
      if (!time || i != time->column) keep_column(i, rate, kept);
    if (kept.empty()) throw input_error(where_, "no column holds numbers, so there is no channel");
    content_.values = Array<double, 2>({static_cast<std::int64_t>(kept.size()), numbers_.rows}, uninitialised);
    for (std::size_t row = 0; row < kept.size(); ++row) {
      const auto values = column(kept[row]);
      std::copy(values.begin(), values.end(), content_.values.begin() + static_cast<std::int64_t>(row) * numbers_.rows);
    }
    if (rate == 0)
      content_.findings.push_back({"text/rate-unknown", Severity::warn, where_,
                                   std::string(arff ? "ARFF has" : "there are") +
                                       " no times, so the sampling rate is not known; give it with --rate"});
    return memory_recording(std::move(content_));
  }

  std::span<const double> column(std::size_t index) const {
    return {numbers_.values.data() + static_cast<std::int64_t>(index) * numbers_.rows,
            static_cast<std::size_t>(numbers_.rows)};
  }

  void report_rows() {
    if (numbers_.ragged == 0) return;
    std::vector<std::string> lines;
    for (const std::int64_t line : numbers_.ragged_lines) lines.push_back(std::to_string(line));
    add("ragged-rows", ", line " + lines.front(),
        std::to_string(numbers_.ragged) + " row(s) do not have " + std::to_string(layout_.numbers.columns) +
            " columns and are left out (lines " + join(lines, ", ") +
            (numbers_.ragged > static_cast<std::int64_t>(lines.size()) ? ", …)" : ")"));
  }

  void keep_column(std::size_t index, double rate, std::vector<std::size_t>& kept) {
    const std::string place = ", column \"" + printable(layout_.names[index]) + "\"";
    if (numbers_.missing[index] == numbers_.rows) {
      add("column-without-numbers", place, "the column holds no numbers and is left out");
      return;
    }
    if (numbers_.missing[index] > 0)
      add("missing-values", place,
          std::to_string(numbers_.missing[index]) + " value(s) are missing or no numbers (the first is \"" +
              printable(numbers_.first_unreadable[index]) + "\") and are given as NaN");
    std::string name = layout_.names[index];
    const Unit unit = filed_unit(layout_.header ? split_unit(name) : Unit{}, options_);
    content_.channels.push_back(filed_channel(name, unit, rate));
    kept.push_back(index);
  }

  Path path_;
  std::string where_;
  OpenOptions options_;
  Layout layout_;
  TextNumbers numbers_;
  MemoryContent content_;
};

const FormatEntry delimited_format{
    .name = "delimited text",
    .about = "CSV, TSV and ARFF tables: a row a sample, a column a channel",
    .extensions = {".csv", ".tsv", ".txt", ".arff", ".asc"},
    .recognise =
        [](Bytes head, const Path& path) {
          const std::string extension = lower_case(path.extension().string());
          constexpr std::array known{".csv", ".tsv", ".txt", ".arff", ".asc"};
          const std::string_view text = text_of(head);
          return std::find(known.begin(), known.end(), extension) != known.end() ||
                 begins_with(lower_case(trim(text.substr(0, 64))), "@relation");
        },
    .open = [](const Path& path, const OpenOptions& options) { return TableReader(path, options).read(); },
    .general = true,
};
CATON_REGISTER(FormatEntry, delimited_format);

}  // namespace
}  // namespace caton
