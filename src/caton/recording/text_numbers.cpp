// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/text_numbers.hpp"

#include "caton/base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace caton {
namespace {

constexpr std::size_t listed_lines = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Exact for what fits into 53 bits and 10^22 (then one rounding); everything else goes to parse_number.
std::optional<double> quick_number(std::string_view cell, char point) {
  constexpr std::array<double, 23> powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                          1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  std::size_t at = 0;
  const bool negative = !cell.empty() && cell[0] == '-';
  if (negative || (!cell.empty() && cell[0] == '+')) ++at;
  if (cell.size() - at > 17) return std::nullopt;
  std::uint64_t digits = 0;
  std::size_t count = 0, decimals = 0;
  bool behind = false;
  for (; at < cell.size(); ++at) {
    if (is_digit(cell[at])) {
      digits = digits * 10 + static_cast<std::uint64_t>(cell[at] - '0');
      ++count;
      if (behind) ++decimals;
    } else if (cell[at] == point && !behind) {
      behind = true;
    } else {
      return std::nullopt;
    }
  }
  if (count == 0 || digits > (std::uint64_t{1} << 53)) return std::nullopt;
  const double value = static_cast<double>(digits) / powers[decimals];
  return negative ? -value : value;
}

std::string_view without_quotes(std::string_view cell) {
  cell = trim(cell);
  if (cell.size() >= 2 && (cell.front() == '"' || cell.front() == '\'') && cell.back() == cell.front())
    cell = trim(cell.substr(1, cell.size() - 2));
  return cell;
}

std::optional<double> cell_number(std::string_view raw, char point) {
  if (const auto quick = quick_number(raw, point)) return quick;
  const std::string_view cell = without_quotes(raw);
  if (const auto quick = quick_number(cell, point)) return quick;
  if (point == '.') return parse_number(cell);
  std::string changed(cell);
  std::replace(changed.begin(), changed.end(), point, '.');
  return parse_number(changed);
}

bool blank(std::string_view line) { return trim(line).empty(); }

template <class Line>
void each_line(std::string_view text, Line&& line) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view content = text.substr(at, end - at);
    if (!content.empty() && content.back() == '\r') content.remove_suffix(1);
    line(content);
    at = end + 1;
  }
}

std::size_t count_cells(std::string_view line, char separator) {
  return 1 + static_cast<std::size_t>(std::count(line.begin(), line.end(), separator));
}

}  // namespace

std::vector<std::string> text_cells(std::string_view line, char separator) {
  std::vector<std::string> cells;
  for (const std::string& cell : split(line, separator)) cells.emplace_back(without_quotes(cell));
  return cells;
}

TextNumbers read_numbers(std::string_view text, const TextLayout& layout, std::int64_t first_line) {
  TextNumbers numbers;
  std::int64_t fitting = 0;
  each_line(text, [&](std::string_view line) {
    if (!blank(line) && count_cells(line, layout.separator) == layout.columns) ++fitting;
  });
  numbers.values = Array<double, 2>({static_cast<std::int64_t>(layout.columns), fitting}, uninitialised);
  numbers.missing.assign(layout.columns, 0);
  numbers.first_unreadable.assign(layout.columns, {});
  const char point = layout.decimal_comma ? ',' : '.';
  std::int64_t line_number = first_line - 1;
  each_line(text, [&](std::string_view line) {
    ++line_number;
    if (blank(line)) return;
    if (count_cells(line, layout.separator) != layout.columns) {
      if (numbers.ragged_lines.size() < listed_lines) numbers.ragged_lines.push_back(line_number);
      ++numbers.ragged;
      return;
    }
    std::size_t at = 0;
    for (std::size_t column = 0; column < layout.columns; ++column) {
      const std::size_t end = std::min(line.find(layout.separator, at), line.size());
      const std::string_view cell = line.substr(at, end - at);
      const auto value = cell_number(cell, point);
      const bool finite = value && std::isfinite(*value);
      if (!finite) {
        ++numbers.missing[column];
        if (numbers.first_unreadable[column].empty()) numbers.first_unreadable[column] = std::string(trim(cell));
      }
      numbers.values.data()[static_cast<std::int64_t>(column) * fitting + numbers.rows] =
          finite ? *value : std::numeric_limits<double>::quiet_NaN();
      at = end + 1;
    }
    ++numbers.rows;
  });
  return numbers;
}

}  // namespace caton
