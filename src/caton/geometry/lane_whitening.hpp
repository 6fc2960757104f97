// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/lane_eigen.hpp"
#include "caton/geometry/matrices.hpp"

namespace caton {

/// Lower triangular k with k b kᵀ = 1 for up to eight positive definite matrices b at once (the inverse of Cholesky's
/// factor), and what follows from it.
class LaneWhitening {
 public:
  /// `size` up to `largest_lane_size`.
  explicit LaneWhitening(std::int64_t size, Processor target = processor());

  /// Whitens `count` (1 … 8) matrices from `first` on; lower triangles are read.
  void whiten(MatricesView b, std::int64_t first, std::int64_t count);
  /// The same for matrices that were written to `matrices`, as `LaneBlock::entries` holds them.
  void whiten();
  [[nodiscard]] double* matrices() noexcept { return matrices_.data(); }
  /// All k side by side, as `matrices`; nothing is meant above the diagonal.
  [[nodiscard]] const double* factors() const noexcept { return inverse_.data(); }
  /// The k of a lane becomes 0, so that what could not be whitened does no harm among the others.
  void drop(std::int64_t lane);
  /// The least part of a diagonal entry that the channels before it leave: 1 where all are orthogonal, near 0 where one
  /// is almost spanned by others, not above 0 or no number where b is not positive definite.
  [[nodiscard]] double least_share(std::int64_t lane) const { return share_[static_cast<std::size_t>(lane)]; }
  /// A lower bound of the smallest eigenvalue of b scaled to a diagonal of ones, at most `size` times too low.
  [[nodiscard]] double smallest_eigenvalue_bound(std::int64_t lane) const {
    return smallest_bound_[static_cast<std::size_t>(lane)];
  }
  /// k of one lane, zeros above its diagonal.
  void store(std::int64_t lane, View<double, 2> place) const;
  /// v with a v = λ b v of the largest λ, for the matrices `a` that stand where the whitened ones stood: row `lane` of
  /// `vectors` becomes a multiple of v. Lanes that could not be whitened give zeros.
  void largest_vectors(MatricesView a, std::int64_t first, std::int64_t count, View<double, 2> vectors);

 private:
  [[nodiscard]] double entry(std::int64_t i, std::int64_t j, std::int64_t lane) const {
    return inverse_.data()[(i * stride_ + j) * lane_count + lane];
  }

  std::int64_t size_, stride_;
  Processor target_;
  Vector matrices_, factor_, inverse_;
  std::array<double, lane_count> share_{}, smallest_bound_{};
  LaneBlock block_;
};

}  // namespace caton
