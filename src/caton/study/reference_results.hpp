// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/progress.hpp"
#include "caton/base/table.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/measure/interval.hpp"

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
  std::string subject;               ///< only this one's predictions; empty: all
  std::string trial;                 ///< only of trials whose name holds this text
  std::optional<std::int64_t> fold;  ///< only of this fold
  std::int64_t correct = 0, total = 0;
  std::optional<double> auc;
  std::string positive;
  std::optional<Interval> area_interval;  ///< of the reference's area, where it is known
  double tolerance = 0;                   ///< samples, or area
  bool by_interval = false;               ///< reached when ours lies in the reference's interval (what draws at random)
  bool leak = false;                      ///< made to show a leak: the audit must say so,
  std::string reason;                     ///< by this code among others
  std::string told;                       ///< a code that the audit must name without calling it a leak
  [[nodiscard]] Interval interval() const;  ///< of the reference: Wilson of the counts, or as given of the area
};

/// Something that a run must find by itself.
struct ReferenceFinding {
  std::string about;              ///< for a person
  std::string recipe, data;       ///< as of a line
  std::string code;               ///< of findings.json
  std::vector<std::string> says;  ///< texts that place or sentence hold
};

/// A table of figures and findings.
struct ReferenceTable {
  std::vector<ReferenceLine> lines;
  std::vector<ReferenceFinding> findings;
};

/// The `[[line]]`s and `[[finding]]`s of a table (`recipes/reference/lines.toml`). Refuses unknown keys, lines without
/// a figure and leaks without a reason.
[[nodiscard]] ReferenceTable read_reference_table(const Path& file);

struct ReferenceOutcome {
  std::int64_t correct = 0, total = 0;
  std::optional<double> auc;
  Interval interval;                      ///< Wilson of the counts, DeLong of the area
  bool leaky = false;                     ///< what the audit said
  std::vector<std::string> stops, codes;  ///< codes of what it calls a leak; of all that it found
  std::string problem;                    ///< why there is no figure; empty: there is one
};
/// The figure of a line from the predictions of a run. Refuses (kind `input`) a pipeline, plan or subject that they do
/// not hold.
[[nodiscard]] ReferenceOutcome outcome_of(const ReferenceLine& line, const Table& predictions);
/// Whether figure and audit agree with the line within its tolerance.
[[nodiscard]] bool reached(const ReferenceLine& line, const ReferenceOutcome& outcome);

/// The finding of a run that is meant: "place: sentence"; empty: there is none.
[[nodiscard]] std::string found_in(const ReferenceFinding& wanted, const Json& findings);

struct ReferenceOutcomes {
  std::vector<ReferenceOutcome> lines;
  std::vector<std::string> findings;  ///< what was found, empty: nothing; one for each of the table's
};
/// Runs every recipe once into `output`/<recipe> and gives the outcome of each line; a recipe or data folder that fails
/// gives its problem. Runs that are complete already are not computed again.
[[nodiscard]] ReferenceOutcomes reference_outcomes(const ReferenceTable& table, const Path& recipes, const Path& data,
                                                   const Path& output, Progress& progress);

}  // namespace caton
