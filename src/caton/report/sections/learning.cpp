// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/report/explanation.hpp"
#include "caton/report/figures/xy_plot.hpp"

namespace caton::report {
namespace {

bool belongs(const NamedTable& table, std::size_t row, const Evaluation& evaluation) {
  return table.cell(row, "pipeline") == evaluation.pipeline && table.cell(row, "plan") == evaluation.plan;
}

/// Lines of all pipelines under one plan; thin lines bound the 95 % interval.
std::string curves_of_plan(const NamedTable& table, const Page& facts, const std::string& plan) {
  CurvePlot plot{
      .title = plan, .x_axis = "training samples (mean of folds)", .y_axis = "accuracy, %", .width = half_width};
  std::size_t drawn = 0;
  for (const auto& evaluation : facts.evaluations) {
    if (evaluation.plan != plan) continue;
    std::vector<Point> mean, low, high;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (!belongs(table, row, evaluation)) continue;
      const Maybe x = table.number(row, "samples"), y = table.number(row, "accuracy");
      if (!x || !y) continue;
      mean.push_back({*x, 100 * *y});
      if (const Maybe bound = table.number(row, "low")) low.push_back({*x, 100 * *bound});
      if (const Maybe bound = table.number(row, "high")) high.push_back({*x, 100 * *bound});
    }
    if (mean.empty()) continue;
    const Colour colour = category(drawn++);
    plot.series.push_back({low, colour, true});
    plot.series.push_back({high, colour, true});
    plot.series.push_back({mean, colour, false});
    plot.legend.push_back({evaluation.pipeline + (evaluation.leaky ? " (leaks)" : ""), colour});
  }
  std::erase_if(plot.series, [](const CurveSeries& series) { return series.points.empty(); });
  return plot.series.empty() ? std::string() : curve_plot(plot);
}

void write_curves_by_size(Html& page, const Page& facts) {
  const NamedTable table(facts.run, "learning_curve");
  if (table.empty()) return;
  std::vector<std::string> drawings;
  for (const auto& plan : facts.plans) drawings.push_back(curves_of_plan(table, facts, plan));
  std::erase(drawings, std::string());
  if (drawings.empty()) return;
  page.heading(3, "More data");
  write_figure(page, drawings,
               "Learning curves: accuracy on the same test sets after learning from nested parts of the training sets; "
               "thin lines bound the 95 % interval. A line that still rises says that more data would help.",
               table.file());
}

void write_choices(Html& page, const Page& facts) {
  const NamedTable table(facts.run, "choices");
  if (table.empty()) return;
  page.heading(3, "Chosen inside the training sets");
  page.paragraph(
      "Each fold chose these values on inner folds of its own training set; the test set was not looked at. An inner "
      "score far above that of the test set means that the search has found what does not last.");
  HtmlTable rows({{"Pipeline"},
                  {"Plan", false, true},
                  {"Fold", true},
                  {"Chosen"},
                  {"Inner score", true},
                  {"Test accuracy", true}});
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto number = [&](const char* column) {
      const Maybe value = table.number(row, column);
      return value ? decimal(*value, 3) : std::string("\xE2\x80\x93");
    };
    rows.row(
        {table.cell(row, "pipeline"), table.cell(row, "plan"), fixed_text(table.number(row, "fold").value_or(0) + 1, 0),
         table.cell(row, "chosen"), number("inner_score"), number("test_accuracy")},
        "");
  }
  rows.write(page, "Values chosen in each fold, the mean score on inner folds and the accuracy on the test set");
}

}  // namespace

void write_learning(Html& page, const Page& facts) {
  write_curves_by_size(page, facts);
  write_choices(page, facts);
}

}  // namespace caton::report
