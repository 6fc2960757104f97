// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"

namespace caton {

/// Eight rows of `count` values, `row_step` apart, side by side: value t of row r goes to lanes[8 t + r].
void rows_to_lanes(const double* rows, std::int64_t row_step, std::int64_t count, double* lanes) noexcept;
/// The way back.
void lanes_to_rows(const double* lanes, std::int64_t count, double* rows, std::int64_t row_step) noexcept;

}  // namespace caton
