// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/report/explanation.hpp"
#include "caton/report/figures/xy_plot.hpp"

namespace caton::report {
namespace {

/// Lines of one quantity, one thin line a fold, and their mean.
std::string curve_drawing(const NamedTable& table, const std::vector<std::string>& columns, const std::string& x_column,
                          const std::string& title, const std::string& y_axis) {
  CurvePlot plot{.title = title, .x_axis = x_column, .y_axis = y_axis, .width = third_width, .height = 220};
  for (std::size_t c = 0; c < columns.size(); ++c) {
    std::map<std::string, std::vector<Point>> folds;
    std::map<double, std::pair<double, double>> sums;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const Maybe x = table.number(row, x_column), y = table.number(row, columns[c]);
      if (!x || !y) continue;
      folds[table.cell(row, "fold")].push_back({*x, *y});
      sums[*x].first += *y;
      sums[*x].second += 1;
    }
    if (sums.empty()) continue;
    constexpr std::size_t most_folds = 20;
    std::size_t drawn = 0;
    for (const auto& [fold, points] : folds) {
      if (folds.size() > 1 && drawn++ < most_folds) plot.series.push_back({points, category(c), true});
    }
    std::vector<Point> mean;
    for (const auto& [x, sum] : sums) mean.push_back({x, sum.first / sum.second});
    plot.series.push_back({mean, category(c), false});
    plot.legend.push_back({columns[c], category(c)});
  }
  return plot.series.empty() ? std::string() : curve_plot(plot);
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

void write_curves(Html& page, const Page& facts, const std::string& pipeline) {
  std::vector<std::string> losses, scores, splits, files;
  for (const auto& evaluation : facts.evaluations) {
    if (evaluation.pipeline != pipeline) continue;
    const NamedTable table(facts.run, "curve_" + folder_name(pipeline) + "_" + folder_name(evaluation.plan));
    if (table.empty() || table.header().size() < 3) continue;
    const std::string x_column = table.has("epoch") ? "epoch" : table.header()[2];
    std::vector<std::string> loss_columns, score_columns;
    for (const auto& column : table.header()) {
      if (contains(column, "loss")) loss_columns.push_back(column);
      if (contains(column, "accuracy") || contains(column, "f1")) score_columns.push_back(column);
    }
    const std::string title = evaluation.plan + (evaluation.leaky ? " (leaks)" : "");
    losses.push_back(curve_drawing(table, loss_columns, x_column, title, "loss"));
    scores.push_back(curve_drawing(table, score_columns, x_column, title, "share of 1"));
    splits.push_back(split_text(evaluation));
    files.push_back(table.file());
  }
  losses.insert(losses.end(), scores.begin(), scores.end());
  std::erase(losses, std::string());
  if (losses.empty()) return;
  page.heading(4, "Training");
  write_figure(page, losses,
               "Training curves: one thin line a fold (the first 20), the thick line the mean of all. Splits: " +
                   join(splits, ". ") + ".",
               join(files, ", "));
}

}  // namespace caton::report
