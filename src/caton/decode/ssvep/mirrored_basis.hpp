// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <array>
#include <optional>

namespace caton {

/// Rows that are the same forwards and backwards (even), and those that are the opposite backwards (odd), by their
/// first half; the sample in the middle of an odd number counts among the even ones.
using Halves = std::array<Matrix, 2>;

/// Orthonormal rows that span what `basis` (orthonormal rows) spans, even and odd ones apart; nothing when what it
/// spans is another thing backwards.
[[nodiscard]] std::optional<Halves> mirrored_basis(Signal basis);
/// x(t) + x(T-1-t) and x(t) - x(T-1-t) of the first half of every row, so that products with halves of even and odd
/// rows are those with the whole rows. `even` has one sample more where T is odd.
void fold(Signal x, View<double, 2> even, View<double, 2> odd);

}  // namespace caton
