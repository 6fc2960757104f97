// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/progress.hpp"
#include "caton/study/group_analysis.hpp"
#include "caton/study/group_recipe.hpp"
#include "caton/study/run.hpp"

namespace caton {

/// What a group study comes to, as `connectivity.json` holds it (`evaluate/group_folder.hpp`).
[[nodiscard]] Json group_result_json(const GroupRecipe& recipe, const GroupStudy& study,
                                     const GroupConnectivity& result);

/// Computes a study of groups and leaves its run folder, whole or not at all. A complete run of the same recipe is left
/// as it is; a folder of another recipe is refused.
[[nodiscard]] RunResult run_group_study(const GroupRecipe& recipe, const RunOptions& options, Progress& progress);

}  // namespace caton
