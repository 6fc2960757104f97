// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/comparison_page.hpp"

#include "caton/base/text.hpp"
#include "caton/report/figures/interval_plot.hpp"
#include "caton/report/html.hpp"
#include "caton/report/report.hpp"
#include "caton/report/sections.hpp"
#include "caton/report/style.hpp"

#include <cmath>

namespace caton {
namespace report {
namespace {

std::string stars(double p) {
  if (p < 0.001) return " ***";
  if (p < 0.01) return " **";
  return p < 0.05 ? " *" : "";
}

/// The side that is better, with its one-sided p.
std::string verdict(const PipelineComparison& pair) {
  const bool first = pair.combined_effect >= 0;
  const double p = first ? pair.combined_p : 1 - pair.combined_p;
  const std::string better = first ? pair.first : pair.second;
  if (p >= 0.05) return "no difference shown (p " + fixed_text(p, 3) + ")";
  return better + " is better (p " + (p < 0.001 ? "< 0.001" : fixed_text(p, 3)) + ", one-sided, before correction)";
}

std::string effect_plot(const PipelineComparison& pair) {
  IntervalPlot plot{.title = pair.first + " less " + pair.second,
                    .axis = "standardised paired difference",
                    .lines = {{0, "equal"}},
                    .width = 640};
  for (const DatasetEffect& one : pair.datasets) {
    const double p = one.effect >= 0 ? one.p : 1 - one.p;
    plot.rows.push_back({.label = one.dataset + " (" + std::to_string(one.subjects) + ")",
                         .note = fixed_text(one.effect, 2) + stars(p),
                         .marks = {{.value = one.effect, .low = one.low, .high = one.high}}});
  }
  const double p = pair.combined_effect >= 0 ? pair.combined_p : 1 - pair.combined_p;
  plot.rows.push_back({.label = "all data sets",
                       .note = fixed_text(pair.combined_effect, 2) + stars(p),
                       .marks = {{.value = pair.combined_effect, .low = {}, .high = {}}}});
  std::tie(plot.low, plot.high) = axis_for(plot.rows, {0});
  return interval_plot(plot);
}

void write_pair(Html& page, const PipelineComparison& pair) {
  page.heading(2, pair.first + " or " + pair.second + "?");
  page.paragraph(verdict(pair));
  write_figure(page, {effect_plot(pair)},
               "Mean over standard deviation of the paired differences between people, with its 90 % interval; in "
               "brackets the number of people. Stars: one-sided p below 0.05, 0.01, 0.001 of the better side.");
  HtmlTable table({{"Data set", false, true}, {"People", true}, {pair.first, true}, {pair.second, true}, {"p", true}});
  for (const DatasetEffect& one : pair.datasets)
    table.row({one.dataset, std::to_string(one.subjects), fixed_text(one.first, 3), fixed_text(one.second, 3),
               fixed_text(one.p, 4)});
  table.write(page);
}

}  // namespace
}  // namespace report

std::string comparison_html(const DatasetComparison& comparison) {
  report::Html page;
  page.open("main").heading(1, "Pipelines over data sets");
  page.paragraph(
      "Plan: " + comparison.plan +
      ". Scores are averaged over the sessions of a person; people are the units. Each data set is tested by "
      "sign flips (up to 19 people) or signed ranks, the data sets are joined by Stouffer's method with the "
      "square root of the number of people as weights.");
  if (comparison.leaky)
    page.paragraph(
        "This plan leaks on at least one data set: the differences say which pipeline profits more from the "
        "leak, not which decodes better.",
        "verdict bad");
  if (comparison.pairs.size() > 1)
    page.paragraph("p values are not corrected for the " + std::to_string(comparison.pairs.size()) +
                   " pairs on this page.");
  for (const PipelineComparison& pair : comparison.pairs) report::write_pair(page, pair);
  page.open("footer").paragraph(not_a_medical_device()).close();
  page.close();
  return report::document("pipelines over data sets \xC2\xB7 caton", page.finished());
}

}  // namespace caton
