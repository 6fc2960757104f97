// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/figures/scalp_map.hpp"

#include "caton/explain/scalp.hpp"
#include "caton/report/figures/heat_map.hpp"
#include "caton/report/numbers.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

constexpr std::int64_t grid_size = 53;
constexpr int levels = 20;

struct Head {
  Point centre;
  double radius = 0;
  [[nodiscard]] Point at(const ScalpPoint& point) const {
    return {centre.x + point.x * radius, centre.y - point.y * radius};
  }
};

std::string spot(Point point) { return coordinate(point.x) + " " + coordinate(point.y); }

/// The field as stacked areas, from the lowest colour up; what lies outside the head is covered with paper.
void draw_field(Svg& svg, const Scalp& scalp, const ScalpMap& map, const Head& head) {
  const auto grid = scalp.field(map.values, grid_size);
  std::vector<std::vector<double>> field(static_cast<std::size_t>(grid_size));
  for (std::int64_t i = 0; i < grid_size; ++i) {
    for (std::int64_t k = 0; k < grid_size; ++k)
      field[static_cast<std::size_t>(i)].push_back(map.scale.share(grid(i, k)));
  }
  const Point corner{head.centre.x - head.radius, head.centre.y - head.radius};
  const double side = 2 * head.radius;
  svg.rectangle(corner, side, side, colour_of(map.scale.palette, 0.5 / levels));
  for (int level = 1; level < levels; ++level) {
    const std::string tenths = outlines(field, static_cast<double>(level) / levels, side);
    if (!tenths.empty()) svg.area(corner, tenths, colour_of(map.scale.palette, (level + 0.5) / levels));
  }
  const double reach = head.radius + 2, r = head.radius;
  const std::string radius = coordinate(r) + " " + coordinate(r);
  svg.path("M" + spot({head.centre.x - reach, head.centre.y - reach}) + "h" + coordinate(2 * reach) + "v" +
               coordinate(2 * reach) + "h" + coordinate(-2 * reach) + "zM" + spot({head.centre.x - r, head.centre.y}) +
               "a" + radius + " 0 1 0 " + coordinate(2 * r) + " 0a" + radius + " 0 1 0 " + coordinate(-2 * r) + " 0z",
           ink::paper);
}

void draw_electrodes(Svg& svg, const Scalp& scalp, const ScalpMap& map, const Head& head) {
  const bool discs = !map.values.empty() && !scalp.can_interpolate();
  const std::size_t count = map.electrodes.size();
  const double room = head.radius / std::sqrt(static_cast<double>(std::max<std::size_t>(count, 1)));
  const double size = std::clamp(room * 0.36, 6.5, 11.0);
  const bool named = map.values.empty() || count <= 20;
  for (std::size_t i = 0; i < count; ++i) {
    const Point at = head.at(scalp.points()[i]);
    const bool finite = i < map.values.size() && std::isfinite(map.values[i]);
    const std::string about = map.electrodes[i] + (finite ? ": " + three_digits(map.values[i]) + " " + map.unit : "");
    if (discs && finite)
      svg.disc(at, 0.14 * head.radius, map.scale.of(map.values[i]), {.colour = ink::axis, .width = 0.8}, about);
    else
      svg.disc(at, std::clamp(room * 0.16, 0.7, 1.8), ink::text, {.colour = ink::text, .width = 0.1}, about, finite);
    if (!named) continue;
    const Colour field_ink = finite ? map.scale.of(map.values[i]).ink() : ink::text;
    const Point below{at.x, at.y + (discs ? 0.14 * head.radius + size + 1 : size + 1.5)};
    svg.text(below, fitted(map.electrodes[i], 60, size),
             {.anchor = "middle", .size = size, .colour = discs ? ink::text : field_ink, .kept = finite && !discs});
  }
}

}  // namespace

void draw_head_outline(Svg& svg, Point centre, double r) {
  const Stroke outline{.colour = ink::faint, .width = 1.4};
  const auto [x, y] = centre;
  svg.path("M" + spot({x - 0.1 * r, y - 0.994 * r}) + "L" + spot({x, y - 1.11 * r}) + "L" +
               spot({x + 0.1 * r, y - 0.994 * r}),
           outline);
  for (const double side : {-1.0, 1.0}) {
    svg.path("M" + spot({x + side * 0.985 * r, y - 0.17 * r}) + "C" + spot({x + side * 1.1 * r, y - 0.22 * r}) + " " +
                 spot({x + side * 1.1 * r, y + 0.22 * r}) + " " + spot({x + side * 0.985 * r, y + 0.17 * r}),
             outline);
  }
  svg.circle(centre, r, outline);
}

std::string scalp_map(const ScalpMap& map) {
  const Scalp scalp(map.positions_m);
  const bool with_values = !map.values.empty();
  const double top = map.title.empty() ? 4 : 24;
  Head head;
  head.radius = (map.width - 12) / 2 / 1.1;
  head.centre = {map.width / 2, top + 1.12 * head.radius};
  const double head_bottom = head.centre.y + 1.04 * head.radius;
  const bool note = with_values && !scalp.can_interpolate();
  Svg svg(map.width, head_bottom + (with_values && map.bar ? 46 : 6) + (note ? 14 : 0), map.title);
  if (!map.title.empty())
    svg.text({map.width / 2, 15}, fitted(map.title, map.width, 12.5), {.anchor = "middle", .size = 12.5, .bold = true});
  const bool finite =
      std::all_of(map.values.begin(), map.values.end(), [](double value) { return std::isfinite(value); });
  if (with_values && scalp.can_interpolate() && finite) draw_field(svg, scalp, map, head);
  draw_head_outline(svg, head.centre, head.radius);
  draw_electrodes(svg, scalp, map, head);
  if (with_values && map.bar)
    draw_colour_bar(svg, {map.width * 0.14, head_bottom + 6}, map.width * 0.72, map.scale, map.unit);
  if (note)
    svg.text({map.width / 2, head_bottom + (map.bar ? 56 : 14)}, "too few electrodes to interpolate between",
             {.anchor = "middle", .size = 9.5, .colour = ink::faint});
  return svg.finished();
}

}  // namespace caton::report
