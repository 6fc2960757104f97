// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/lane_matrix.hpp"

#include <cstdint>

namespace caton {

/// Columns of a matrix that are eliminated together before the others follow. Panels begin at even rows, so that two
/// rows worked on together are both of pivots or neither is.
struct Panel {
  std::int64_t first = 0, columns = 0;

  [[nodiscard]] std::int64_t last() const noexcept { return first + columns; }
  [[nodiscard]] bool holds(std::int64_t row) const noexcept { return row >= first && row < last(); }
};

/// Entries first … last - 1 of one row, or of two.
struct RowSpan {
  std::int64_t row = 0, rows = 1;
  std::int64_t first = 0, last = 0;
};

/// Brings other columns to where the panel's are: to each row is added the panel's row times the rows of the pivots as
/// they were `before`; the pivots' own rows become that sum.
void follow(LaneMatrix& matrix, const LaneMatrix& before, const Panel& panel, const RowSpan& span);

}  // namespace caton
