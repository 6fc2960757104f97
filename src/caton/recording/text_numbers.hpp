// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Numbers in rows of separated text, quickly: what Muse, generic CSV, TSV and ARFF files have in common.
namespace caton {

struct TextLayout {
  char separator = ',';
  bool decimal_comma = false;
  std::size_t columns = 0;
};

struct TextNumbers {
  Array<double, 2> values;  ///< columns x rows; NaN where nothing or no number stood
  std::int64_t rows = 0;
  std::vector<std::int64_t> ragged_lines;     ///< numbers (from 1) of left-out lines with another number of columns
  std::int64_t ragged = 0;                    ///< how many; only the first few are listed
  std::vector<std::int64_t> missing;          ///< per column: cells without a number
  std::vector<std::string> first_unreadable;  ///< per column: the first cell that is no number ("n/a")
};

/// Reads the lines of `text`, which starts at line `first_line` of the file. Empty lines are skipped. Quotes around a
/// cell are taken off. The result needs no more than 8 bytes a cell.
[[nodiscard]] TextNumbers read_numbers(std::string_view text, const TextLayout& layout, std::int64_t first_line);

/// The cells of one line, quotes taken off and blanks trimmed.
[[nodiscard]] std::vector<std::string> text_cells(std::string_view line, char separator);

}  // namespace caton
