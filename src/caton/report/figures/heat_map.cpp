// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/figures/heat_map.hpp"

#include "caton/base/text.hpp"
#include "caton/report/numbers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace caton::report {
namespace {

constexpr int shades = 48;

void draw_texts(Svg& svg, const HeatMap& map, Point corner, double cell_width, double cell_height) {
  for (std::size_t i = 0; i < map.texts.size(); ++i) {
    for (std::size_t k = 0; k < map.texts[i].size(); ++k) {
      const auto lines = split(map.texts[i][k], '\n');
      const double x = corner.x + (static_cast<double>(k) + 0.5) * cell_width;
      const double y = corner.y + (static_cast<double>(i) + 0.5) * cell_height;
      const double value = map.values[i][k];
      const Colour colour = std::isfinite(value) ? map.scale.of(value).ink() : ink::text;
      for (std::size_t n = 0; n < lines.size(); ++n) {
        const double shift = (static_cast<double>(n) - (static_cast<double>(lines.size()) - 1) / 2) * 15 + 4;
        svg.text({x, y + shift}, lines[n],
                 {.anchor = "middle", .size = n == 0 ? 13.0 : 11.0, .colour = colour, .kept = std::isfinite(value)});
      }
    }
  }
}

/// Every how many-th name is written where the cells are lower than the letters.
std::size_t shown_step(double cell, double size) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(size / cell)));
}

/// A name in at most two lines, broken at the space that makes the longer line shortest.
std::vector<std::string> two_lines(const std::string& name, double size) {
  std::vector<std::string> best{name};
  double narrowest = text_width(name, size);
  for (std::size_t i = name.find(' '); i != std::string::npos; i = name.find(' ', i + 1)) {
    const std::string first = name.substr(0, i), second = name.substr(i + 1);
    const double width = std::max(text_width(first, size), text_width(second, size));
    if (width >= narrowest) continue;
    narrowest = width;
    best = {first, second};
  }
  return best;
}

/// How the names beneath the columns stand: along the row (in one or two lines) or turned.
struct ColumnNames {
  std::vector<std::vector<std::string>> lines;
  bool turned = false;
  double height = 16;
};

ColumnNames column_names(const std::vector<std::string>& names, double cell_width, double size) {
  ColumnNames result;
  double widest = 0, broken = 0;
  for (const auto& name : names) {
    widest = std::max(widest, text_width(name, size));
    result.lines.push_back(two_lines(name, size));
    for (const auto& line : result.lines.back()) broken = std::max(broken, text_width(line, size));
  }
  if (widest <= cell_width - 3) {
    for (std::size_t i = 0; i < names.size(); ++i) result.lines[i] = {names[i]};
  } else if (broken <= cell_width - 3) {
    result.height = 30;
  } else {
    result.turned = true;
    result.height = std::min(widest, 110.0) + 8;
  }
  return result;
}

void draw_column_names(Svg& svg, const ColumnNames& columns, const std::vector<std::string>& names, Point corner,
                       double cell_width, double size) {
  const std::size_t step = columns.turned ? shown_step(cell_width, size) : 1;
  for (std::size_t k = 0; k < names.size(); k += step) {
    const double x = corner.x + (static_cast<double>(k) + 0.5) * cell_width;
    if (columns.turned) {
      svg.text({x + size * 0.36, corner.y + 5}, fitted(names[k], 110, size),
               {.anchor = "end", .size = size, .turned_degrees = -90});
      continue;
    }
    for (std::size_t n = 0; n < columns.lines[k].size(); ++n)
      svg.text({x, corner.y + 13 + 13 * static_cast<double>(n)}, columns.lines[k][n],
               {.anchor = "middle", .size = size});
  }
}

}  // namespace

/// Runs of equal colour along each row, one path for each colour: small even for 64 x 64 cells.
void draw_cells(Svg& svg, const std::vector<std::vector<double>>& values, const ColourScale& scale, Point corner,
                double cell_width, double cell_height) {
  std::map<int, std::string> paths;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& row = values[i];
    const auto shade = [&](std::size_t k) {
      return std::isfinite(row[k])
                 ? static_cast<int>(std::lround(std::clamp(scale.share(row[k]), 0.0, 1.0) * (shades - 1)))
                 : -1;
    };
    for (std::size_t k = 0; k < row.size();) {
      std::size_t end = k + 1;
      while (end < row.size() && shade(end) == shade(k)) ++end;
      if (shade(k) >= 0) {
        paths[shade(k)] += "M" + std::to_string(k) + " " + std::to_string(i) + "h" + std::to_string(end - k);
      }
      k = end;
    }
  }
  for (const auto& [shade, commands] : paths)
    svg.cells(corner, cell_width, cell_height, commands,
              colour_of(scale.palette, static_cast<double>(shade) / (shades - 1)));
}

void draw_colour_bar(Svg& svg, Point at, double width, const ColourScale& scale, const std::string& unit) {
  constexpr int steps = 32;
  constexpr double height = 8;
  for (int i = 0; i < steps; ++i) {  // each reaches to the end, so that no seam shows between two
    const double left = width * i / steps;
    svg.rectangle({at.x + left, at.y}, width - left, height, colour_of(scale.palette, (i + 0.5) / steps));
  }
  svg.frame(at, width, height, {.colour = ink::axis, .width = 0.6});
  const double below = at.y + height + 12;
  const std::string low = three_digits(scale.low), high = three_digits(scale.high);
  svg.text({at.x, below}, low, {.size = 10.5, .colour = ink::faint});
  svg.text({at.x + width, below}, high, {.anchor = "end", .size = 10.5, .colour = ink::faint});
  const double room = width - text_width(low, 10.5) - text_width(high, 10.5) - 16;
  if (text_width(unit, 10.5) <= room)
    svg.text({at.x + width / 2, below}, unit, {.anchor = "middle", .size = 10.5, .colour = ink::faint});
  else
    svg.text({at.x + width / 2, below + 13}, fitted(unit, width + 20, 10.5),
             {.anchor = "middle", .size = 10.5, .colour = ink::faint});
}

ColourScale scale_for(const std::vector<std::vector<double>>& values, Palette palette) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto& row : values) {
    for (const double value : row) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  if (!std::isfinite(low)) return {palette, 0, 1};
  if (palette == Palette::diverging) {
    const double reach = std::max({std::fabs(low), std::fabs(high), 1e-12});
    return {palette, -reach, reach};
  }
  return {palette, low, high > low ? high : low + 1e-12};
}

std::string heat_map(const HeatMap& map) {
  const auto rows = static_cast<double>(map.row_names.size()), columns = static_cast<double>(map.column_names.size());
  const double name_size = rows > 40 || columns > 40 ? 8 : rows > 24 || columns > 24 ? 8.5 : columns > 16 ? 10 : 11;
  double left = 0;
  for (const auto& name : map.row_names) left = std::max(left, text_width(name, name_size));
  left = std::min(left, 110.0);
  const double left_edge = left + 8 + (map.row_axis.empty() ? 0 : 16);
  const double cell_width = (map.width - left_edge - 6) / std::max(columns, 1.0);
  const double cell_height = map.tallest_cell > 0 ? std::min(map.tallest_cell, cell_width) : cell_width;
  const ColumnNames names = column_names(map.column_names, cell_width, name_size);
  const double top = map.title.empty() ? 6 : 26;
  const double grid_bottom = top + rows * cell_height;
  const double axis_height = map.column_axis.empty() ? 0 : 18;
  const double bar_top = grid_bottom + names.height + axis_height + 8;
  Svg svg(map.width, bar_top + (map.unit.empty() ? 0 : 38), map.title);
  if (!map.title.empty()) svg.text({2, 15}, fitted(map.title, map.width - 4, 13), {.size = 13, .bold = true});
  const Point corner{left_edge, top};
  draw_cells(svg, map.values, map.scale, corner, cell_width, cell_height);
  svg.frame(corner, columns * cell_width, rows * cell_height, {.width = 0.8});
  draw_texts(svg, map, corner, cell_width, cell_height);
  for (std::size_t i = 0; i < map.row_names.size(); i += shown_step(cell_height, name_size))
    svg.text({left_edge - 5, top + (static_cast<double>(i) + 0.5) * cell_height + name_size * 0.36},
             fitted(map.row_names[i], left + 1, name_size), {.anchor = "end", .size = name_size});
  draw_column_names(svg, names, map.column_names, {left_edge, grid_bottom}, cell_width, name_size);
  const TextStyle axis_style{.anchor = "middle", .size = 11.5, .colour = ink::faint};
  if (!map.row_axis.empty()) {
    TextStyle turned_style = axis_style;
    turned_style.turned_degrees = -90;
    svg.text({11, (top + grid_bottom) / 2}, map.row_axis, turned_style);
  }
  if (!map.column_axis.empty())
    svg.text({left_edge + columns * cell_width / 2, grid_bottom + names.height + 12}, map.column_axis, axis_style);
  if (!map.unit.empty()) draw_colour_bar(svg, {left_edge, bar_top}, columns * cell_width, map.scale, map.unit);
  return svg.finished();
}

}  // namespace caton::report
