// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/svg.hpp"

#include <array>
#include <string>
#include <vector>

namespace caton::report {

/// A link from one electrode to another.
struct Arrow {
  std::size_t from = 0, to = 0;
  double width = 1;  ///< px
  Colour colour = ink::accent;
  double opacity = 1;
  bool dashed = false;
  bool head = true;   ///< false: a link without a direction, drawn straight
  std::string about;  ///< shown when pointed at
};

/// Indices by position: front to back in bands of 2 cm, left to right within them.
[[nodiscard]] std::vector<std::size_t> front_to_back(const std::vector<std::array<double, 3>>& positions_m);

/// Links on the head seen from above, nose up.
struct DirectedMap {
  std::string title, note;  ///< note: a line beneath
  std::vector<std::string> electrodes;
  std::vector<std::array<double, 3>> positions_m;
  std::vector<Arrow> arrows;
  double width = 200;
};
[[nodiscard]] std::string directed_map(const DirectedMap& map);

}  // namespace caton::report
