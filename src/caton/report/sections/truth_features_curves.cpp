// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/explain/tables.hpp"
#include "caton/report/explanation.hpp"
#include "caton/report/figures/heat_map.hpp"
#include "caton/report/figures/xy_plot.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

/// Weight of the simulated sources at each electrode; empty when the study is not simulated.
std::map<std::string, double> truth_weights(const Page& facts) {
  std::map<std::string, double> weights;
  const Json* const truth = facts.run.study.find("truth");
  const Json* const electrodes = truth == nullptr || !truth->is_object() ? nullptr : truth->find("electrodes");
  if (electrodes == nullptr || !electrodes->is_object()) return weights;
  for (const auto& [name, weight] : electrodes->members()) {
    if (weight.is_number()) weights[name] = weight.number();
  }
  return weights;
}

std::string truth_scatter(const ElectrodeMap& map, const std::map<std::string, double>& weights,
                          const std::string& title, const std::string& axis, double factor) {
  CloudPlot plot{.title = title, .x_axis = "simulated source weight", .y_axis = axis, .width = 310, .height = 250};
  for (std::size_t i = 0; i < map.electrodes.size(); ++i) {
    const auto weight = weights.find(map.electrodes[i]);
    if (weight == weights.end() || !std::isfinite(map.values[i])) continue;
    plot.points.push_back({weight->second, factor * map.values[i], ink::accent});
    plot.names.push_back(map.electrodes[i]);
  }
  if (plot.names.size() > 24) plot.names.clear();
  return plot.points.size() < 3 ? std::string() : cloud_plot(plot);
}

}  // namespace

void write_truth(Html& page, const Page& facts, const std::string& pipeline) {
  const auto weights = truth_weights(facts);
  const NamedTable table(facts.run, "truth_" + folder_name(pipeline));
  if (weights.empty() || table.empty()) return;
  page.heading(4, "Against the simulated truth");
  page.open("ul");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& map = table.cell(row, "map");
    const Maybe rho = table.number(row, "rho"), p = table.number(row, "p");
    page.open("li").element("b", map).text(": ");
    if (!rho) {
      page.text("no rank correlation is defined (a constant map).").close();
      continue;
    }
    const bool finds = *rho > 0 && p && *p < 0.05;
    page.text("rank correlation with the simulated sources " + fixed_text(*rho, 2) + " over " +
              table.cell(row, "electrodes") + " electrodes" +
              (p ? " (" + p_value(*p) + ", permuted electrodes)" : std::string()) + ": ");
    page.text(finds ? "it points to the electrodes nearest to the sources."
                    : "it does not find the sources; do not read it as a map of where the effect is.");
    page.close();
  }
  page.close();
  std::vector<std::string> drawings;
  const std::string map = electrode_map(
      facts, weights, "Simulated sources",
      [&] {
        std::vector<double> all;
        for (const auto& [name, weight] : weights) all.push_back(weight);
        return scale_for({all}, Palette::sequential);
      }(),
      "weight");
  if (!map.empty()) drawings.push_back(map);
  const NamedTable attention(facts.run, "attention_" + folder_name(pipeline));
  if (!attention.empty())
    drawings.push_back(
        truth_scatter(attention_received(attention.table()), weights, "Attention received", "mean share", 1));
  const NamedTable occlusion(facts.run, "occlusion_" + folder_name(pipeline));
  if (!occlusion.empty())
    drawings.push_back(
        truth_scatter(occlusion_by_electrode(occlusion.table()), weights, "Occlusion", "drop, points", 100));
  std::erase(drawings, std::string());
  const Json* const note = facts.run.study.at("truth").find("note");
  write_figure(page, drawings,
               "Only a simulation knows the truth: how strongly its sources reach each electrode, against what the "
               "explanations say." +
                   (note != nullptr && note->is_text() ? " " + note->text() : std::string()) +
                   split_of(facts, table, pipeline),
               table.file());
}

void write_features(Html& page, const Page& facts, const std::string& pipeline) {
  const NamedTable table(facts.run, "features2d_" + folder_name(pipeline));
  if (table.empty()) return;
  const auto trials = [&] {
    std::vector<std::string> keys;
    for (std::size_t row = 0; row < table.rows(); ++row)
      keys.push_back(table.cell(row, "subject") + "\x1f" + table.cell(row, "session") + "\x1f" +
                     table.cell(row, "trial"));
    return keys;
  }();
  std::map<std::string, std::size_t> trial_number;
  for (const auto& trial : trials) trial_number.emplace(trial, trial_number.size());
  const auto subjects = table.distinct("subject");
  const auto share = [&](const char* column, const char* name) {
    const Maybe value = table.number(0, column);
    return std::string(name) + (value ? " (" + percent(*value) + " of variance)" : std::string());
  };
  CloudPlot by_class{.title = "Coloured by class",
                     .x_axis = share("share_x", "component 1"),
                     .y_axis = share("share_y", "component 2"),
                     .width = 310,
                     .height = 300};
  CloudPlot by_trial = by_class, by_subject = by_class;
  by_trial.title = "Coloured by trial";
  by_subject.title = "Coloured by subject";
  for (std::size_t k = 0; k < facts.classes.size(); ++k) by_class.legend.push_back({facts.classes[k], category(k)});
  constexpr std::size_t most = 4000;
  const std::size_t step = std::max<std::size_t>(1, (table.rows() + most - 1) / most);
  for (std::size_t row = 0; row < table.rows(); row += step) {
    const Maybe x = table.number(row, "x"), y = table.number(row, "y");
    if (!x || !y) continue;
    const auto place = [](const std::vector<std::string>& names, const std::string& name) {
      return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    };
    by_class.points.push_back({*x, *y, category(place(facts.classes, table.cell(row, "class")))});
    by_trial.points.push_back({*x, *y, hue(trial_number.at(trials[row]), trial_number.size())});
    by_subject.points.push_back({*x, *y, hue(place(subjects, table.cell(row, "subject")), subjects.size())});
  }
  page.heading(4, "How the decoder sees the windows");
  std::vector<std::string> drawings{cloud_plot(by_class), cloud_plot(by_trial)};
  if (subjects.size() > 1) drawings.push_back(cloud_plot(by_subject));
  std::string about = "One dot a window, " + std::to_string(by_class.points.size()) + " windows";
  if (table.has("space")) about += ", " + table.cell(0, "space");
  about +=
      ", in the plane of their two strongest principal components. Clumps of one trial or person show what a random "
      "split would let a decoder recognise.";
  write_figure(page, drawings, about + split_of(facts, table, pipeline), table.file());
}

namespace {

/// Lines of one quantity, one thin line a fold, and their mean.
std::string curve_drawing(const NamedTable& table, const std::vector<std::string>& columns, const std::string& x_column,
                          const std::string& title, const std::string& y_axis) {
  CurvePlot plot{.title = title, .x_axis = x_column, .y_axis = y_axis, .width = 380, .height = 240};
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
  bool first = true;
  for (const auto& evaluation : facts.evaluations) {
    if (evaluation.pipeline != pipeline) continue;
    const NamedTable table(facts.run, "curve_" + folder_name(pipeline) + "_" + folder_name(evaluation.plan));
    if (table.empty() || table.header().size() < 3) continue;
    const std::string x_column = table.has("epoch") ? "epoch" : table.header()[2];
    std::vector<std::string> losses, shares;
    for (const auto& column : table.header()) {
      if (contains(column, "loss")) losses.push_back(column);
      if (contains(column, "accuracy") || contains(column, "f1")) shares.push_back(column);
    }
    std::vector<std::string> drawings;
    if (!losses.empty()) drawings.push_back(curve_drawing(table, losses, x_column, evaluation.plan + ": loss", "loss"));
    if (!shares.empty())
      drawings.push_back(curve_drawing(table, shares, x_column, evaluation.plan + ": score", "share"));
    std::erase(drawings, std::string());
    if (drawings.empty()) continue;
    if (first) page.heading(4, "Training");
    first = false;
    write_figure(
        page, drawings,
        "Training curves: one thin line a fold, the thick line their mean. Split: " + split_text(evaluation) + ".",
        table.file());
  }
}

void write_other_explanations(Html& page, const Page& facts, const std::string& pipeline) {
  const std::string beginning = "explain_" + folder_name(pipeline) + "_";
  for (const auto& name : facts.run.tables()) {
    if (name.rfind(beginning, 0) != 0) continue;
    const NamedTable table(facts.run, name);
    // plan, verdict, <axes>, value, unit: electrode x band (or electrode alone), of each class where there is one.
    if (table.empty() || !table.has("electrode") || !table.has("value")) continue;
    const auto& header = table.header();
    std::string columns_axis;
    for (const char* const axis : {"band", "feature", "component"}) {
      if (table.has(axis)) columns_axis = axis;
    }
    const std::size_t axes = header.size() - 4,
                      known = 1 + (columns_axis.empty() ? 0 : 1) + (table.has("class") ? 1 : 0);
    if (axes != known) continue;
    const auto rows = table.distinct("electrode");
    const auto columns = columns_axis.empty() ? std::vector<std::string>{""} : table.distinct(columns_axis);
    const auto groups = table.has("class") ? table.distinct("class") : std::vector<std::string>{""};
    const std::string what = name.substr(beginning.size()), unit = table.has("unit") ? table.cell(0, "unit") : "";
    std::vector<std::string> drawings;
    for (const auto& group : groups) {
      HeatMap map{.title = group.empty() ? what : what + ", " + group,
                  .row_names = rows,
                  .column_names = columns,
                  .unit = unit.empty() ? "value" : unit,
                  .width = 300,
                  .tallest_cell = rows.size() > 24 ? 11.0 : 19.0};
      map.values.assign(rows.size(), std::vector<double>(columns.size(), std::nan("")));
      std::map<std::string, double> sole;
      for (std::size_t row = 0; row < table.rows(); ++row) {
        if (!group.empty() && table.cell(row, "class") != group) continue;
        const auto i =
            static_cast<std::size_t>(std::find(rows.begin(), rows.end(), table.cell(row, "electrode")) - rows.begin());
        const auto k =
            columns_axis.empty()
                ? 0
                : static_cast<std::size_t>(std::find(columns.begin(), columns.end(), table.cell(row, columns_axis)) -
                                           columns.begin());
        const Maybe value = table.number(row, "value");
        if (!value) continue;
        map.values[i][k] = *value;
        sole[rows[i]] = *value;
      }
      map.scale = scale_for(map.values, Palette::diverging);
      const std::string scalp =
          columns.size() == 1 ? electrode_map(facts, sole, map.title, map.scale, map.unit) : std::string();
      drawings.push_back(scalp.empty() ? heat_map(map) : scalp);
    }
    page.heading(4, "What the decoder learned: " + what);
    write_figure(page, drawings,
                 "Values over electrodes" + (columns_axis.empty() ? std::string() : " and " + columns_axis + "s") +
                     ", unit: " + (unit.empty() ? "none" : unit) + "." + split_of(facts, table, pipeline),
                 table.file());
  }
}

}  // namespace caton::report
