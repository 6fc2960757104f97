// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/figures/axis.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caton::report {

struct CurveSeries {
  std::vector<Point> points;  ///< in values of the axes
  Colour colour = ink::accent;
  bool faint = false;  ///< one of many, behind the others
  /// Ends of an interval at each point, drawn as a bar through a dot; empty: lines alone.
  std::vector<std::pair<double, double>> intervals = {};
  std::size_t joined = 0;  ///< with intervals: so many points are joined by the line, the others stand alone
  double shift_px = 0;     ///< to the right, so that bars of several lines can be told apart
};

/// Lines over a common axis: training curves, one thin line a fold and their mean.
struct CurvePlot {
  std::string title, x_axis, y_axis;
  std::vector<CurveSeries> series;
  std::vector<LegendEntry> legend;
  double width = 400, height = 250;
  std::vector<std::pair<double, std::string>> x_ticks = {};  ///< empty: round values
  std::optional<double> level = {};                          ///< a dashed line across, "chance"
};
[[nodiscard]] std::string curve_plot(const CurvePlot& plot);

struct CloudPoint {
  double x = 0, y = 0;
  Colour colour;
};

/// Points in a plane, coloured by group.
struct CloudPlot {
  std::string title, x_axis, y_axis;
  std::vector<CloudPoint> points;
  std::vector<LegendEntry> legend;
  std::vector<std::string> names = {};  ///< one for each point, drawn beside it; empty: none
  double width = 400, height = 320;
};
[[nodiscard]] std::string cloud_plot(const CloudPlot& plot);

}  // namespace caton::report
