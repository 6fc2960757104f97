// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/lanes.hpp"

namespace caton {

/// Products whose every entry is a chain of fused multiply-adds over the inner index in order: twice as fast as
/// `multiply`, other rounding, and the same bits on every processor (one without the instruction computes the same
/// chain, slowly).

/// `out` = a b. b's rows are read as they lie: for an `a` of few rows. Rows of `b` and `out` must have no gaps between
/// their entries.
void fused_product(Signal a, Signal b, View<double, 2> out, Processor target = processor());

/// The right factor of many products, brought into the order in which they read it.
class PackedFactor {
 public:
  /// Row j becomes column j of the factor.
  explicit PackedFactor(Signal columns);
  /// inner x columns, to be filled by `put`.
  PackedFactor(std::int64_t inner, std::int64_t columns);

  /// Rows become columns from `first` on, a multiple of 8; so must be how many there are, but for the last ones.
  void put(std::int64_t first, Signal columns);
  [[nodiscard]] std::int64_t inner() const noexcept { return inner_; }

  [[nodiscard]] std::int64_t columns() const noexcept { return columns_; }
  /// `out` (rows of `a` x columns; its rows without gaps) = a times the factor.
  void multiply(Signal a, View<double, 2> out, Processor target = processor()) const;

 private:
  std::int64_t columns_, inner_;
  Vector panels_;  ///< (columns / 8, inner, 8)
};

}  // namespace caton
