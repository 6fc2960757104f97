// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/plots/panel.hpp"

#include "caton/explain/scalp.hpp"
#include "caton/report/colour.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton::report {
namespace {

std::string whole(double tenths) { return std::to_string(static_cast<std::int64_t>(std::llround(tenths))); }

/// Lowest and highest value of samples [begin, end), or nothing when one is not finite.
bool range_of(std::span<const double> y, std::size_t begin, std::size_t end, double& low, double& high) {
  low = high = y[begin];
  for (std::size_t i = begin; i < end; ++i) {
    if (!std::isfinite(y[i])) return false;
    low = std::min(low, y[i]);
    high = std::max(high, y[i]);
  }
  return true;
}

}  // namespace

Panel draw_panel(Svg& svg, const PanelFrame& frame) {
  const double bottom = frame.corner.y + frame.height, right = frame.corner.x + frame.width;
  const Panel panel{{frame.x_low, frame.x_high, frame.corner.x, right},
                    {frame.y_low, frame.y_high, bottom, frame.corner.y}};
  const TextStyle small{.size = 11, .colour = ink::faint};
  double widest = frame.y_label_room;
  if (frame.y_ticks) {
    auto ticks = ticks_between(frame.y_low, frame.y_high, std::max(2, static_cast<int>(frame.height / 42)));
    if (frame.y_counts) std::erase_if(ticks, [](double tick) { return tick != std::floor(tick); });
    const auto texts = tick_texts(ticks);
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      const double y = panel.up.at(ticks[i]);
      svg.line({frame.corner.x, y}, {right, y}, {.colour = ink::grid});
      TextStyle style = small;
      style.anchor = "end";
      svg.text({frame.corner.x - 6, y + 4}, texts[i], style);
      widest = std::max(widest, text_width(texts[i], 11));
    }
  }
  if (frame.x_ticks) {
    const auto ticks = ticks_between(frame.x_low, frame.x_high, std::max(2, static_cast<int>(frame.width / 80)));
    const auto texts = tick_texts(ticks);
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      const double x = panel.across.at(ticks[i]);
      svg.line({x, frame.corner.y}, {x, bottom}, {.colour = ink::grid});
      svg.line({x, bottom}, {x, bottom + 4});
      TextStyle style = small;
      style.anchor = "middle";
      svg.text({x, bottom + 16}, texts[i], style);
    }
  }
  svg.line({frame.corner.x, bottom}, {right, bottom});
  const TextStyle label{.anchor = "middle", .size = 11.5, .colour = ink::faint};
  if (!frame.x_label.empty()) svg.text({(frame.corner.x + right) / 2, bottom + 33}, frame.x_label, label);
  if (!frame.y_label.empty()) {
    TextStyle turned = label;
    turned.turned_degrees = -90;
    svg.text({frame.corner.x - widest - 16, frame.corner.y + frame.height / 2}, frame.y_label, turned);
  }
  return panel;
}

void draw_curve(Svg& svg, const Panel& panel, double x_begin, double x_step, std::span<const double> y,
                const Stroke& stroke) {
  const double px_step = std::abs(panel.across.at(x_begin + x_step) - panel.across.at(x_begin));
  const auto bundle = static_cast<std::size_t>(std::max(1.0, std::floor(0.5 / std::max(px_step, 1e-12))));
  const double top = std::min(panel.up.begin, panel.up.end), bottom = std::max(panel.up.begin, panel.up.end);
  const auto height = [&](double value) { return whole(10 * std::clamp(panel.up.at(value), top, bottom)); };
  std::string path;
  bool on_paper = false;
  for (std::size_t begin = 0; begin < y.size(); begin += bundle) {
    const std::size_t end = std::min(begin + bundle, y.size());
    double low = 0, high = 0;
    if (!range_of(y, begin, end, low, high)) {
      on_paper = false;
      continue;
    }
    const std::string x = whole(10 * panel.across.at(x_begin + x_step * static_cast<double>(begin)));
    const bool rising = y[begin] <= y[end - 1];
    path += (on_paper ? "L" : "M") + x + " " + height(rising ? low : high);
    if (bundle > 1) path += "V" + height(rising ? high : low);
    on_paper = true;
  }
  if (!path.empty()) svg.trace({0, 0}, path, stroke);
}

std::vector<Colour> place_colours(const PlotSignals& signals) {
  const Placed with = placed(signals);
  std::vector<Colour> colours(signals.names.size(), ink::faint);
  if (with.rows.size() < 4) {
    for (std::size_t i = 0; i < colours.size(); ++i) colours[i] = category(i);
    return colours;
  }
  const Scalp scalp(with.positions_m);
  for (std::size_t i = 0; i < with.rows.size(); ++i) {
    const auto [x, y] = scalp.points()[i];
    const double turn = std::atan2(x, y) / (2 * std::numbers::pi) + 0.5, reach = std::min(1.0, std::hypot(x, y) / 0.7);
    const Colour rim = hue(static_cast<std::size_t>(turn * 360) / 2 * 2, 360);
    const auto mixed = [&](std::uint8_t part) { return static_cast<std::uint8_t>(120 + (part - 120) * reach); };
    colours[static_cast<std::size_t>(with.rows[i])] = {mixed(rim.red), mixed(rim.green), mixed(rim.blue)};
  }
  return colours;
}

void draw_colour_head(Svg& svg, Point centre, double radius, const PlotSignals& signals) {
  const Placed with = placed(signals);
  if (with.rows.size() < 4) return;
  const auto colours = place_colours(signals);
  const Scalp scalp(with.positions_m);
  const Stroke outline{.colour = ink::axis, .width = 1.2};
  svg.polyline({{centre.x - 0.14 * radius, centre.y - 0.99 * radius},
                {centre.x, centre.y - 1.16 * radius},
                {centre.x + 0.14 * radius, centre.y - 0.99 * radius}},
               outline);
  svg.circle(centre, radius, outline);
  const double size = std::clamp(1.1 * radius / std::sqrt(static_cast<double>(with.rows.size())) / 2, 1.3, 4.0);
  for (std::size_t i = 0; i < with.rows.size(); ++i) {
    const auto [x, y] = scalp.points()[i];
    const Colour colour = colours[static_cast<std::size_t>(with.rows[i])];
    svg.disc({centre.x + x * radius, centre.y - y * radius}, size, colour, {.colour = colour, .width = 0.1},
             with.names[i]);
  }
}

void draw_title(Svg& svg, const std::string& title, const std::string& below) {
  svg.text({4, 18}, fitted(title, svg.width() - 8, 15), {.size = 15, .bold = true});
  svg.text({4, 35}, fitted(below, svg.width() - 8, 11.5), {.size = 11.5, .colour = ink::faint});
}

}  // namespace caton::report
