// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// A table as it stands in a CSV or TSV file: every cell a text, every row as wide as the header.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;

  /// Index of a column; refused (kind `input`, near names told) when it is missing.
  [[nodiscard]] std::size_t column(std::string_view name, const std::string& where) const;
  [[nodiscard]] bool has(std::string_view name) const noexcept;
};

/// Reads separated text with a header line; cells may be quoted ("" inside for a quote), lines end in LF or CRLF, a
/// byte order mark is skipped. Refuses ragged rows (naming the line) and text that is not UTF-8.
[[nodiscard]] Table parse_table(std::string_view text, char separator, const std::string& where);
[[nodiscard]] Table read_table(const Path& path, char separator);
/// Lines end in LF; cells are quoted where needed.
[[nodiscard]] std::string table_text(const Table& table, char separator = ',');

}  // namespace caton
