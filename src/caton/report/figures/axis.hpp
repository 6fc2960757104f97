// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/svg.hpp"

#include <string>
#include <vector>

namespace caton::report {

/// From a value to its place along one direction of a drawing.
struct Axis {
  double low = 0, high = 1;   ///< values
  double begin = 0, end = 1;  ///< px
  [[nodiscard]] double at(double value) const {
    return high > low ? begin + (value - low) / (high - low) * (end - begin) : (begin + end) / 2;
  }
};

/// Round values between low and high, about `count` of them: 0, 20, 40 …
[[nodiscard]] std::vector<double> ticks_between(double low, double high, int count);
/// The ticks' text: all with the digits that the step needs.
[[nodiscard]] std::vector<std::string> tick_texts(const std::vector<double>& ticks);

struct LegendEntry {
  std::string name;
  Colour colour;
};
/// Entries side by side from `at` on, wrapped within `width`; gives the height used [px].
double draw_legend(Svg& svg, Point at, double width, const std::vector<LegendEntry>& entries);

}  // namespace caton::report
