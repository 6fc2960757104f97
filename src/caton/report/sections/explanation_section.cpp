// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/report/explanation.hpp"
#include "caton/report/figures/heat_map.hpp"
#include "caton/report/figures/scalp_map.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {

NamedTable::NamedTable(const RunFolder& run, const std::string& name)
    : file_("tables/" + name + ".csv"), where_((run.path / file_).string()), table_(run.table(name)) {
  for (std::size_t i = 0; i < table_.header.size(); ++i) columns_.emplace(table_.header[i], i);
}

const std::string& NamedTable::cell(std::size_t row, const std::string& column) const {
  const auto found = columns_.find(column);
  return table_.rows.at(row)[found == columns_.end() ? table_.column(column, where_) : found->second];
}

Maybe NamedTable::number(std::size_t row, const std::string& column) const {
  const std::string& text = cell(row, column);
  if (text.empty()) return std::nullopt;
  const auto value = parse_number(text);
  if (!value) {
    throw input_error(where_ + ": line " + std::to_string(row + 2),
                      "\"" + printable(text) + "\" in column " + column + " is no number");
  }
  return std::isfinite(*value) ? value : std::nullopt;
}

std::vector<std::string> NamedTable::distinct(const std::string& column) const {
  std::vector<std::string> names;
  for (std::size_t row = 0; row < rows(); ++row) {
    const std::string& name = cell(row, column);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::string electrode_map(const Page& facts, const std::map<std::string, double>& values, const std::string& title,
                          const ColourScale& scale, const std::string& unit) {
  ScalpMap map{.title = title, .scale = scale, .unit = unit, .width = quarter_width};
  for (const auto& [name, position] : facts.electrodes) {
    const auto value = values.find(name);
    if (value == values.end()) continue;
    map.electrodes.push_back(name);
    map.positions_m.push_back(position);
    map.values.push_back(value->second);
  }
  return map.electrodes.size() < 2 ? std::string() : scalp_map(map);
}

std::string split_of(const Page& facts, const NamedTable& table, const std::string& pipeline) {
  if (table.empty() || !table.has("plan")) return {};
  const std::string& plan = table.cell(0, "plan");
  const Evaluation* const evaluation = find_evaluation(facts.evaluations, pipeline, plan);
  if (evaluation != nullptr) return " Split: " + split_text(*evaluation) + ".";
  return plan.empty() ? std::string() : " Split: " + plan + ".";
}

namespace {

/// What the decibels are relative to, where study.json says so.
std::string power_unit(const Page& facts) {
  const Json* const power = facts.run.study.find("band_power");
  const Json* const unit = power == nullptr || !power->is_object() ? nullptr : power->find("unit");
  return unit != nullptr && unit->is_text() ? unit->text() : "dB";
}

}  // namespace

void write_band_power(Html& page, const Page& facts) {
  const NamedTable table(facts.run, "band_power");
  if (table.empty()) return;
  std::map<std::string, std::map<std::string, std::map<std::string, double>>> power;  // class, band, electrode
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (const Maybe value = table.number(row, "power_db"))
      power[table.cell(row, "class")][table.cell(row, "band")][table.cell(row, "electrode")] = *value;
  }
  const auto bands = table.distinct("band");
  const auto scale_of = [](const std::map<std::string, double>& values, Palette palette) {
    std::vector<double> all;
    for (const auto& [name, value] : values) all.push_back(value);
    return scale_for({all}, palette);
  };
  std::vector<std::string> drawings;
  for (const auto& band : bands)
    drawings.push_back(
        electrode_map(facts, power[""][band], band, scale_of(power[""][band], Palette::sequential), "dB"));
  const bool two =
      facts.classes.size() == 2 && power.count(facts.classes[0]) != 0 && power.count(facts.classes[1]) != 0;
  std::map<std::string, std::map<std::string, double>> difference;
  std::vector<std::vector<double>> differences;
  for (const auto& band : two ? bands : std::vector<std::string>{}) {
    for (const auto& [name, value] : power[facts.classes[1]][band]) {
      difference[band][name] = value - power[facts.classes[0]][band][name];
      differences.push_back({difference[band][name]});
    }
  }
  std::erase(drawings, std::string());
  if (drawings.empty()) return;
  page.heading(3, "Band power on the scalp");
  write_figure(page, drawings,
               "Mean band power of all windows, " + power_unit(facts) +
                   " (each map with its own scale). "
                   "Descriptive: all samples, no split.",
               table.file());
  if (!two) return;
  drawings.clear();
  const ColourScale common = scale_for(differences, Palette::diverging);
  for (const auto& band : bands) drawings.push_back(electrode_map(facts, difference[band], band, common, "dB"));
  write_figure(page, drawings,
               "Difference of band power, " + facts.classes[1] + " minus " + facts.classes[0] +
                   ", dB, all maps on one scale. What differs here can be decoded; whether it comes from the brain is "
                   "another question. Descriptive: all samples, no split.",
               table.file());
}

void write_explanation(Html& page, const Page& facts) {
  page.open("section", {}, "explanation").heading(2, "Why the decoders decide as they do");
  page.paragraph(
      "An explanation shows what a decoder uses, not what the brain does. Occlusion hides a part of the input and "
      "measures "
      "how much worse the decoder becomes; attention shows where a network looks. Neither proves a cause.");
  write_band_power(page, facts);
  for (const auto& pipeline : facts.pipelines) {
    Html part;
    write_attention(part, facts, pipeline);
    write_occlusion(part, facts, pipeline);
    write_truth(part, facts, pipeline);
    write_other_explanations(part, facts, pipeline);
    write_features(part, facts, pipeline);
    write_curves(part, facts, pipeline);
    const std::string built = part.finished();
    if (built.empty()) continue;
    page.open("div", "pipeline").heading(3, "Pipeline: " + pipeline).markup(built).close();
  }
  page.close();
}

}  // namespace caton::report
