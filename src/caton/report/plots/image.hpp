// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/colour.hpp"
#include "caton/report/plots/panel.hpp"

#include <vector>

namespace caton::report {

/// Values rows x columns over the box of a panel, row 0 at the bottom; more cells than fit are averaged.
void draw_image(Svg& svg, const Panel& panel, const std::vector<std::vector<double>>& values, const ColourScale& scale);
/// A colour bar standing beside a panel.
void draw_upright_bar(Svg& svg, Point top, double height, const ColourScale& scale, const std::string& unit);
/// The value below which `share` of all magnitudes lie: the end of a scale that a few extremes do not rule.
[[nodiscard]] double reach_of(const std::vector<std::vector<double>>& values, double share);

}  // namespace caton::report
