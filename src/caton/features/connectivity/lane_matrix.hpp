// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/lanes.hpp"

#include <cstdint>

namespace caton {

/// One complex matrix (C x C, or a panel of some of its columns) at eight neighbouring frequencies: entry (i, j) holds
/// eight real parts, then eight imaginary parts.
class LaneMatrix {
 public:
  static constexpr std::int64_t step = 2 * lane_count;  ///< reals of one entry

  explicit LaneMatrix(std::int64_t size) : LaneMatrix(size, size) {}
  LaneMatrix(std::int64_t rows, std::int64_t columns)
      : rows_(rows), columns_(columns), values_({rows * (columns | 1), step}, uninitialised) {}

  [[nodiscard]] std::int64_t size() const noexcept { return rows_; }
  [[nodiscard]] std::int64_t columns() const noexcept { return columns_; }
  /// Reals from one row to the next: an odd number of entries, so that a column is spread over the cache.
  [[nodiscard]] std::int64_t row_step() const noexcept { return (columns_ | 1) * step; }
  [[nodiscard]] double* at(std::int64_t i, std::int64_t j) noexcept {
    return values_.data() + i * row_step() + j * step;
  }
  [[nodiscard]] const double* at(std::int64_t i, std::int64_t j) const noexcept {
    return values_.data() + i * row_step() + j * step;
  }

 private:
  std::int64_t rows_, columns_;
  Array<double, 2> values_;
};

}  // namespace caton
