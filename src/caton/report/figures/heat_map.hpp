// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/colour.hpp"

#include <string>
#include <vector>

namespace caton::report {

/// A matrix as colours, with names along both sides and a bar that says what the colours mean.
struct HeatMap {
  std::string title;
  std::vector<std::string> row_names, column_names;
  std::vector<std::vector<double>> values;  ///< rows x columns; not finite: left empty
  std::string row_axis, column_axis;        ///< "looking electrode", "electrode looked at"
  ColourScale scale;
  std::string unit;                                  ///< of the colour bar
  std::vector<std::vector<std::string>> texts = {};  ///< rows x columns: two lines apart by '\n'; empty: none
  double width = 400;
  double tallest_cell = 0;  ///< px; 0: square cells
};
[[nodiscard]] std::string heat_map(const HeatMap& map);

/// A scale that holds all finite values; diverging ones lie symmetrically around 0.
[[nodiscard]] ColourScale scale_for(const std::vector<std::vector<double>>& values, Palette palette);
/// A horizontal bar of the scale's colours with both ends, the middle of diverging ones, and the unit.
void draw_colour_bar(Svg& svg, Point at, double width, const ColourScale& scale, const std::string& unit);

/// The cells of a map alone: rows x columns, what is not finite stays empty.
void draw_cells(Svg& svg, const std::vector<std::vector<double>>& values, const ColourScale& scale, Point corner,
                double cell_width, double cell_height);

}  // namespace caton::report
