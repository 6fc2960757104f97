// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/progress.hpp"
#include "caton/base/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Published or measured figures beside what our recipes give on the same recordings.
namespace caton {

/// One figure of a reference table and where our own comes from. Counts are of samples; an area is the one of the
/// receiver operating characteristic over all predictions together, for the class `positive`.
struct ReferenceLine {
  std::string task, method, split;
  std::string recipe, data;  ///< file beside the table; folder below the data folder
  std::string pipeline, plan;
  std::string subject;  ///< only this one's predictions; empty: all
  std::int64_t correct = 0, total = 0;
  std::optional<double> auc;
  std::string positive;
  double tolerance = 0;  ///< samples, or area
  bool leak = false;     ///< made to show a leak: the audit must say so
};
/// The `[[line]]`s of a table (`recipes/reference/lines.toml`). Refuses unknown keys and lines without a figure.
[[nodiscard]] std::vector<ReferenceLine> read_reference_lines(const Path& file);

struct ReferenceOutcome {
  std::int64_t correct = 0, total = 0;
  std::optional<double> auc;
  bool leaky = false;   ///< what the audit said
  std::string problem;  ///< why there is no figure; empty: there is one
};
/// The figure of a line from the predictions of a run. Refuses (kind `input`) a pipeline, plan or subject that they do
/// not hold.
[[nodiscard]] ReferenceOutcome outcome_of(const ReferenceLine& line, const Table& predictions);
/// Whether figure and audit agree with the line within its tolerance.
[[nodiscard]] bool reached(const ReferenceLine& line, const ReferenceOutcome& outcome);

/// Runs every recipe once into `output`/<recipe> and gives the outcome of each line; a recipe or data folder that fails
/// gives its problem. Runs that are complete already are not computed again.
[[nodiscard]] std::vector<ReferenceOutcome> reference_outcomes(const std::vector<ReferenceLine>& lines,
                                                               const Path& recipes, const Path& data,
                                                               const Path& output, Progress& progress);

}  // namespace caton
