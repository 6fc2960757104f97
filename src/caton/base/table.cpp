// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/table.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>

namespace caton {
namespace {

constexpr std::int64_t table_bytes = std::int64_t{2} << 30;

std::string cell_text(const std::string& cell, char separator) {
  if (cell.find_first_of(std::string("\"\n\r") + separator) == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::size_t Table::column(std::string_view name, const std::string& where) const {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) {
    throw input_error(where, "the column \"" + std::string(name) + "\" is missing", suggestion(name, header));
  }
  return static_cast<std::size_t>(found - header.begin());
}

bool Table::has(std::string_view name) const noexcept {
  return std::find(header.begin(), header.end(), name) != header.end();
}

Table parse_table(std::string_view text, char separator, const std::string& where) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (!is_utf8(text)) throw input_error(where, "is not UTF-8 text");
  Table table;
  std::vector<std::string> row;
  std::string cell;
  std::size_t line = 1;
  bool quoted = false, any = false;
  const auto end_row = [&] {
    row.push_back(std::move(cell));
    cell.clear();
    if (table.header.empty()) {
      table.header = std::move(row);
    } else if (row.size() != 1 || !row[0].empty()) {
      if (row.size() != table.header.size()) {
        throw input_error(where + ": line " + std::to_string(line),
                          std::to_string(row.size()) + " cells, the header has " + std::to_string(table.header.size()));
      }
      table.rows.push_back(std::move(row));
    }
    row.clear();
    any = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        cell += '"';
        ++i;
      } else if (c == '"')
        quoted = false;
      else
        cell += c;
      if (c == '\n') ++line;
    } else if (c == '"' && cell.empty()) {
      quoted = true;
      any = true;
    } else if (c == separator) {
      row.push_back(std::move(cell));
      cell.clear();
      any = true;
    } else if (c == '\n') {
      if (!cell.empty() && cell.back() == '\r') cell.pop_back();
      end_row();
      ++line;
    } else {
      cell += c;
      any = true;
    }
  }
  if (quoted) throw input_error(where + ": line " + std::to_string(line), "a quote is not closed");
  if (any) end_row();
  return table;
}

Table read_table(const Path& path, char separator) {
  const MappedFile file(path);
  if (file.bytes().size() > static_cast<std::size_t>(table_bytes))
    throw input_error(path.string(), "is larger than 2 GiB");
  return parse_table(text_of(file.bytes()), separator, path.string());
}

std::string table_text(const Table& table, char separator) {
  std::string text;
  const auto line = [&](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i != 0) text += separator;
      text += cell_text(cells[i], separator);
    }
    text += '\n';
  };
  line(table.header);
  for (const auto& row : table.rows) line(row);
  return text;
}

}  // namespace caton
