// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/figures/directed_map.hpp"

#include "caton/explain/scalp.hpp"
#include "caton/report/figures/scalp_map.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton::report {

namespace {

std::string spot(Point point) { return coordinate(point.x) + " " + coordinate(point.y); }

/// A curve that bends to the right of its way, so that both directions of a pair show, with a filled head.
void draw_arrow(Svg& svg, const Arrow& arrow, Point from, Point to, double gap) {
  const double dx = to.x - from.x, dy = to.y - from.y, length = std::max(std::hypot(dx, dy), 1e-6);
  const Point along{dx / length, dy / length}, across{-dy / length, dx / length};
  if (!arrow.head) {
    svg.line({from.x + along.x * gap, from.y + along.y * gap}, {to.x - along.x * gap, to.y - along.y * gap},
             {arrow.colour, arrow.width, arrow.dashed ? std::string_view("4 3") : std::string_view(), arrow.opacity});
    return;
  }
  const double bend = 0.13 * length, head = 4.5 + 1.7 * arrow.width;
  const Point begin{from.x + along.x * gap, from.y + along.y * gap};
  const Point middle{(from.x + to.x) / 2 + across.x * bend * 2, (from.y + to.y) / 2 + across.y * bend * 2};
  const double tx = to.x - middle.x, ty = to.y - middle.y, reach = std::max(std::hypot(tx, ty), 1e-6);
  const Point heading{tx / reach, ty / reach};
  const Point tip{to.x - heading.x * gap, to.y - heading.y * gap};
  const Point neck{tip.x - heading.x * head, tip.y - heading.y * head};
  svg.path(
      "M" + spot(begin) + "Q" + spot(middle) + " " + spot(neck),
      Stroke{arrow.colour, arrow.width, arrow.dashed ? std::string_view("4 3") : std::string_view(), arrow.opacity});
  const double half = head * 0.42;
  svg.path("M" + spot(tip) + "L" + spot({neck.x - heading.y * half, neck.y + heading.x * half}) + "L" +
               spot({neck.x + heading.y * half, neck.y - heading.x * half}) + "z",
           arrow.colour, arrow.opacity);
}

}  // namespace

std::vector<std::size_t> front_to_back(const std::vector<std::array<double, 3>>& positions_m) {
  std::vector<std::size_t> order(positions_m.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto row = [&](std::size_t c) { return -std::lround(positions_m[c][1] / 0.02); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(row(a), positions_m[a][0]) < std::pair(row(b), positions_m[b][0]);
  });
  return order;
}

std::string directed_map(const DirectedMap& map) {
  const Scalp scalp(map.positions_m);
  const double top = map.title.empty() ? 4 : 24, radius = (map.width - 12) / 2 / 1.1;
  const Point centre{map.width / 2, top + 1.12 * radius};
  Svg svg(map.width, centre.y + 1.04 * radius + (map.note.empty() ? 6 : 20), map.title);
  if (!map.title.empty())
    svg.text({map.width / 2, 15}, fitted(map.title, map.width, 12.5), {.anchor = "middle", .size = 12.5, .bold = true});
  draw_head_outline(svg, centre, radius);
  std::vector<Point> places;
  for (const ScalpPoint& point : scalp.points())
    places.push_back({centre.x + point.x * radius, centre.y - point.y * radius});
  const bool crowded = places.size() > 24;
  const double disc = crowded ? 2.5 : 8.5;
  for (const Arrow& arrow : map.arrows) draw_arrow(svg, arrow, places[arrow.from], places[arrow.to], disc + 1.5);
  for (std::size_t e = 0; e < places.size(); ++e) {
    svg.disc(places[e], disc, ink::paper, {.colour = ink::faint, .width = 0.9}, map.electrodes[e]);
    if (!crowded)
      svg.text({places[e].x, places[e].y + 2.8}, map.electrodes[e],
               {.anchor = "middle", .size = 7.5, .colour = ink::text});
    else if (map.width > 380 && places.size() <= 80)
      svg.text({places[e].x, places[e].y + 10}, map.electrodes[e],
               {.anchor = "middle", .size = 7, .colour = ink::faint, .halo = true});
  }
  if (!map.note.empty())
    svg.text({map.width / 2, svg.height() - 6}, fitted(map.note, map.width, 10.5),
             {.anchor = "middle", .size = 10.5, .colour = ink::faint});
  return svg.finished();
}

}  // namespace caton::report
