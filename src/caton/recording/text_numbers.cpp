// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/text_numbers.hpp"

#include "caton/base/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace caton {
namespace {

constexpr std::size_t listed_lines = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::array<double, 23> powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/// Eight characters as one word, the first in the lowest byte.
std::uint64_t eight_characters(const char* at) {
  std::array<char, 8> bytes;
  std::copy_n(at, 8, bytes.begin());
  return std::bit_cast<std::uint64_t>(bytes);
}

/// The lowest `count` bytes, fewer than eight.
std::uint64_t lowest_bytes(unsigned count) { return (std::uint64_t{1} << (8 * count)) - 1; }

/// Characters less '0', and which of them are no digits (the high bit of their byte).
struct EightDigits {
  std::uint64_t values, others;

  explicit EightDigits(const char* at) : values(eight_characters(at) ^ 0x3030303030303030) {
    others = (((values & 0x7F7F7F7F7F7F7F7F) + 0x7676767676767676) | values) & 0x8080808080808080;
  }
};

unsigned first_byte(std::uint64_t flags) { return static_cast<unsigned>(std::countr_zero(flags)) / 8; }

/// The number of eight digits, the first in the lowest byte: pairs, then fours, then all.
std::uint64_t joined(std::uint64_t values) {
  values = values * 10 + (values >> 8);
  return (((values & 0x000000FF000000FF) * 0x000F424000000064) +
          (((values >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >>
         32;
}

struct Digits {
  std::uint64_t value = 0;
  std::ptrdiff_t count = 0, decimals = 0;
};

/// Digits with at most one point inside eight characters that also show what ends them: the usual cell, without a
/// branch for each digit.
bool short_digits(const char*& at, const char* end, char point, Digits& digits) {
  if (end - at < 8 || std::endian::native != std::endian::little) return false;
  const EightDigits eight(at);
  if (eight.others == 0) return false;
  const unsigned whole = first_byte(eight.others);
  if (at[whole] != point) {
    if (whole == 0) return false;
    digits = {joined(eight.values << (64 - 8 * whole)), whole, 0};
    at += whole;
    return true;
  }
  const std::uint64_t behind = eight.others & (eight.others - 1);
  if (behind == 0) return false;
  const unsigned length = first_byte(behind);
  if (length < 2) return false;
  const std::uint64_t before_point = eight.values & lowest_bytes(whole);
  const std::uint64_t behind_point = eight.values & ~lowest_bytes(whole) & ~(std::uint64_t{0xFF} << (8 * whole));
  digits = {joined((before_point << 8 | behind_point) << (64 - 8 * length)), length - 1, length - 1 - whole};
  at += length;
  return true;
}

void run_of_digits(const char*& at, const char* end, std::uint64_t& value) {
  while (at != end && is_digit(*at)) value = value * 10 + static_cast<std::uint64_t>(*at++ - '0');
}

Digits any_digits(const char*& at, const char* end, char point) {
  Digits digits;
  const char* const first = at;
  run_of_digits(at, end, digits.value);
  digits.count = at - first;
  if (at == end || *at != point) return digits;
  const char* const behind = ++at;
  run_of_digits(at, end, digits.value);
  digits.decimals = at - behind;
  digits.count += digits.decimals;
  return digits;
}

/// Reads a plain decimal number from `at` on and moves behind it; nothing moves where there is none. Exact for what
/// fits into 53 bits and 10^22 (then one rounding); everything else is left to parse_number. What follows `end` up to
/// `readable` begins with a character that is neither digit nor point.
bool quick_number(const char*& at, const char* end, const char* readable, char point, double& value) {
  const char* p = at;
  const bool negative = p != end && *p == '-';
  if (p != end && (*p == '-' || *p == '+')) ++p;
  Digits digits;
  if (!short_digits(p, readable, point, digits)) digits = any_digits(p, end, point);
  // 16 digits fit into 53 bits or are caught here; the sum of more may have wrapped around.
  if (digits.count == 0 || digits.count > 16 || digits.value > (std::uint64_t{1} << 53)) return false;
  const double size = static_cast<double>(digits.value) / powers[static_cast<std::size_t>(digits.decimals)];
  value = negative ? -size : size;
  at = p;
  return true;
}

std::optional<double> whole_number(std::string_view cell, char point) {
  const char* at = cell.data();
  double value = 0;
  const char* const end = cell.data() + cell.size();
  if (!quick_number(at, end, end, point, value) || at != end) return std::nullopt;
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
std::size_t read_line(std::string_view line, const char* readable, const TextLayout& layout, const View<double, 1>& row,
                      Unreadable&& unreadable) {
  const auto room = static_cast<std::size_t>(row.extent(0));
  const char point = layout.decimal_comma ? ',' : '.';
  const char* at = line.data();
  const char* const end = at + line.size();
  for (std::size_t column = 0;; ++column) {
    const char* const begin = at;
    double value = 0;
    if (!quick_number(at, end, readable, point, value) || (at != end && *at != layout.separator)) {
      at = std::find(begin, end, layout.separator);
      const std::string_view cell(begin, static_cast<std::size_t>(at - begin));
      const auto slow = cell_number(cell, point);
      value = slow && std::isfinite(*slow) ? *slow : std::numeric_limits<double>::quiet_NaN();
      if (std::isnan(value)) unreadable(column, cell);
    }
    if (column < room) row[static_cast<std::int64_t>(column)] = value;
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
  std::vector<std::pair<std::size_t, std::string_view>> unreadable;
  std::int64_t line_number = first_line - 1;
  each_line(text, [&](std::string_view line) {
    ++line_number;
    if (blank(line)) return;
    unreadable.clear();
    // A line that is left out is written over by the next.
    const View<double, 1> row = values.view().transposed()[numbers.rows];
    const std::size_t cells =
        read_line(line, text.data() + text.size(), layout, row, [&](std::size_t column, std::string_view cell) {
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
    ++numbers.rows;
  });
  numbers.values = numbers.rows == lines
                       ? std::move(values)
                       : Array<double, 2>(View<const double, 2>(values.view()).slice(1, 0, numbers.rows));
  return numbers;
}

}  // namespace caton
