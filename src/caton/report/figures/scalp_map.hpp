// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/colour.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace caton::report {

/// Values at electrodes on the head seen from above, nose up. From 8 electrodes on the field between them is
/// interpolated; below that each electrode is a coloured disc and the drawing says so.
struct ScalpMap {
  std::string title;
  std::vector<std::string> electrodes;
  std::vector<std::array<double, 3>> positions_m;
  std::vector<double> values;  ///< empty: the electrodes alone, with their names
  ColourScale scale;
  std::string unit;
  double width = 200;
  bool bar = true;  ///< false: the colours' meaning is told beside
};
[[nodiscard]] std::string scalp_map(const ScalpMap& map);

/// Head, nose and ears seen from above.
void draw_head_outline(Svg& svg, Point centre, double radius);

/// Closed outlines of where a field on a grid (rows x columns over a square of `side` px, row 0 at the bottom) is at
/// least `level`: the commands of a path in tenths of a px from the square's upper left corner.
[[nodiscard]] std::string outlines(const std::vector<std::vector<double>>& field, double level, double side);

}  // namespace caton::report
