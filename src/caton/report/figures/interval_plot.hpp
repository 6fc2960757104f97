// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/figures/axis.hpp"
#include "caton/report/numbers.hpp"

#include <string>
#include <vector>

namespace caton::report {

/// One value of a row, with its interval where it has one.
struct Mark {
  double value = 0;
  Maybe low, high;
  Colour colour = ink::honest;
  bool hollow = false;  ///< drawn as a ring: a figure that may not be believed
};

struct IntervalRow {
  std::string label;
  std::string note;  ///< right of the row: "61.2 %"
  std::vector<Mark> marks;
  std::vector<double> points = {};  ///< single values behind the marks, small
  std::string joined = {};  ///< two marks: an arrow from the second to the first with these words ("+39.7 points")
};

struct ReferenceLine {
  double value = 0;
  std::string label;
};

/// Values with intervals, one row each, on a common axis: scores of subjects, of plans, the leak, amplitudes, drops.
struct IntervalPlot {
  std::string title;
  std::string axis;  ///< "accuracy, %"
  std::vector<IntervalRow> rows;
  std::vector<ReferenceLine> lines;  ///< "chance"
  std::vector<LegendEntry> legend;
  double low = 0, high = 1;  ///< ends of the axis
  bool bars = false;         ///< bars from 0 instead of dots
  double width = 412;
};
[[nodiscard]] std::string interval_plot(const IntervalPlot& plot);

/// Ends for an axis that holds all marks (and `also`), widened to round values.
[[nodiscard]] std::pair<double, double> axis_for(const std::vector<IntervalRow>& rows, const std::vector<double>& also);

}  // namespace caton::report
