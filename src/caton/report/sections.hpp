// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/run_folder.hpp"
#include "caton/report/html.hpp"
#include "caton/report/results.hpp"

#include <array>
#include <string>
#include <vector>

/// The sections of a report, in the order in which they stand on the page. Each reads what it needs from the page and
/// writes its part; one that has nothing to show says so or stays away.
namespace caton::report {

/// Widths of drawings [px]: two, three or four stand side by side on a screen and on paper, one on a phone.
inline constexpr double half_width = 412, third_width = 268, quarter_width = 195;

struct Electrode {
  std::string name;
  std::array<double, 3> position_m{};
};

/// A run folder read for its report.
struct Page {
  const RunFolder& run;
  std::vector<Evaluation> evaluations;
  std::vector<std::string> pipelines, plans, classes;
  std::vector<Electrode> electrodes;  ///< those whose position is known
  std::size_t channels = 0;

  /// The evaluation that says most about new data and does not leak: of the first pipeline, the plan that reaches
  /// furthest. Nothing when every plan leaks.
  [[nodiscard]] const Evaluation* believable(const std::string& pipeline) const;
};
[[nodiscard]] Page page_of(const RunFolder& run);

void write_summary(Html& page, const Page& facts);
void write_audit(Html& page, const Page& facts);
void write_oddities(Html& page, const Page& facts);
void write_study(Html& page, const Page& facts);
void write_results(Html& page, const Page& facts);
/// Learning curves and what was chosen inside the training sets, where a run has them.
void write_learning(Html& page, const Page& facts);
/// Pipelines that are points of lines (`series` in the recipe), drawn so.
void write_series(Html& page, const Page& facts);
void write_explanation(Html& page, const Page& facts);
void write_methods(Html& page, const Page& facts);
void write_settings(Html& page, const Page& facts);

/// Drawings side by side (beneath each other where the page is narrow), what they show, and which file holds their
/// numbers.
void write_figure(Html& page, const std::vector<std::string>& drawings, std::string_view caption,
                  std::string_view numbers = {});
/// "cross-subject: people never seen in training; no leak found".
[[nodiscard]] std::string split_text(const Evaluation& evaluation);
/// A named number of study.json; 0 where it is missing.
[[nodiscard]] double study_number(const Page& facts, const char* key);

}  // namespace caton::report
