// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/table.hpp"
#include "caton/evaluate/audit.hpp"

#include <string>
#include <vector>

namespace caton {

/// A split that another toolkit made, ready for `audit`.
struct ImportedSplit {
  Origins origins;
  std::vector<std::int64_t> labels;  ///< empty where no label is known
  std::vector<AuditFold> folds;
};

/// splits: sample, fold, role (train, validation, test, unused; validation counts as training, as the fit sees it).
/// windows: sample, and as far as known study, subject, session, recording, trial, begin, end (samples of the
/// recording), label, parent1, parent2 (samples it was made from). Sample names that are whole numbers are their ids;
/// otherwise ids are rows of the windows, from 0. Refuses samples that stand twice in windows or in none, unknown
/// roles, folds without training or test, numbers that are none, parents that are no samples.
[[nodiscard]] ImportedSplit imported_split(const Table& splits, const std::string& splits_name, const Table& windows,
                                           const std::string& windows_name);

}  // namespace caton
