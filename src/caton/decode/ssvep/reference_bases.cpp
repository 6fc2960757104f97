// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/reference_bases.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/ssvep/canonical_correlation.hpp"
#include "caton/geometry/lane_eigen.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

/// The lower triangle of Σ_k x_i(k) x_j(k) for eight pairs of bases at once, as `LaneBlock::load` takes it. Vector i
/// begins at `x + i vector_step`, its entries lie `entry_step` apart.
struct LaneGram {
  static inline __attribute__((always_inline)) void run(const double* x, std::int64_t vectors, std::int64_t vector_step,
                                                        std::int64_t entries, std::int64_t entry_step, double* out) {
    const std::int64_t stride = lane_stride(vectors);
    for (std::int64_t i = 0; i < vectors; ++i) {
      for (std::int64_t j = 0; j <= i; ++j) {
        Lanes sum{}, a, b;
        for (std::int64_t k = 0; k < entries; ++k) {
          load_lanes(a, x + i * vector_step + k * entry_step);
          load_lanes(b, x + j * vector_step + k * entry_step);
          sum += a * b;
        }
        store_lanes(sum, out + (i * stride + j) * lane_count);
      }
    }
  }
};

}  // namespace

ReferenceBases::ReferenceBases(const std::vector<Matrix>& references)
    : count_(static_cast<std::int64_t>(references.size())), rows_(0) {
  for (const Matrix& reference : references) rows_ = std::max(rows_, reference.extent(0));
  const std::int64_t groups = (count_ + lane_count - 1) / lane_count;
  columns_ = Matrix({references.front().extent(1), groups * lane_count * rows_}, 0.0);
  for (std::int64_t f = 0; f < count_; ++f) {
    const Matrix basis = centred_row_basis(references[static_cast<std::size_t>(f)]);
    for (std::int64_t r = 0; r < basis.extent(0); ++r) {
      const std::int64_t column = (f / lane_count * rows_ + r) * lane_count + f % lane_count;
      for (std::int64_t t = 0; t < basis.extent(1); ++t) columns_(t, column) = basis(r, t);
    }
  }
}

Matrix ReferenceBases::largest_correlations(View<const double, 3> signals) const {
  Matrix score({signals.extent(0), count_}, 0.0);
  if (rows_ == 0) return score;
  // So many at once that the references are not brought in anew for every signal.
  constexpr std::int64_t chunk = 16;
  thread_pool().parallel_for((signals.extent(0) + chunk - 1) / chunk, [&](std::int64_t i) {
    const std::int64_t count = std::min(chunk, signals.extent(0) - i * chunk);
    put_scores(signals.slice(0, i * chunk, count), score.view().slice(0, i * chunk, count));
  });
  return score;
}

void ReferenceBases::put_scores(View<const double, 3> signals, View<double, 2> score) const {
  Matrix stacked({signals.extent(0) * signals.extent(1), signals.extent(2)}, uninitialised);
  std::vector<std::int64_t> first_row;
  std::int64_t rows = 0;
  for (std::int64_t n = 0; n < signals.extent(0); ++n) {
    first_row.push_back(rows);
    const Matrix basis = centred_row_basis(signals[n]);
    std::copy(basis.begin(), basis.end(), stacked.data() + rows * stacked.extent(1));
    rows += basis.extent(0);
  }
  first_row.push_back(rows);
  if (rows == 0) return;
  const Matrix cross = product(stacked.view().slice(0, 0, rows), columns_);
  for (std::size_t n = 0; n + 1 < first_row.size(); ++n) {
    const std::int64_t rank = first_row[n + 1] - first_row[n];
    if (rank > 0) put_largest(cross.view().slice(0, first_row[n], rank), score[static_cast<std::int64_t>(n)]);
  }
}

/// The squares of the singular values of each group's product, from the smaller of its two Gram matrices.
void ReferenceBases::put_largest(Signal cross, View<double, 1> score) const {
  const std::int64_t rank = cross.extent(0), size = std::min(rank, rows_), width = cross.extent(1);
  const std::int64_t vector_step = rank <= rows_ ? width : lane_count, entry_step = rank <= rows_ ? lane_count : width;
  LaneBlock block(size);
  Vector gram({size * lane_stride(size) * lane_count}, 0.0);
  for (std::int64_t first = 0; first < count_; first += lane_count) {
    run_on<LaneGram>(processor(), cross.data() + first * rows_, size, vector_step, std::max(rank, rows_), entry_step,
                     gram.data());
    block.load(gram.data());
    const auto largest = block.largest_eigenvalues();
    for (std::int64_t lane = 0; lane < std::min(lane_count, count_ - first); ++lane)
      score[first + lane] = std::sqrt(std::clamp(largest[static_cast<std::size_t>(lane)], 0.0, 1.0));
  }
}

}  // namespace caton
