// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <span>

namespace caton {

/// The least cost of moving the masses `a` to the masses `b` at `cost` (a x b) a unit, exact: shortest augmenting
/// paths. Refuses negative masses and masses whose sums are not 1 within 1e-9 (word `mass`), and other sizes (`shape`).
[[nodiscard]] double optimal_transport(std::span<const double> a, std::span<const double> b, Signal cost);

}  // namespace caton
