// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/text_numbers.hpp"

#include "caton/base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace caton {
namespace {

constexpr std::size_t listed_lines = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::array<double, 23> powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/// Reads a plain decimal number from `at` on and moves behind it; nothing moves where there is none. Exact for what
/// fits into 53 bits and 10^22 (then one rounding); everything else is left to parse_number.
bool quick_number(const char*& at, const char* end, char point, double& value) {
  const char* p = at;
  const bool negative = p != end && *p == '-';
  if (p != end && (*p == '-' || *p == '+')) ++p;
  std::uint64_t digits = 0;
  const char* const first = p;
  while (p != end && is_digit(*p)) digits = digits * 10 + static_cast<std::uint64_t>(*p++ - '0');
  std::ptrdiff_t count = p - first, decimals = 0;
  if (p != end && *p == point) {
    const char* const behind = ++p;
    while (p != end && is_digit(*p)) digits = digits * 10 + static_cast<std::uint64_t>(*p++ - '0');
    decimals = p - behind;
    count += decimals;
  }
  // 16 digits fit into 53 bits or are caught here; the sum of more may have wrapped around.
  if (count == 0 || count > 16 || digits > (std::uint64_t{1} << 53)) return false;
  const double size = static_cast<double>(digits) / powers[static_cast<std::size_t>(decimals)];
  value = negative ? -size : size;
  at = p;
  return true;
}

std::optional<double> whole_number(std::string_view cell, char point) {
  const char* at = cell.data();
  double value = 0;
  if (!quick_number(at, cell.data() + cell.size(), point, value) || at != cell.data() + cell.size())
    return std::nullopt;
  return value;
}

std::string_view without_quotes(std::string_view cell) {
  cell = trim(cell);
  if (cell.size() >= 2 && (cell.front() == '"' || cell.front() == '\'') && cell.back() == cell.front())
    cell = trim(cell.substr(1, cell.size() - 2));
  return cell;
}

std::optional<double> cell_number(std::string_view raw, char point) {
  const std::string_view cell = without_quotes(raw);
  if (const auto quick = whole_number(cell, point)) return quick;
  if (point == '.') return parse_number(cell);
  std::string changed(cell);
  std::replace(changed.begin(), changed.end(), point, '.');
  return parse_number(changed);
}

bool blank(std::string_view line) {
  return line.empty() || (!is_digit(line.front()) && line.front() != '-' && trim(line).empty());
}

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

/// The cells of one line as numbers, NaN where there is none; `unreadable(column, cell)` is told of those. Gives the
/// number of cells, which may be more than `row` has room for.
template <class Unreadable>
std::size_t read_line(std::string_view line, const TextLayout& layout, std::vector<double>& row,
                      Unreadable&& unreadable) {
  const char point = layout.decimal_comma ? ',' : '.';
  const char* at = line.data();
  const char* const end = at + line.size();
  for (std::size_t column = 0;; ++column) {
    const char* const begin = at;
    double value = 0;
    if (!quick_number(at, end, point, value) || (at != end && *at != layout.separator)) {
      at = std::find(begin, end, layout.separator);
      const std::string_view cell(begin, static_cast<std::size_t>(at - begin));
      const auto slow = cell_number(cell, point);
      value = slow && std::isfinite(*slow) ? *slow : std::numeric_limits<double>::quiet_NaN();
      if (std::isnan(value)) unreadable(column, cell);
    }
    if (column < row.size()) row[column] = value;
    if (at == end) return column + 1;
    ++at;
  }
}

}  // namespace

std::vector<std::string> text_cells(std::string_view line, char separator) {
  std::vector<std::string> cells;
  for (const std::string& cell : split(line, separator)) cells.emplace_back(without_quotes(cell));
  return cells;
}

TextNumbers read_numbers(std::string_view text, const TextLayout& layout, std::int64_t first_line) {
  TextNumbers numbers;
  std::int64_t lines = 0;
  each_line(text, [&](std::string_view) { ++lines; });
  const auto columns = static_cast<std::int64_t>(layout.columns);
  Array<double, 2> values({columns, lines}, uninitialised);
  numbers.missing.assign(layout.columns, 0);
  numbers.first_unreadable.assign(layout.columns, {});
  std::vector<double> row(layout.columns);
  std::vector<std::pair<std::size_t, std::string_view>> unreadable;
  std::int64_t line_number = first_line - 1;
  each_line(text, [&](std::string_view line) {
    ++line_number;
    if (blank(line)) return;
    unreadable.clear();
    const std::size_t cells = read_line(line, layout, row, [&](std::size_t column, std::string_view cell) {
      if (column < layout.columns) unreadable.emplace_back(column, cell);
    });
    if (cells != layout.columns) {
      if (numbers.ragged_lines.size() < listed_lines) numbers.ragged_lines.push_back(line_number);
      ++numbers.ragged;
      return;
    }
    for (const auto& [column, cell] : unreadable) {
      ++numbers.missing[column];
      if (numbers.first_unreadable[column].empty()) numbers.first_unreadable[column] = std::string(trim(cell));
    }
    for (std::int64_t column = 0; column < columns; ++column) {
      values.data()[column * lines + numbers.rows] = row[static_cast<std::size_t>(column)];
    }
    ++numbers.rows;
  });
  numbers.values = numbers.rows == lines
                       ? std::move(values)
                       : Array<double, 2>(View<const double, 2>(values.view()).slice(1, 0, numbers.rows));
  return numbers;
}

}  // namespace caton
