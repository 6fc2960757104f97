// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/lanes.hpp"

#include <array>
#include <cstdint>
#include <vector>

/// Linear algebra on eight small symmetric matrices at once: entry (i, j) of all eight lies side by side (`Lanes`), so
/// no value is ever shuffled, and every lane sees the operations that it would see alone.
namespace caton {

/// Eight larger matrices would take hundreds of megabytes; they are decomposed one by one.
inline constexpr std::int64_t largest_lane_size = 768;

/// Rows lie this far apart (in lanes): an odd number of cache lines, so that a column does not fall into one place of
/// the cache.
[[nodiscard]] constexpr std::int64_t lane_stride(std::int64_t size) noexcept { return size | 1; }

/// `result` of a function at an eigenvalue; refused (word `finite`) when it is too large for a number.
[[nodiscard]] double finite_value(double result, double eigenvalue);

/// Eight matrices and what is computed from them.
class LaneBlock {
 public:
  explicit LaneBlock(std::int64_t size, Processor target = processor());

  [[nodiscard]] std::int64_t size() const noexcept { return size_; }
  /// Copies `count` (1 … 8) matrices in; lanes that stay free hold the identity.
  void load(View<const double, 3> matrices, std::int64_t first, std::int64_t count);
  /// Takes what `pack` wrote.
  void load(const double* packed);
  /// Where matrices may be written in place of `load`: entry (i, j) of all at (i lane_stride(size) + j) lane_count.
  [[nodiscard]] double* entries() noexcept { return matrices_.data(); }
  /// The matrices become w m wᵀ (lower triangles; w is size x size, the same for all).
  void transform(Signal w);
  /// The same for matrices m that `pack` wrote.
  void transform(Signal w, const double* packed);
  /// Eigenvalues of every matrix (lower triangles are read, and spent); with `vectors` the eigenvectors too.
  void decompose(bool vectors);
  /// The matrices become their logarithms (lower triangles), where all of them are positive definite and not too badly
  /// conditioned. Otherwise false: they are decomposed as by `decompose`, and `rebuild` with the logarithm of a value
  /// leaves those alone that have their answer.
  [[nodiscard]] bool take_logarithms();
  /// The largest eigenvalue of every matrix (lower triangles are read, and spent); faster than all of them.
  [[nodiscard]] std::array<double, lane_count> largest_eigenvalues();
  /// Smallest and largest eigenvalue of a lane, and the eigenvalues in ascending order.
  [[nodiscard]] double value(std::int64_t k, std::int64_t lane) const {
    return values_[static_cast<std::size_t>(k * lane_count + lane)];
  }
  [[nodiscard]] std::vector<std::int64_t> ascending(std::int64_t lane) const;
  /// Entry i of eigenvector k.
  [[nodiscard]] double vector(std::int64_t k, std::int64_t i, std::int64_t lane) const {
    return vectors_.data()[(k * stride_ + i) * lane_count + lane];
  }
  /// The matrices become Σ_k f(value_k) v_k v_kᵀ (lower triangles).
  void rebuild(double (*f)(double value, double parameter), double parameter);
  /// Entry (i, j), i >= j, after `rebuild` or `transform`.
  [[nodiscard]] double entry(std::int64_t i, std::int64_t j, std::int64_t lane) const {
    return matrices_.data()[(i * stride_ + j) * lane_count + lane];
  }
  void store(std::int64_t lane, View<double, 2> matrix) const;
  /// The upper triangles of the first `count` lanes, each to a row (values along memory), off the diagonal times a
  /// factor.
  void store_upper(std::int64_t count, double factor, View<double, 2> rows) const;
  /// sum += Σ over lanes of weight times the lower triangle of its matrix, in the order of the lanes.
  void add_to(View<double, 2> sum, const double* weights, std::int64_t count) const;

 private:
  [[nodiscard]] std::array<double, lane_count> scale_entries(bool near_enough);
  void iterate(double* vectors, const std::array<double, lane_count>& scale);
  void put_answers();

  std::int64_t size_, stride_;
  Processor target_;
  Vector matrices_, vectors_, work_;
  std::vector<double> values_, off_diagonal_;
  Vector answers_;  ///< logarithms of some lanes while others still wait for theirs
  std::array<bool, lane_count> answered_{};
};

/// `count` (1 … 8) matrices of a set from `first` on, interleaved as `LaneBlock::load` takes them; lanes that stay free
/// hold the identity.
void interleave_lanes(View<const double, 3> matrices, std::int64_t first, std::int64_t count, double* lanes);
/// Matrices of a set interleaved in blocks of eight as `LaneBlock` takes them.
[[nodiscard]] Vector pack(View<const double, 3> matrices);

}  // namespace caton
