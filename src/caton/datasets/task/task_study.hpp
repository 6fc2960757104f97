// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/recipe_key.hpp"
#include "caton/datasets/study.hpp"

#include <vector>

/// Studies in the task form: what every layout that is also handed on in it shares.
namespace caton {

/// What a folder in the task form looks like, for `DatasetEntry::layout`.
[[nodiscard]] std::string task_layout();

/// Keys of `[study]`: which classes and records, and where a trial lies after its event; with the defaults of studies
/// whose events have no duration.
[[nodiscard]] std::vector<RecipeKey> task_keys(double from_s = 0, const Json& trial_s = {});

/// Whether a folder is in the task form.
[[nodiscard]] bool is_task_folder(const Path& folder);

/// Opens any folder in the task form; `options` holds every key of `task_keys`.
[[nodiscard]] Study open_task_study(const Path& folder, const Json& options);

}  // namespace caton
