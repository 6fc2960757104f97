// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/figures/axis.hpp"
#include "caton/report/plots/plot_signals.hpp"

#include <span>
#include <string>
#include <vector>

namespace caton::report {

/// A box of a drawing with a grid and two axes.
struct Panel {
  Axis across, up;

  [[nodiscard]] Point at(double x, double y) const { return {across.at(x), up.at(y)}; }
};

struct PanelFrame {
  Point corner;                      ///< of the box itself, labels stand outside
  double width = 400, height = 200;  ///< of the box
  double x_low = 0, x_high = 1, y_low = 0, y_high = 1;
  std::string x_label = {}, y_label = {};  ///< empty: none
  bool x_ticks = true, y_ticks = true;
  bool y_counts = false;    ///< ticks at whole numbers only
  double y_label_room = 0;  ///< px that ticks drawn by the caller take
};

[[nodiscard]] Panel draw_panel(Svg& svg, const PanelFrame& frame);

/// A curve y over evenly spaced x; breaks where a value is not finite. More samples than px are drawn as the range that
/// they fill.
void draw_curve(Svg& svg, const Panel& panel, double x_begin, double x_step, std::span<const double> y,
                const Stroke& stroke);

/// A colour for each channel by its place on the head (grey without one), so that neighbours look alike.
[[nodiscard]] std::vector<Colour> place_colours(const PlotSignals& signals);
/// A small head with the colours of its electrodes: the legend to `place_colours`.
void draw_colour_head(Svg& svg, Point centre, double radius, const PlotSignals& signals);

/// Title and what is shown, at the top of a drawing.
void draw_title(Svg& svg, const std::string& title, const std::string& below);

}  // namespace caton::report
