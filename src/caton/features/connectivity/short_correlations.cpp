// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/short_correlations.hpp"

#include "caton/base/lanes.hpp"
#include "caton/features/connectivity/sums_of_products.hpp"
#include "caton/signal/fft.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

namespace caton {

namespace {

constexpr std::int64_t tile_rows = 4;
constexpr std::int64_t fewest_channels = 12, fewest_lags = 3;
constexpr std::int64_t shortest = 32;  // transform
constexpr std::int64_t parts = 3;      // of a complex product: three real ones

/// Samples of one transform: a fifth of them may lie beyond the block.
std::int64_t transform_length(std::int64_t lags) {
  std::int64_t length = shortest;
  while (length < 10 * lags) length *= 2;
  return length;
}

/// Z = U + iV of two real signals at bin k, and at bin -k: (2 Re U, 2 Im U, their sum) and (2 Re V, 2 Im V, their
/// difference), for eight channels.
struct UntangleKernel {
  static inline __attribute__((always_inline)) void run(const Split<const double>* z, std::int64_t at,
                                                        std::int64_t mirrored, std::int64_t width, double* left,
                                                        double* right) {
    for (std::int64_t c = 0; c < width; c += lane_count) {
      Lanes re, im, back_re, back_im;
      load_lanes(re, z->re + at + c);
      load_lanes(im, z->im + at + c);
      load_lanes(back_re, z->re + mirrored + c);
      load_lanes(back_im, z->im + mirrored + c);
      const Lanes a = re + back_re, b = im - back_im, e = im + back_im, f = back_re - re;
      store_lanes(a, left + c);
      store_lanes(b, left + width + c);
      store_lanes(a + b, left + 2 * width + c);
      store_lanes(e, right + c);
      store_lanes(f, right + width + c);
      store_lanes(e - f, right + 2 * width + c);
    }
  }
};

/// One bin of all blocks: each has the three parts of the left factor, and of the right one.
struct BinBlocks {
  const double *left, *right;
  std::int64_t width, blocks;
};

/// Sums over blocks of U conj(V) of four rows with eight columns: real parts, then imaginary parts.
struct ProductKernel {
  static inline __attribute__((always_inline)) void run(const BinBlocks* bin, std::int64_t row, std::int64_t column,
                                                        double* out) {
    const BinBlocks here = *bin;
    const double *left = here.left + row, *right = here.right + column;
    Lanes a[tile_rows]{}, b[tile_rows]{}, c[tile_rows]{};
    for (std::int64_t n = 0; n < here.blocks; ++n) {
      Lanes x, y, z;
      load_lanes(x, right);
      load_lanes(y, right + here.width);
      load_lanes(z, right + 2 * here.width);
#pragma GCC unroll 4
      for (int r = 0; r < tile_rows; ++r) {
        a[r] += left[r] * x;
        b[r] += left[here.width + r] * y;
        c[r] += left[2 * here.width + r] * z;
      }
      left += parts * here.width;
      right += parts * here.width;
    }
#pragma GCC unroll 4
    for (int r = 0; r < tile_rows; ++r) {
      store_lanes(a[r] + b[r], out + r * lane_count);
      store_lanes(c[r] - a[r] + b[r], out + (tile_rows + r) * lane_count);
    }
  }
};

/// The spectra of a tile, bin after bin, and what each bin gives to each lag: a cosine and a sine.
struct TileSpectra {
  const double* values;
  std::int64_t step, bins;
  const double* turns;  ///< of a bin: (lags + 1) cosines, (lags + 1) sines
  std::int64_t lags;
};

/// A row of a tile at lags first … first + Lags - 1: the sums, and those at the negative lags.
template <int Lags>
struct LagKernel {
  static inline __attribute__((always_inline)) void run(const TileSpectra* tile, std::int64_t row, std::int64_t first,
                                                        double* forward, double* backward) {
    const TileSpectra here = *tile;
    Lanes even[Lags]{}, odd[Lags]{};
    for (std::int64_t k = 0; k < here.bins; ++k) {
      const double* const turns = here.turns + k * 2 * (here.lags + 1) + first;
      Lanes re, im;
      load_lanes(re, here.values + k * here.step + row * lane_count);
      load_lanes(im, here.values + k * here.step + (tile_rows + row) * lane_count);
#pragma GCC unroll 4
      for (int lag = 0; lag < Lags; ++lag) {
        even[lag] += turns[lag] * re;
        odd[lag] += turns[here.lags + 1 + lag] * im;
      }
    }
#pragma GCC unroll 4
    for (int lag = 0; lag < Lags; ++lag) {
      store_lanes(even[lag] - odd[lag], forward + (first + lag) * lane_count);
      store_lanes(even[lag] + odd[lag], backward + (first + lag) * lane_count);
    }
  }
};

class ShortCorrelations {
 public:
  ShortCorrelations(const TimeMajor& x, std::int64_t first, std::int64_t last, std::int64_t lags)
      : x_(x),
        first_(first),
        last_(last),
        lags_(lags),
        length_(transform_length(lags)),
        block_(length_ - 2 * lags),
        blocks_((last - first + block_ - 1) / block_),
        width_(x.width()),
        columns_(width_ / lane_count),
        plan_(fft_plan(length_)) {}

  [[nodiscard]] Matrix sums() {
    transform();
    multiply();
    Matrix result({x_.channels(), width_ * (lags_ + 1)});
    collect(result);
    add_heads(result);
    return result;
  }

 private:
  [[nodiscard]] std::int64_t bins() const noexcept { return length_ / 2 + 1; }
  /// Reals of all tiles of a bin.
  [[nodiscard]] std::int64_t tiles() const noexcept {
    return (width_ / tile_rows) * columns_ * 2 * tile_rows * lane_count;
  }
  [[nodiscard]] std::int64_t tile_at(std::int64_t row, std::int64_t column) const noexcept {
    return (row / tile_rows * columns_ + column / lane_count) * 2 * tile_rows * lane_count;
  }

  /// Of each block the samples (followed by zeros) as real parts; as imaginary parts they and those up to `lags` before
  /// and behind them, as far as they come before `last`, the earlier ones round the circle.
  void transform() {
    const std::int64_t size = length_ * width_;
    spectra_ = Array<double, 3>({blocks_, 2, size}, uninitialised);
    Matrix work({2, size}, uninitialised);
    double *const re = work[0].data(), *const im = work[1].data();
    for (std::int64_t b = 0; b < blocks_; ++b) {
      const std::int64_t begin = first_ + b * block_, own = std::min(block_, last_ - begin);
      const std::int64_t ahead = std::min(own + lags_, last_ - begin);
      std::copy_n(x_.at(begin), own * width_, re);
      std::fill(re + own * width_, re + size, 0.0);
      std::copy_n(x_.at(begin), ahead * width_, im);
      std::fill(im + ahead * width_, im + size - lags_ * width_, 0.0);
      std::copy_n(x_.at(begin - lags_), lags_ * width_, im + size - lags_ * width_);
      const Split<double> kept{&spectra_(b, 0, 0), &spectra_(b, 1, 0)};
      const Split<double> done = plan_->run({re, im}, kept, width_);
      if (done.re == kept.re) continue;
      std::copy_n(done.re, size, kept.re);
      std::copy_n(done.im, size, kept.im);
    }
  }

  void multiply() {
    const Processor target = processor();
    products_ = Matrix({bins(), tiles()}, uninitialised);
    Matrix left({blocks_, parts * width_}, uninitialised), right({blocks_, parts * width_}, uninitialised);
    const BinBlocks bin{left.data(), right.data(), width_, blocks_};
    for (std::int64_t k = 0; k < bins(); ++k) {
      for (std::int64_t b = 0; b < blocks_; ++b) {
        const Split<const double> z{&spectra_(b, 0, 0), &spectra_(b, 1, 0)};
        run_on<UntangleKernel>(target, &z, k * width_, (length_ - k) % length_ * width_, width_, &left(b, 0),
                               &right(b, 0));
      }
      for (std::int64_t r = 0; r < x_.channels(); r += tile_rows) {
        for (std::int64_t c = r / lane_count * lane_count; c < width_; c += lane_count)
          run_on<ProductKernel>(target, &bin, r, c, &products_(k, tile_at(r, c)));
      }
    }
  }

  [[nodiscard]] Matrix turns() const {
    Matrix result({bins(), 2 * (lags_ + 1)}, uninitialised);
    for (std::int64_t k = 0; k < bins(); ++k) {
      const double weight = (k == 0 || 2 * k == length_ ? 0.25 : 0.5) / static_cast<double>(length_);
      for (std::int64_t lag = 0; lag <= lags_; ++lag) {
        const double angle =
            2 * std::numbers::pi * static_cast<double>(k * lag % length_) / static_cast<double>(length_);
        result(k, lag) = weight * std::cos(angle);
        result(k, lags_ + 1 + lag) = weight * std::sin(angle);
      }
    }
    return result;
  }

  /// The sums at lags 0 to `lags` of r before c, and those of c before r but for the first samples.
  void collect(Matrix& result) const {
    const Matrix turns = this->turns();
    const Processor target = processor();
    Matrix forward({lags_ + 1, lane_count}, uninitialised), backward({lags_ + 1, lane_count}, uninitialised);
    for (std::int64_t r = 0; r < x_.channels(); ++r) {
      for (std::int64_t c = r / lane_count * lane_count; c < width_; c += lane_count) {
        const TileSpectra tile{&products_(0, tile_at(r, c)), tiles(), bins(), turns.data(), lags_};
        std::int64_t lag = 0;
        for (; lag + 4 <= lags_ + 1; lag += 4)
          run_on<LagKernel<4>>(target, &tile, r % tile_rows, lag, forward.data(), backward.data());
        for (; lag <= lags_; ++lag)
          run_on<LagKernel<1>>(target, &tile, r % tile_rows, lag, forward.data(), backward.data());
        put(r, c, forward, backward, result);
      }
    }
  }

  void put(std::int64_t r, std::int64_t first, const Matrix& forward, const Matrix& backward, Matrix& result) const {
    for (std::int64_t c = std::max(r, first); c < std::min(first + lane_count, x_.channels()); ++c) {
      for (std::int64_t lag = 0; lag <= lags_; ++lag) {
        result(r, lag * width_ + c) = forward(lag, c - first);
        if (c > r) result(c, lag * width_ + r) = (lag == 0 ? forward : backward)(lag, c - first);
      }
    }
  }

  /// Products of the samples from `first` on with those before it, which the negative lags do not reach.
  void add_heads(Matrix& result) const {
    Matrix heads({x_.channels(), width_}, uninitialised);
    for (std::int64_t lag = 1; lag <= lags_; ++lag) {
      sums_of_products({.left = {x_.at(first_), width_, 1},
                        .right = x_.at(first_ - lag),
                        .right_step = width_,
                        .count = std::min(lag, last_ - first_),
                        .rows = x_.channels(),
                        .columns = width_},
                       heads.data(), width_);
      for (std::int64_t r = 0; r < x_.channels(); ++r) {
        for (std::int64_t c = 0; c < r; ++c) result(r, lag * width_ + c) += heads(r, c);
      }
    }
  }

  const TimeMajor& x_;
  std::int64_t first_, last_, lags_, length_, block_, blocks_, width_, columns_;
  std::shared_ptr<const Fft> plan_;
  Array<double, 3> spectra_;  ///< blocks x (real, imaginary) x (bins x width)
  Matrix products_;           ///< bins x tiles
};

}  // namespace

bool worth_transforms(std::int64_t channels, std::int64_t samples, std::int64_t lags) noexcept {
  return channels >= fewest_channels && lags >= fewest_lags && samples >= 2 * transform_length(lags);
}

Matrix short_correlations(const TimeMajor& x, std::int64_t first, std::int64_t last, std::int64_t lags) {
  return ShortCorrelations(x, first, last, lags).sums();
}

}  // namespace caton
