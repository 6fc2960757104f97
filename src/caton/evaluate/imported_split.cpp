// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/imported_split.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <map>

namespace caton {
namespace {

using Ids = std::vector<std::int64_t>;
using Places = std::map<std::string, std::int64_t>;

std::string row_of(const std::string& file, std::size_t row) { return file + ", row " + std::to_string(row + 1); }

/// A named column; unknown throughout where the table has none.
NameColumn names_of(const Table& table, const std::string& name, const std::string& file) {
  NameColumn column;
  if (!table.has(name)) {
    column.index.assign(table.rows.size(), -1);
    return column;
  }
  const auto at = table.column(name, file);
  std::map<std::string, std::int32_t> known;
  for (const auto& row : table.rows) {
    if (row[at].empty()) {
      column.index.push_back(-1);
      continue;
    }
    const auto [found, added] = known.try_emplace(row[at], static_cast<std::int32_t>(column.names.size()));
    if (added) column.names.push_back(row[at]);
    column.index.push_back(found->second);
  }
  return column;
}

/// Whole numbers; an empty cell or a missing column is 0.
Ids numbers_of(const Table& table, const std::string& name, const std::string& file) {
  Ids numbers(table.rows.size());
  if (!table.has(name)) return numbers;
  const auto at = table.column(name, file);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (trim(table.rows[r][at]).empty()) continue;
    const auto number = parse_integer(table.rows[r][at]);
    if (!number)
      throw input_error(row_of(file, r), name + " \"" + printable(table.rows[r][at]) + "\" is no whole number",
                        "give places in samples of the recording");
    numbers[r] = *number;
  }
  return numbers;
}

Places places_of(const Table& windows, const std::string& file) {
  const auto at = windows.column("sample", file);
  Places places;
  for (std::size_t r = 0; r < windows.rows.size(); ++r) {
    if (!places.try_emplace(windows.rows[r][at], static_cast<std::int64_t>(r)).second)
      throw input_error(row_of(file, r), "sample \"" + printable(windows.rows[r][at]) + "\" stands twice");
  }
  return places;
}

Ids ids_of(const Table& windows, const std::string& file) {
  const auto at = windows.column("sample", file);
  Ids ids;
  for (const auto& row : windows.rows) {
    const auto number = parse_integer(row[at]);
    if (!number) break;
    ids.push_back(*number);
  }
  if (ids.size() == windows.rows.size()) return ids;
  ids.clear();
  for (std::size_t r = 0; r < windows.rows.size(); ++r) ids.push_back(static_cast<std::int64_t>(r));
  return ids;
}

void fill_parents(const Table& windows, const std::string& file, const Places& places, Origins& origins) {
  origins.parents.assign(windows.rows.size(), {-1, -1});
  for (std::size_t p = 0; p < 2; ++p) {
    const std::string name = p == 0 ? "parent1" : "parent2";
    if (!windows.has(name)) continue;
    const auto at = windows.column(name, file);
    for (std::size_t r = 0; r < windows.rows.size(); ++r) {
      const std::string& cell = windows.rows[r][at];
      if (cell.empty() || cell == "-1") continue;
      const auto found = places.find(cell);
      if (found == places.end())
        throw input_error(row_of(file, r), "parent \"" + printable(cell) + "\" is no sample of this table");
      origins.parents[r][p] = origins.id[found->second];
    }
  }
}

Origins origins_of(const Table& windows, const std::string& file, const Places& places) {
  Origins origins{.study = names_of(windows, "study", file),
                  .subject = names_of(windows, "subject", file),
                  .session = names_of(windows, "session", file),
                  .recording = names_of(windows, "recording", file),
                  .trial = names_of(windows, "trial", file),
                  .begin = numbers_of(windows, "begin", file),
                  .end = numbers_of(windows, "end", file),
                  .id = ids_of(windows, file)};
  for (std::size_t r = 0; r < windows.rows.size(); ++r) {
    if (origins.begin[r] < 0 || origins.end[r] < origins.begin[r])
      throw input_error(row_of(file, r), "a window from " + std::to_string(origins.begin[r]) + " to " +
                                             std::to_string(origins.end[r]) + " is out of range");
  }
  fill_parents(windows, file, places, origins);
  return origins;
}

Ids labels_of(const Table& windows, const std::string& file) {
  if (!windows.has("label")) return {};
  const auto column = names_of(windows, "label", file);
  return {column.index.begin(), column.index.end()};
}

}  // namespace

ImportedSplit imported_split(const Table& splits, const std::string& splits_name, const Table& windows,
                             const std::string& windows_name) {
  const Places places = places_of(windows, windows_name);
  ImportedSplit result{.origins = origins_of(windows, windows_name, places),
                       .labels = labels_of(windows, windows_name)};
  const auto sample = splits.column("sample", splits_name), fold = splits.column("fold", splits_name);
  const auto role = splits.column("role", splits_name);
  std::map<std::string, std::size_t> fold_places;
  for (std::size_t r = 0; r < splits.rows.size(); ++r) {
    const auto& row = splits.rows[r];
    const auto found = places.find(row[sample]);
    if (found == places.end())
      throw input_error(row_of(splits_name, r),
                        "sample \"" + printable(row[sample]) + "\" is missing in " + windows_name);
    const auto [place, added] = fold_places.try_emplace(row[fold], result.folds.size());
    if (added)
      result.folds.push_back(
          {.number = parse_integer(row[fold]).value_or(static_cast<std::int64_t>(result.folds.size()))});
    AuditFold& one = result.folds[place->second];
    const std::string side = lower_case(trim(row[role]));
    if (side == "train" || side == "training" || side == "validation")
      one.train.push_back(found->second);
    else if (side == "test")
      one.test.push_back(found->second);
    else if (side != "unused")
      throw input_error(row_of(splits_name, r), "role \"" + printable(row[role]) + "\" is not known",
                        "known: train, validation, test, unused");
  }
  for (const AuditFold& one : result.folds) {
    if (one.train.empty() || one.test.empty())
      throw input_error(splits_name, "fold " + std::to_string(one.number) + " has an empty " +
                                         (one.test.empty() ? "test" : "training") + " set");
  }
  if (result.folds.empty()) throw input_error(splits_name, "there are no folds: the table is empty");
  return result;
}

}  // namespace caton
