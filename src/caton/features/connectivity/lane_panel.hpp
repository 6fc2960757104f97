// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/lane_matrix.hpp"

#include <cstdint>

namespace caton {

/// Rows worked on together at most.
inline constexpr std::int64_t rows_together = 4;

/// Columns of a matrix that are eliminated together before the others follow. Panels begin at multiples of
/// `rows_together`, so that rows worked on together are all of pivots or none is.
struct Panel {
  std::int64_t first = 0, columns = 0;

  [[nodiscard]] std::int64_t last() const noexcept { return first + columns; }
  [[nodiscard]] bool holds(std::int64_t row) const noexcept { return row >= first && row < last(); }
};

/// Entries first … last - 1 of one row or more, up to `rows_together`.
struct RowSpan {
  std::int64_t row = 0, rows = 1;
  std::int64_t first = 0, last = 0;
};

/// Brings other columns to where the panel's are: to each row is added the panel's row times the rows of the pivots as
/// they were `before`; the pivots' own rows become that sum.
void follow(LaneMatrix& matrix, const LaneMatrix& before, const Panel& panel, const RowSpan& span);

}  // namespace caton
