// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/report/explanation.hpp"
#include "caton/report/figures/xy_plot.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace caton::report {
namespace {

/// A pipeline that is one point of a line: the same method under another condition.
struct Place {
  std::string pipeline, line, axis;
  std::optional<double> at;  ///< none: a condition without a number, which stands behind the others
  std::string name;          ///< of that condition
};

std::vector<Place> places_of(const RunFolder& run) {
  std::vector<Place> places;
  for (const Json& pipeline : run.recipe.at("pipeline").items()) {
    const Json* const series = pipeline.find("series");
    if (series == nullptr || !series->is_object()) continue;
    Place place{pipeline.at("name").text(), series->at("line").text(), series->at("axis").text(), {}, {}};
    const Json& at = series->at("at");
    if (at.is_number())
      place.at = at.number();
    else
      place.name = at.text();
    places.push_back(std::move(place));
  }
  return places;
}

/// Values of the axis, and where conditions without a number stand: one step behind the last, one after another.
struct Positions {
  std::vector<std::pair<double, std::string>> ticks;

  explicit Positions(const std::vector<Place>& places) {
    std::set<double> numbers;
    for (const Place& place : places)
      if (place.at) numbers.insert(*place.at);
    for (const double number : numbers) ticks.emplace_back(number, number_text(number));
    const double last = numbers.empty() ? 0 : *numbers.rbegin();
    const double step = numbers.size() > 1 ? (last - *numbers.begin()) / static_cast<double>(numbers.size() - 1) : 1;
    double next = last;
    for (const Place& place : places) {
      if (place.at || find(place.name) != nullptr) continue;
      ticks.emplace_back(next += step, place.name);
    }
  }
  [[nodiscard]] const double* find(const std::string& name) const {
    for (const auto& [value, text] : ticks)
      if (text == name) return &value;
    return nullptr;
  }
  [[nodiscard]] double of(const Place& place) const { return place.at ? *place.at : *find(place.name); }
};

CurveSeries line_of(const Page& facts, const std::vector<Place>& places, const Positions& positions,
                    const std::string& line, const std::string& plan) {
  CurveSeries series;
  std::vector<Place> of_line;
  std::copy_if(places.begin(), places.end(), std::back_inserter(of_line),
               [&](const Place& place) { return place.line == line; });
  std::stable_sort(of_line.begin(), of_line.end(),
                   [&](const Place& a, const Place& b) { return positions.of(a) < positions.of(b); });
  for (const Place& place : of_line) {
    const Evaluation* const evaluation = find_evaluation(facts.evaluations, place.pipeline, plan);
    if (evaluation == nullptr || !evaluation->accuracy().value) continue;
    const Score score = evaluation->accuracy();
    if (place.at) series.joined = series.points.size() + 1;
    series.points.push_back({positions.of(place), 100 * *score.value});
    series.intervals.emplace_back(100 * score.low.value_or(*score.value), 100 * score.high.value_or(*score.value));
  }
  return series;
}

std::string drawing_of(const Page& facts, const std::vector<Place>& places, const std::string& plan) {
  CurvePlot plot{.title = plan, .x_axis = places.front().axis, .y_axis = "accuracy, %", .width = 560, .height = 330};
  const Positions positions(places);
  plot.x_ticks = positions.ticks;
  std::vector<std::string> lines;
  for (const Place& place : places)
    if (std::find(lines.begin(), lines.end(), place.line) == lines.end()) lines.push_back(place.line);
  for (std::size_t l = 0; l < lines.size(); ++l) {
    CurveSeries series = line_of(facts, places, positions, lines[l], plan);
    if (series.points.empty()) continue;
    series.colour = category(l);
    series.shift_px = 5 * (static_cast<double>(l) - static_cast<double>(lines.size() - 1) / 2);
    plot.series.push_back(std::move(series));
    plot.legend.push_back({lines[l], category(l)});
  }
  for (const Evaluation& evaluation : facts.evaluations)
    if (evaluation.plan == plan && evaluation.chance.value && !plot.level) plot.level = 100 * *evaluation.chance.value;
  return plot.series.empty() ? std::string() : curve_plot(plot);
}

}  // namespace

void write_series(Html& page, const Page& facts) {
  const auto places = places_of(facts.run);
  if (places.empty()) return;
  std::vector<std::string> drawings;
  for (const auto& plan : facts.plans) drawings.push_back(drawing_of(facts, places, plan));
  std::erase(drawings, std::string());
  if (drawings.empty()) return;
  page.heading(3, "The same methods, condition by condition");
  write_figure(
      page, drawings,
      "Accuracy of the pipelines of each line, with 95 % intervals over the independent units; dashed: chance. "
      "Points are set a little apart so that intervals can be seen.",
      "metrics.json");
}

}  // namespace caton::report
