// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/figures/xy_plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace caton::report {
namespace {

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  /// Never empty, with a little room at both ends.
  [[nodiscard]] Range roomy() const {
    if (!std::isfinite(low)) return {0, 1};
    const double room = high > low ? 0.05 * (high - low) : 0.5;
    return {low - room, high + room};
  }
};

/// Title, legend, grid and labels; gives both axes.
std::pair<Axis, Axis> draw_frame(Svg& svg, const std::string& title, const std::string& x_axis,
                                 const std::string& y_axis, const std::vector<LegendEntry>& legend, Range x, Range y,
                                 const std::vector<std::pair<double, std::string>>& named_ticks = {}) {
  const double width = svg.width(), height = svg.height();
  double top = 6;
  if (!title.empty()) {
    svg.text({2, 15}, fitted(title, width - 4, 13), {.size = 13, .bold = true});
    top = 26;
  }
  top += draw_legend(svg, {4, top - 2}, width - 8, legend) + 2;
  const auto y_ticks = ticks_between(y.low, y.high, 4);
  const auto y_texts = tick_texts(y_ticks);
  double left = 0;
  for (const auto& text : y_texts) left = std::max(left, text_width(text, 11));
  left += 30;
  const Axis across{.low = x.low, .high = x.high, .begin = left, .end = width - 10};
  const Axis up{.low = y.low, .high = y.high, .begin = height - 40, .end = top};
  for (std::size_t i = 0; i < y_ticks.size(); ++i) {
    svg.line({across.begin, up.at(y_ticks[i])}, {across.end, up.at(y_ticks[i])}, {.colour = ink::grid});
    svg.text({across.begin - 6, up.at(y_ticks[i]) + 4}, y_texts[i],
             {.anchor = "end", .size = 11, .colour = ink::faint});
  }
  auto x_ticks = ticks_between(x.low, x.high, 5);
  auto x_texts = tick_texts(x_ticks);
  if (!named_ticks.empty()) {
    x_ticks.clear();
    x_texts.clear();
    for (const auto& [value, text] : named_ticks) {
      x_ticks.push_back(value);
      x_texts.push_back(text);
    }
  }
  for (std::size_t i = 0; i < x_ticks.size(); ++i) {
    svg.line({across.at(x_ticks[i]), up.begin}, {across.at(x_ticks[i]), up.begin + 4});
    svg.text({across.at(x_ticks[i]), up.begin + 16}, x_texts[i],
             {.anchor = "middle", .size = 11, .colour = ink::faint});
  }
  svg.line({across.begin, up.begin}, {across.end, up.begin});
  svg.text({(across.begin + across.end) / 2, height - 5}, x_axis,
           {.anchor = "middle", .size = 11.5, .colour = ink::faint});
  svg.text({12, (up.begin + up.end) / 2}, y_axis,
           {.anchor = "middle", .size = 11.5, .colour = ink::faint, .turned_degrees = -90});
  return {across, up};
}

/// A bar with a dot at each point, the first ones joined.
void draw_with_intervals(Svg& svg, const CurveSeries& series, const Axis& across, const Axis& up) {
  constexpr double cap = 3;
  std::vector<Point> places;
  for (std::size_t i = 0; i < series.points.size(); ++i) {
    const double x = across.at(series.points[i].x) + series.shift_px;
    const auto [low, high] = series.intervals[i];
    places.push_back({x, up.at(series.points[i].y)});
    svg.line({x, up.at(low)}, {x, up.at(high)}, {.colour = series.colour, .width = 1.3});
    for (const double end : {low, high})
      svg.line({x - cap, up.at(end)}, {x + cap, up.at(end)}, {.colour = series.colour, .width = 1.3});
  }
  svg.dots(places, 3.6, series.colour);
  places.resize(std::min(places.size(), series.joined));
  if (places.size() > 1) svg.polyline(places, {.colour = series.colour, .width = 2});
}

/// Names beside their points where there is room; a name that would cover another is left to the table.
void draw_names(Svg& svg, const std::vector<Point>& points, const std::vector<std::string>& names, double right_edge) {
  constexpr double size = 10;
  struct Box {
    double left, top, right, bottom;
    [[nodiscard]] bool meets(const Box& other) const {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
  };
  std::vector<Box> taken;
  for (const auto& [x, y] : points) taken.push_back({x - 2.5, y - 2.5, x + 2.5, y + 2.5});
  for (std::size_t i = 0; i < names.size() && i < points.size(); ++i) {
    const double width = text_width(names[i], size);
    const auto [x, y] = points[i];
    const std::array<Point, 6> places{{{x + 5, y + 3.5},
                                       {x - 5 - width, y + 3.5},
                                       {x - width / 2, y - 6},
                                       {x - width / 2, y + 13},
                                       {x + 4, y - 5},
                                       {x + 4, y + 12}}};
    for (const Point& place : places) {
      const Box box{place.x, place.y - 8, place.x + width, place.y + 1};
      if (box.right > right_edge ||
          std::any_of(taken.begin(), taken.end(), [&](const Box& other) { return box.meets(other); }))
        continue;
      taken.push_back(box);
      svg.text(place, names[i], {.size = size, .colour = ink::faint});
      break;
    }
  }
}

}  // namespace

std::string curve_plot(const CurvePlot& plot) {
  Range x, y;
  for (const auto& series : plot.series) {
    for (const auto& point : series.points) {
      x.take(point.x);
      y.take(point.y);
    }
    for (const auto& [low, high] : series.intervals) {
      y.take(low);
      y.take(high);
    }
  }
  if (!std::isfinite(x.low)) x = {0, 1};
  if (!plot.x_ticks.empty()) x = x.roomy();
  if (plot.level) y.take(*plot.level);
  Svg svg(plot.width, plot.height, plot.title);
  const auto [across, up] =
      draw_frame(svg, plot.title, plot.x_axis, plot.y_axis, plot.legend, x, y.roomy(), plot.x_ticks);
  if (plot.level)
    svg.line({across.begin, up.at(*plot.level)}, {across.end, up.at(*plot.level)},
             {.colour = ink::faint, .dash = "4 3"});
  for (const bool faint : {true, false}) {
    for (const auto& series : plot.series) {
      if (series.faint != faint) continue;
      if (!series.intervals.empty()) {
        draw_with_intervals(svg, series, across, up);
        continue;
      }
      std::vector<Point> places;
      for (const auto& point : series.points) places.push_back({across.at(point.x), up.at(point.y)});
      const auto paler = [](std::uint8_t part) { return static_cast<std::uint8_t>(part + (255 - part) * 0.62); };
      const Colour colour =
          faint ? Colour{paler(series.colour.red), paler(series.colour.green), paler(series.colour.blue)}
                : series.colour;
      svg.polyline(places, {.colour = colour, .width = faint ? 1.0 : 2.2});
    }
  }
  return svg.finished();
}

std::string cloud_plot(const CloudPlot& plot) {
  Range x, y;
  for (const auto& point : plot.points) {
    x.take(point.x);
    y.take(point.y);
  }
  Svg svg(plot.width, plot.height, plot.title);
  const auto [across, up] = draw_frame(svg, plot.title, plot.x_axis, plot.y_axis, plot.legend, x.roomy(), y.roomy());
  std::vector<Point> places;
  std::map<std::string, std::pair<Colour, std::vector<Point>>> of_colour;
  const double radius = plot.points.size() > 600 ? 1.9 : plot.points.size() > 150 ? 2.5 : 3.5;
  for (std::size_t i = 0; i < plot.points.size(); ++i) {
    const Point at{across.at(plot.points[i].x), up.at(plot.points[i].y)};
    of_colour[plot.points[i].colour.hex()].second.push_back(at);
    of_colour[plot.points[i].colour.hex()].first = plot.points[i].colour;
    places.push_back(at);
  }
  for (const auto& [name, group] : of_colour) svg.dots(group.second, radius, group.first);
  draw_names(svg, places, plot.names, plot.width);
  return svg.finished();
}

}  // namespace caton::report
