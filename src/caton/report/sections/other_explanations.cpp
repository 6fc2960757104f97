// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/report/explanation.hpp"
#include "caton/report/figures/heat_map.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

/// Which columns of a table are its axes: electrodes, perhaps classes, perhaps one more.
struct Axes {
  std::string column;  ///< "band", "feature", "component"; empty: electrodes alone
  bool has_class = false;
  bool drawable = false;
};

Axes axes_of(const NamedTable& table) {
  Axes axes{.column = {}, .has_class = table.has("class"), .drawable = false};
  for (const char* const name : {"band", "feature", "component"}) {
    if (table.has(name)) axes.column = name;
  }
  const std::size_t known = 5 + (axes.column.empty() ? 0 : 1) + (axes.has_class ? 1 : 0);  // plan, verdict, value, unit
  axes.drawable = !table.empty() && table.has("electrode") && table.has("value") && table.header().size() == known;
  return axes;
}

std::string drawing_of(const Page& facts, const NamedTable& table, const Axes& axes, const std::string& group,
                       const std::string& title) {
  const std::string unit = table.cell(0, "unit");
  const auto rows = table.distinct("electrode");
  const auto columns = axes.column.empty() ? std::vector<std::string>{""} : table.distinct(axes.column);
  HeatMap map{.title = title,
              .row_names = rows,
              .column_names = columns,
              .unit = unit.empty() || unit == "1" ? "value, no unit" : unit,
              .width = half_width,
              .tallest_cell = rows.size() > 24 ? 11.0 : 19.0};
  map.values.assign(rows.size(), std::vector<double>(columns.size(), std::nan("")));
  std::map<std::string, double> by_electrode;
  const auto place = [](const std::vector<std::string>& names, const std::string& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (!group.empty() && table.cell(row, "class") != group) continue;
    const Maybe value = table.number(row, "value");
    if (!value) continue;
    const std::string& electrode = table.cell(row, "electrode");
    map.values[place(rows, electrode)][axes.column.empty() ? 0 : place(columns, table.cell(row, axes.column))] = *value;
    by_electrode[electrode] = *value;
  }
  map.scale = scale_for(map.values, Palette::diverging);
  const std::string scalp =
      axes.column.empty() ? electrode_map(facts, by_electrode, title, map.scale, map.unit) : std::string();
  return scalp.empty() ? heat_map(map) : scalp;
}

}  // namespace

void write_other_explanations(Html& page, const Page& facts, const std::string& pipeline) {
  const std::string beginning = "explain_" + folder_name(pipeline) + "_";
  std::vector<std::string> drawings, files;
  std::string split;
  for (const auto& name : facts.run.tables()) {
    if (name.rfind(beginning, 0) != 0) continue;
    const NamedTable table(facts.run, name);
    const Axes axes = axes_of(table);
    if (!axes.drawable) continue;
    const std::string what = name.substr(beginning.size());
    for (const auto& group : axes.has_class ? table.distinct("class") : std::vector<std::string>{""})
      drawings.push_back(drawing_of(facts, table, axes, group, group.empty() ? what : what + ", " + group));
    files.push_back(table.file());
    split = split_of(facts, table, pipeline);
  }
  if (drawings.empty()) return;
  page.heading(4, "What the decoder learned");
  write_figure(
      page, drawings,
      "Weights are what the decoder multiplies with and cannot be read as sources; patterns show how its answer "
      "appears at the electrodes (Haufe et al. 2014)." +
          split,
      join(files, ", "));
}

}  // namespace caton::report
