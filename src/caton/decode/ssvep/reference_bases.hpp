// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/fused_product.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// Orthonormal bases of many references, asked at once how well each agrees with a signal. References that read the
/// same backwards, as sines and cosines of evenly spaced times do, are held as even and odd rows: products with a
/// folded signal are half as long.
class ReferenceBases {
 public:
  /// rows x samples each; they are centred. Rows and ranks may differ, samples not. There must be one.
  explicit ReferenceBases(const std::vector<Matrix>& references);

  [[nodiscard]] std::int64_t count() const noexcept { return count_; }
  /// Whether every reference spans the same backwards.
  [[nodiscard]] bool mirrored() const noexcept { return mirrored_; }
  /// The largest canonical correlation of each signal (channels x samples) with every reference, 0 where one of them
  /// is flat: signals x references.
  [[nodiscard]] Matrix largest_correlations(View<const double, 3> signals) const;

 private:
  /// Rows of the bases of eight references at a time, row r of all eight side by side.
  struct Part {
    std::int64_t samples = 0, rows = 0;
    std::vector<PackedFactor> groups;
  };
  [[nodiscard]] static Part part_of(const std::vector<Matrix>& bases);
  class StackedBases;
  void put_scores(View<const double, 3> signals, View<double, 2> score) const;
  void put_products(const StackedBases& bases, std::int64_t group, View<double, 2> cross) const;

  std::int64_t count_;
  bool mirrored_;
  std::vector<Part> parts_;  ///< even and odd rows, or all rows as they are
  std::int64_t rows_;        ///< of all parts
};

}  // namespace caton
