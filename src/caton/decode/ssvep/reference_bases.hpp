// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// Orthonormal bases of many references, asked at once how well each agrees with a signal.
class ReferenceBases {
 public:
  /// rows x samples each; they are centred. Rows and ranks may differ, samples not. There must be one.
  explicit ReferenceBases(const std::vector<Matrix>& references);

  [[nodiscard]] std::int64_t count() const noexcept { return count_; }
  /// The largest canonical correlation of each signal (channels x samples) with every reference, 0 where one of them
  /// is flat: signals x references.
  [[nodiscard]] Matrix largest_correlations(View<const double, 3> signals) const;

 private:
  void put_scores(View<const double, 3> signals, View<double, 2> score) const;
  void put_largest(Signal cross, View<double, 1> score) const;

  std::int64_t count_, rows_;
  Matrix columns_;  ///< samples x (groups of eight references, rows, eight)
};

}  // namespace caton
