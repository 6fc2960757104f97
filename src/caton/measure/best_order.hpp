// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// The one-to-one assignment of columns to rows with the largest sum of counts (Kuhn and Munkres, O(K^3)): element k is
/// the column of row k. Where several are best, the given order is kept if it is among them. Refuses what is not square
/// (`shape`).
[[nodiscard]] std::vector<std::int64_t> best_order(View<const std::int64_t, 2> counts);

}  // namespace caton
