// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/evaluate/runner.hpp"
#include "caton/study/measured_study.hpp"
#include "caton/study/recipe.hpp"

namespace caton {

/// study.json of a run folder (`evaluate/run_folder.hpp`): who was recorded, what was left out, how it was done.
[[nodiscard]] Json study_json(const Recipe& recipe, const Study& study, const MeasuredStudy& measured,
                              const RunSpec& spec);

/// One paragraph for a paper, written from what was really done.
[[nodiscard]] std::string methods_paragraph(const Recipe& recipe, const Study& study, const MeasuredStudy& measured,
                                            const RunSpec& spec);

}  // namespace caton
