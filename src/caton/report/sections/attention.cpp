// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/explain/tables.hpp"
#include "caton/report/explanation.hpp"
#include "caton/report/figures/heat_map.hpp"
#include "caton/report/sections/cells.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

/// The attention of each class (head empty) or each head (class empty).
struct Attention {
  std::vector<std::string> from, to;
  std::map<std::pair<std::string, std::string>, Cells> parts;  ///< (class, head)
};

Attention attention_of(const NamedTable& table) {
  Attention attention{.from = table.distinct("from"), .to = table.distinct("to"), .parts = {}};
  for (std::size_t row = 0; row < table.rows(); ++row) {
    auto& part = attention.parts[{table.cell(row, "class"), table.cell(row, "head")}];
    if (part.empty()) part = empty_cells(attention.from.size(), attention.to.size());
    if (const Maybe value = table.number(row, "value"))
      part[place_of(attention.from, table.cell(row, "from"))][place_of(attention.to, table.cell(row, "to"))] = *value;
  }
  return attention;
}

HeatMap attention_map(const Attention& attention, const std::string& title, const Cells& values,
                      const ColourScale& scale, double width) {
  HeatMap map{.title = title,
              .row_names = attention.from,
              .column_names = attention.to,
              .values = values,
              .row_axis = {},
              .column_axis = {},
              .scale = scale,
              .unit = "share of attention",
              .width = width};
  constexpr std::size_t few = 8;  // then the cells have room for their numbers
  for (std::size_t i = 0; i < values.size() && attention.to.size() <= few; ++i) {
    map.texts.emplace_back();
    for (const double value : values[i]) map.texts.back().push_back(std::isfinite(value) ? decimal(value, 2) : "");
  }
  if (width >= half_width) {
    map.row_axis = "electrode that looks";
    map.column_axis = "electrode looked at";
  }
  return map;
}

ColourScale common_scale(const std::vector<const Cells*>& parts, Palette palette) {
  Cells all;
  for (const Cells* const part : parts) all.insert(all.end(), part->begin(), part->end());
  return scale_for(all, palette);
}

void write_small_maps(Html& page, const Attention& attention, const NamedTable& table, bool by_class,
                      const std::string& split) {
  std::vector<const Cells*> parts;
  std::vector<std::string> names, drawings;
  for (const auto& name : table.distinct(by_class ? "class" : "head")) {
    if (name.empty()) continue;
    const auto part = attention.parts.find(by_class ? std::pair{name, std::string()} : std::pair{std::string(), name});
    if (part == attention.parts.end()) continue;
    parts.push_back(&part->second);
    names.push_back(name);
  }
  constexpr std::size_t most = 12;
  if (parts.size() < 2) return;
  const ColourScale scale = common_scale(parts, Palette::sequential);
  const bool narrow = !by_class && parts.size() % 4 == 0 && attention.to.size() <= 20;
  const double width = narrow ? quarter_width : third_width;
  for (std::size_t i = 0; i < parts.size() && i < most; ++i)
    drawings.push_back(
        heat_map(attention_map(attention, by_class ? names[i] : "head " + names[i], *parts[i], scale, width)));
  if (by_class && parts.size() == 2) {
    Cells difference = *parts[1];
    for (std::size_t i = 0; i < difference.size(); ++i) {
      for (std::size_t k = 0; k < difference[i].size(); ++k) difference[i][k] -= (*parts[0])[i][k];
    }
    HeatMap map = attention_map(attention, names[1] + " minus " + names[0], difference,
                                scale_for(difference, Palette::diverging), width);
    map.unit = "difference of shares";
    drawings.push_back(heat_map(map));
  }
  const std::string more =
      parts.size() > most ? " The first " + std::to_string(most) + " of " + std::to_string(parts.size()) + "." : "";
  write_figure(page, drawings,
               (by_class ? "Attention in windows of each class, and its difference; maps of classes on one scale."
                         : "Attention of each head, all classes, on one scale.") +
                   more + split,
               table.file());
}

}  // namespace

void write_attention(Html& page, const Page& facts, const std::string& pipeline) {
  const NamedTable table(facts.run, "attention_" + folder_name(pipeline));
  if (table.empty()) return;
  const Attention attention = attention_of(table);
  const auto mean = attention.parts.find({"", ""});
  if (mean == attention.parts.end()) return;
  const std::string split = split_of(facts, table, pipeline);
  page.heading(4, "Attention between electrodes");
  std::vector<std::string> drawings{heat_map(attention_map(attention, "Mean of heads and classes", mean->second,
                                                           scale_for(mean->second, Palette::sequential),
                                                           attention.to.size() <= 8 ? third_width : half_width))};
  const ElectrodeMap received = attention_received(table.table());
  std::map<std::string, double> values;
  for (std::size_t i = 0; i < received.electrodes.size(); ++i) values[received.electrodes[i]] = received.values[i];
  const std::string map = electrode_map(facts, values, "Attention received",
                                        scale_for({received.values}, Palette::sequential), "mean share");
  if (!map.empty()) drawings.push_back(map);
  const double even = 1.0 / static_cast<double>(std::max<std::size_t>(attention.to.size(), 1));
  write_figure(page, drawings,
               "Each row sums to 1: how an electrode's token spreads its attention. Even attention would be " +
                   three_digits(even) + " everywhere. On the head: mean share that each electrode receives." + split,
               table.file());
  write_small_maps(page, attention, table, true, split);
  write_small_maps(page, attention, table, false, split);
}

}  // namespace caton::report
