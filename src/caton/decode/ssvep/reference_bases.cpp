// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/reference_bases.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/ssvep/canonical_correlation.hpp"
#include "caton/decode/ssvep/mirrored_basis.hpp"
#include "caton/geometry/centred_scatter.hpp"
#include "caton/geometry/covariance_kernels.hpp"
#include "caton/geometry/lane_gram.hpp"
#include "caton/geometry/lane_whitening.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace caton {

/// Orthonormal rows of up to eight signals, one signal below the other.
class ReferenceBases::StackedBases {
 public:
  StackedBases(std::int64_t channels, std::int64_t samples, bool mirrored)
      : mirrored_(mirrored),
        by_lanes_(channels > 0 && channels < samples && channels <= largest_lane_size),
        scatters_({lane_count, channels, channels}, uninitialised),
        own_({channels, channels}, uninitialised),
        sums_(static_cast<std::size_t>(channels)),
        whitening_(by_lanes_ ? channels : 1) {
    const std::int64_t half = mirrored ? samples / 2 : 0;
    for (const std::int64_t length : {samples - half, half}) {
      parts_.emplace_back(Matrix::Extents{lane_count * channels, length}, uninitialised);
      folded_.emplace_back(Matrix::Extents{channels, length}, uninitialised);
    }
  }

  void take(View<const double, 3> signals) {
    std::vector<Matrix> centred_ones(static_cast<std::size_t>(signals.extent(0)));
    for (std::int64_t n = 0; n < signals.extent(0); ++n) {
      if (!centred_scatter(signals[n], scatters_[n], sums_.data()))
        centred_ones[static_cast<std::size_t>(n)] = centred(signals[n]);
    }
    if (by_lanes_) whitening_.whiten(scatters_, 0, signals.extent(0));
    first_row_.assign(1, 0);
    for (std::int64_t n = 0; n < signals.extent(0); ++n) {
      const Matrix& about_mean = centred_ones[static_cast<std::size_t>(n)];
      append(n, about_mean.empty() ? signals[n] : about_mean.view());
    }
  }

  /// First row of a signal; of the one after the last: the number of rows.
  [[nodiscard]] std::int64_t first_row(std::int64_t n) const { return first_row_[static_cast<std::size_t>(n)]; }
  [[nodiscard]] std::int64_t rows() const { return first_row_.back(); }
  /// Even (0) and odd (1) halves, or whole rows (0): rows x samples.
  [[nodiscard]] Signal part(std::size_t p) const { return parts_[p].view().slice(0, 0, rows()); }

 private:
  /// One step of Cholesky's whitening leaves rows this far from dependent as orthonormal as any other way.
  static constexpr double least_share = 1e-3;

  void append(std::int64_t n, Signal rows) {
    const std::int64_t first = first_row_.back();
    if (by_lanes_ && whitening_.least_share(n) > least_share) {
      whitening_.store(n, own_);
      if (mirrored_) fold(rows, folded_[0], folded_[1]);
      for (std::size_t p = 0; p < (mirrored_ ? 2 : 1); ++p)
        fused_product(own_, mirrored_ ? Signal(folded_[p]) : rows, place(p, first, rows.extent(0)));
      first_row_.push_back(first + rows.extent(0));
      return;
    }
    const Matrix basis = centred_row_basis(rows);
    if (mirrored_)
      fold(basis, place(0, first, basis.extent(0)), place(1, first, basis.extent(0)));
    else
      put(basis, place(0, first, basis.extent(0)));
    first_row_.push_back(first + basis.extent(0));
  }
  [[nodiscard]] View<double, 2> place(std::size_t p, std::int64_t first, std::int64_t count) {
    return parts_[p].view().slice(0, first, count);
  }

  bool mirrored_, by_lanes_;
  Matrices scatters_;
  Matrix own_;
  std::vector<double> sums_;
  LaneWhitening whitening_;
  std::vector<Matrix> parts_, folded_;
  std::vector<std::int64_t> first_row_;
};

namespace {

/// The largest singular value of each of eight products, from the smaller of its two Gram matrices.
void put_largest(Signal cross, std::int64_t rows, std::optional<LaneBlock>& block, View<double, 1> score) {
  const std::int64_t rank = cross.extent(0), size = std::min(rank, rows), width = cross.stride(0);
  const std::int64_t vector_step = rank <= rows ? width : lane_count, entry_step = rank <= rows ? lane_count : width;
  if (!block || block->size() != size) block.emplace(size);
  run_on<LaneGram>(processor(), cross.data(), size, vector_step, std::max(rank, rows), entry_step, false,
                   block->entries());
  const auto largest = block->largest_eigenvalues();
  for (std::int64_t lane = 0; lane < score.extent(0); ++lane)
    score[lane] = std::sqrt(std::clamp(largest[static_cast<std::size_t>(lane)], 0.0, 1.0));
}

/// Even (0) and odd (1) halves of the references' bases; nothing when one of them is another thing backwards.
std::vector<std::vector<Matrix>> mirrored_bases(const std::vector<Signal>& references) {
  std::vector<std::vector<Matrix>> parts(2);
  for (const Signal reference : references) {
    auto halves = mirrored_basis(centred_row_basis(reference));
    if (!halves) return {};
    for (std::size_t p = 0; p < parts.size(); ++p) parts[p].push_back(std::move((*halves)[p]));
  }
  return parts;
}

}  // namespace

ReferenceBases::ReferenceBases(const std::vector<Signal>& references)
    : count_(static_cast<std::int64_t>(references.size())), mirrored_(false), rows_(0) {
  auto bases = mirrored_bases(references);
  mirrored_ = !bases.empty();
  if (!mirrored_) {
    bases.resize(1);
    for (const Signal reference : references) bases[0].push_back(centred_row_basis(reference));
  }
  for (const auto& part : bases) {
    parts_.push_back(part_of(part));
    rows_ += parts_.back().rows;
  }
}

ReferenceBases::Part ReferenceBases::part_of(const std::vector<Matrix>& bases) {
  Part part{.samples = bases.front().extent(1)};
  for (const Matrix& basis : bases) part.rows = std::max(part.rows, basis.extent(0));
  for (std::size_t first = 0; first < bases.size(); first += lane_count) {
    Matrix columns({part.rows * lane_count, part.samples}, 0.0);
    for (std::size_t lane = 0; lane < lane_count && first + lane < bases.size(); ++lane) {
      const Matrix& basis = bases[first + lane];
      for (std::int64_t r = 0; r < basis.extent(0); ++r)
        std::copy_n(basis[r].data(), part.samples, columns[r * lane_count + static_cast<std::int64_t>(lane)].data());
    }
    part.groups.emplace_back(columns);
  }
  return part;
}

Matrix ReferenceBases::largest_correlations(View<const double, 3> signals) const {
  Matrix score({signals.extent(0), count_}, 0.0);
  if (rows_ == 0) return score;
  // So many share their working memory; eight at a time, so that the references are not brought in anew for every
  // signal and the lanes of a register are full.
  constexpr std::int64_t together = 4 * lane_count;
  thread_pool().parallel_for((signals.extent(0) + together - 1) / together, [&](std::int64_t i) {
    const std::int64_t count = std::min(together, signals.extent(0) - i * together);
    put_scores(signals.slice(0, i * together, count), score.view().slice(0, i * together, count));
  });
  return score;
}

void ReferenceBases::put_scores(View<const double, 3> signals, View<double, 2> score) const {
  StackedBases bases(signals.extent(1), signals.extent(2), mirrored_);
  Matrix cross({lane_count * signals.extent(1), rows_ * lane_count}, uninitialised);
  std::optional<LaneBlock> block;
  for (std::int64_t begin = 0; begin < signals.extent(0); begin += lane_count) {
    const std::int64_t taken = std::min(lane_count, signals.extent(0) - begin);
    bases.take(signals.slice(0, begin, taken));
    for (std::int64_t first = 0; first < count_; first += lane_count) {
      put_products(bases, first / lane_count, cross);
      const std::int64_t count = std::min(lane_count, count_ - first);
      for (std::int64_t n = 0; n < taken; ++n) {
        const auto own = cross.view().slice(0, bases.first_row(n), bases.first_row(n + 1) - bases.first_row(n));
        if (own.extent(0) > 0) put_largest(own, rows_, block, score[begin + n].slice(0, first, count));
      }
    }
  }
}

/// Products with eight references: even rows before odd ones.
void ReferenceBases::put_products(const StackedBases& bases, std::int64_t group, View<double, 2> cross) const {
  std::int64_t column = 0;
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    const PackedFactor& factor = parts_[p].groups[static_cast<std::size_t>(group)];
    factor.multiply(bases.part(p), cross.slice(0, 0, bases.rows()).slice(1, column, factor.columns()));
    column += factor.columns();
  }
}

}  // namespace caton
