// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/colour.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/sections.hpp"

#include <map>
#include <string>
#include <vector>

namespace caton::report {

/// A table of the run folder with its file's name, cells by column name.
class NamedTable {
 public:
  NamedTable(const RunFolder& run, const std::string& name);

  [[nodiscard]] bool empty() const noexcept { return table_.rows.empty(); }
  [[nodiscard]] std::size_t rows() const noexcept { return table_.rows.size(); }
  [[nodiscard]] bool has(const std::string& column) const noexcept { return table_.has(column); }
  [[nodiscard]] const std::vector<std::string>& header() const noexcept { return table_.header; }
  /// Refused (kind `input`) naming file and column when the column is missing.
  [[nodiscard]] const std::string& cell(std::size_t row, const std::string& column) const;
  /// Nothing for an empty cell; a text that is no number is refused naming file and line.
  [[nodiscard]] Maybe number(std::size_t row, const std::string& column) const;
  /// Distinct cells of a column in order of appearance.
  [[nodiscard]] std::vector<std::string> distinct(const std::string& column) const;
  [[nodiscard]] const Table& table() const noexcept { return table_; }
  /// "tables/NAME.csv".
  [[nodiscard]] const std::string& file() const noexcept { return file_; }

 private:
  std::string file_, where_;
  Table table_;
  std::map<std::string, std::size_t> columns_;
};

/// Parts of the explanation of one pipeline; each stays away when its table was not made.
void write_attention(Html& page, const Page& facts, const std::string& pipeline);
void write_occlusion(Html& page, const Page& facts, const std::string& pipeline);
void write_truth(Html& page, const Page& facts, const std::string& pipeline);
void write_features(Html& page, const Page& facts, const std::string& pipeline);
void write_curves(Html& page, const Page& facts, const std::string& pipeline);
void write_other_explanations(Html& page, const Page& facts, const std::string& pipeline);
void write_band_power(Html& page, const Page& facts);

/// One value for each electrode whose position is known, as a drawing; "" when there are fewer than two.
[[nodiscard]] std::string electrode_map(const Page& facts, const std::map<std::string, double>& values,
                                        const std::string& title, const ColourScale& scale, const std::string& unit);
/// " Split: …" for the plan that a table names in its first row.
[[nodiscard]] std::string split_of(const Page& facts, const NamedTable& table, const std::string& pipeline);

}  // namespace caton::report
