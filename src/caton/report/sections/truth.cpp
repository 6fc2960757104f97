// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/explain/tables.hpp"
#include "caton/report/explanation.hpp"
#include "caton/report/figures/heat_map.hpp"
#include "caton/report/figures/xy_plot.hpp"

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
  CloudPlot plot{
      .title = title, .x_axis = "simulated source weight", .y_axis = axis, .width = third_width, .height = 240};
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
    page.text("rank correlation with the simulated sources " + decimal(*rho, 2) + " over " +
              table.cell(row, "electrodes") + " electrodes" +
              (p ? " (" + p_value(*p) + ", permuted electrodes)" : std::string()));
    const double shared_p = table.has("shared_p") ? table.number(row, "shared_p").value_or(1) : 1;
    if (table.has("shared_p"))
      page.text("; its " + table.cell(row, "strongest") + " strongest electrodes hold " + table.cell(row, "shared") +
                " of the " + table.cell(row, "strongest") + " that the sources reach most (" + p_value(shared_p) +
                " by chance)");
    const bool ordered = *rho > 0 && p && *p < 0.05, tops = shared_p < 0.05;
    page.text(ordered ? ": it points to the electrodes nearest to the sources."
              : tops  ? ": its peaks lie at the electrodes nearest to the sources; its order elsewhere is noise."
                      : ": it does not find the sources; do not read it as a map of where the effect is.");
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
                   (note != nullptr && note->is_text() ? " " + sentence(note->text()) : std::string()) +
                   split_of(facts, table, pipeline),
               table.file());
}

}  // namespace caton::report
