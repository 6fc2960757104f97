// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/explanation.hpp"
#include "caton/report/figures/heat_map.hpp"
#include "caton/report/figures/interval_plot.hpp"
#include "caton/report/sections/cells.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

struct OcclusionRows {
  std::vector<IntervalRow> electrodes, bands;
  std::map<std::string, double> by_electrode;
  std::vector<std::string> electrode_names, band_names;
  Cells pairs;
};

OcclusionRows occlusion_of(const NamedTable& table) {
  OcclusionRows rows;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string &electrode = table.cell(row, "electrode"), &band = table.cell(row, "band");
    if (!electrode.empty() && band.empty()) rows.electrode_names.push_back(electrode);
    if (electrode.empty() && !band.empty()) rows.band_names.push_back(band);
  }
  rows.pairs = empty_cells(rows.electrode_names.size(), rows.band_names.size());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string &electrode = table.cell(row, "electrode"), &band = table.cell(row, "band");
    const Maybe drop = table.number(row, "drop_probability");
    if (!drop) continue;
    if (!electrode.empty() && !band.empty()) {
      const std::size_t i = place_of(rows.electrode_names, electrode), k = place_of(rows.band_names, band);
      if (i < rows.pairs.size() && k < rows.band_names.size()) rows.pairs[i][k] = 100 * *drop;
      continue;
    }
    Mark mark{.value = 100 * *drop, .low = {}, .high = {}, .colour = ink::accent};
    const Maybe low = table.number(row, "low"), high = table.number(row, "high");
    if (low && high) {
      mark.low = 100 * *low;
      mark.high = 100 * *high;
    }
    IntervalRow bar{.label = electrode.empty() ? band : electrode, .note = {}, .marks = {mark}};
    if (electrode.empty()) {
      rows.bands.push_back(bar);
    } else {
      rows.electrodes.push_back(bar);
      rows.by_electrode[electrode] = 100 * *drop;
    }
  }
  const auto larger = [](const IntervalRow& a, const IntervalRow& b) { return a.marks[0].value > b.marks[0].value; };
  std::stable_sort(rows.electrodes.begin(), rows.electrodes.end(), larger);
  return rows;
}

std::string bars(const std::string& title, std::vector<IntervalRow> rows) {
  constexpr std::size_t most = 32;
  if (rows.size() > most) rows.resize(most);
  IntervalPlot plot{
      .title = title, .axis = "drop of true-class probability, points", .rows = std::move(rows), .bars = true};
  std::tie(plot.low, plot.high) = axis_for(plot.rows, {0.0});
  return interval_plot(plot);
}

}  // namespace

void write_occlusion(Html& page, const Page& facts, const std::string& pipeline) {
  const NamedTable table(facts.run, "occlusion_" + folder_name(pipeline));
  if (table.empty()) return;
  const OcclusionRows rows = occlusion_of(table);
  page.heading(4, "Occlusion: what the decoder misses when it is hidden");
  std::vector<std::string> drawings;
  if (!rows.electrodes.empty()) drawings.push_back(bars("Each electrode hidden", rows.electrodes));
  std::vector<double> values;
  for (const auto& [name, value] : rows.by_electrode) values.push_back(value);
  const std::string map =
      electrode_map(facts, rows.by_electrode, "Occlusion", scale_for({values}, Palette::diverging), "points");
  if (!map.empty()) drawings.push_back(map);
  if (!rows.bands.empty()) drawings.push_back(bars("Each band hidden", rows.bands));
  const bool has_pairs = std::any_of(rows.pairs.begin(), rows.pairs.end(), [](const std::vector<double>& row) {
    return std::any_of(row.begin(), row.end(), [](double value) { return std::isfinite(value); });
  });
  if (has_pairs) {
    drawings.push_back(heat_map({.title = "Each electrode and band hidden",
                                 .row_names = rows.electrode_names,
                                 .column_names = rows.band_names,
                                 .values = rows.pairs,
                                 .row_axis = {},
                                 .column_axis = {},
                                 .scale = scale_for(rows.pairs, Palette::diverging),
                                 .unit = "drop, points",
                                 .width = half_width,
                                 .tallest_cell = rows.electrode_names.size() > 24 ? 11.0 : 19.0}));
  }
  std::string about =
      "The hidden part is replaced by its mean over training; the drop is of the probability given to the "
      "true class, in points, mean over test windows; lines are 95 % intervals";
  if (table.has("units") && !table.cell(0, "units").empty())
    about +=
        " over " + table.cell(0, "units") + " " + table.cell(0, "unit") + " (" + table.cell(0, "samples") + " windows)";
  if (rows.electrodes.size() > 32)
    about += "; the 32 largest of " + std::to_string(rows.electrodes.size()) + " electrodes";
  write_figure(page, drawings, about + "." + split_of(facts, table, pipeline), table.file());
}

}  // namespace caton::report
