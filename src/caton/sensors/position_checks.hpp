// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <string>

namespace caton {

/// Refuses positions that are not N x 3 (word `shape`), none (`empty`), or not finite (`finite`).
void require_positions(const std::string& where, Signal positions);
/// As above, and refuses one at the origin (word `position`): it has no direction.
void require_directions(const std::string& where, Signal positions);

}  // namespace caton
