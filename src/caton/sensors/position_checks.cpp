// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/sensors/position_checks.hpp"

#include "caton/base/error.hpp"

#include <cmath>

namespace caton {

void require_positions(const std::string& where, Signal positions) {
  if (positions.extent(0) == 0) throw usage_error(where, "the list of positions is empty");
  if (positions.extent(1) != 3) {
    throw usage_error(where, "positions have the shape " + std::to_string(positions.extent(0)) + " x " +
                                 std::to_string(positions.extent(1)) + ", wanted are 3 coordinates");
  }
  for (std::int64_t i = 0; i < positions.extent(0); ++i) {
    for (std::int64_t axis = 0; axis < 3; ++axis) {
      if (!std::isfinite(positions(i, axis)))
        throw input_error(where, "position " + std::to_string(i) + " is not finite");
    }
  }
}

void require_directions(const std::string& where, Signal positions) {
  require_positions(where, positions);
  for (std::int64_t i = 0; i < positions.extent(0); ++i) {
    if (std::hypot(positions(i, 0), positions(i, 1), positions(i, 2)) < 1e-100)
      throw usage_error(where, "position " + std::to_string(i) + " is the origin: it has no direction");
  }
}

}  // namespace caton
