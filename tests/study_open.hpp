// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/datasets/study.hpp"
#include "golden_test.hpp"

#include <algorithm>
#include <string>

namespace caton::testing {

/// Opens a study by the name of its layout, keys not given at their defaults.
inline Study open_study(const std::string& layout, const Path& folder, Json given = Json::object()) {
  const DatasetEntry* const entry = Registry<DatasetEntry>::instance().find(layout);
  REQUIRE(entry != nullptr);
  return entry->open(folder, complete_options(layout, entry->keys, {}, given));
}

inline std::string study_problem(const std::string& layout, const Path& folder, Json given = Json::object()) {
  return error_of([&] { static_cast<void>(open_study(layout, folder, given)); }).what();
}

inline bool has_code(const Findings& findings, const std::string& code) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.code == code; });
}

inline Json text_list(const std::vector<std::string>& texts) { return Json::list_of(texts); }

}  // namespace caton::testing
