// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/short_correlations.hpp"

#include "caton/base/lanes.hpp"
#include "caton/features/connectivity/sums_of_products.hpp"
#include "caton/signal/fft.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <numbers>
#include <vector>

namespace caton {

namespace {

constexpr std::int64_t tile_rows = 4;
constexpr std::int64_t tile_values = 2 * tile_rows * lane_count;  // of one bin
constexpr std::int64_t blocks_together = 12;                      // stay in the second cache
constexpr std::int64_t fewest_channels = 12, fewest_lags = 3;
constexpr std::int64_t shortest = 32;  // transform
constexpr std::int64_t parts = 3;      // of a complex product: three real ones

/// Samples of one transform: a fifth of them may lie beyond the block.
std::int64_t transform_length(std::int64_t lags) {
  std::int64_t length = shortest;
  while (length < 10 * lags) length *= 2;
  return length;
}

/// Where the spectra of eight channels lie: real parts of all bins, then imaginary parts; the next eight follow.
struct Spectra {
  const double* values;
  std::int64_t length, width;
};

/// Z = U + iV of two real signals at bin k, and at bin -k: (2 Re U, 2 Im U, their sum) and (2 Re V, 2 Im V, their
/// difference) of all channels.
struct UntangleKernel {
  static inline __attribute__((always_inline)) void run(const Spectra* spectra, std::int64_t k, double* left,
                                                        double* right) {
    const std::int64_t size = spectra->length * lane_count, width = spectra->width;
    const std::int64_t at = k * lane_count, mirrored = (spectra->length - k) % spectra->length * lane_count;
    const double* z = spectra->values;
    for (std::int64_t c = 0; c < width; c += lane_count, z += 2 * size) {
      Lanes re, im, back_re, back_im;
      load_lanes(re, z + at);
      load_lanes(im, z + size + at);
      load_lanes(back_re, z + mirrored);
      load_lanes(back_im, z + size + mirrored);
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

/// One bin of some blocks: each has the three parts of the left factor, and of the right one.
struct BinBlocks {
  const double *left, *right;
  std::int64_t width, blocks;
  bool more;  ///< added to those of blocks before
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
      Lanes re{}, im{};
      if (here.more) {
        load_lanes(re, out + r * lane_count);
        load_lanes(im, out + (tile_rows + r) * lane_count);
      }
      store_lanes(re + (a[r] + b[r]), out + r * lane_count);
      store_lanes(im + (c[r] - a[r] + b[r]), out + (tile_rows + r) * lane_count);
    }
  }
};

/// The products of a tile, bin after bin, and what each bin gives to each lag: a cosine and a sine.
struct TileSpectra {
  const double* values;
  std::int64_t bins;
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
      load_lanes(re, here.values + k * tile_values + row * lane_count);
      load_lanes(im, here.values + k * tile_values + (tile_rows + row) * lane_count);
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
        width_(x.width()),
        columns_(width_ / lane_count),
        plan_(fft_plan(length_)),
        products_({width_ / tile_rows * columns_, bins() * tile_values}, uninitialised) {}

  [[nodiscard]] Matrix sums() {
    const std::int64_t blocks = (last_ - first_ + block_ - 1) / block_;
    const std::int64_t groups = (blocks + blocks_together - 1) / blocks_together;
    const std::int64_t together = (blocks + groups - 1) / groups;
    spectra_ = Matrix({together, 2 * length_ * width_}, uninitialised);
    left_ = right_ = Matrix({together, parts * width_}, uninitialised);
    for (std::int64_t b = 0; b < blocks; b += together) {
      const std::int64_t count = std::min(together, blocks - b);
      for (std::int64_t k = 0; k < count; ++k) transform(first_ + (b + k) * block_, spectra_[k].data());
      multiply(count, b > 0);
    }
    Matrix result({x_.channels(), width_ * (lags_ + 1)});
    collect(result);
    add_heads(result);
    return result;
  }

 private:
  [[nodiscard]] std::int64_t bins() const noexcept { return length_ / 2 + 1; }
  [[nodiscard]] double* tile_at(std::int64_t row, std::int64_t column) noexcept {
    return &products_(row / tile_rows * columns_ + column / lane_count, 0);
  }

  /// Of a block the samples (followed by zeros) as real parts; as imaginary parts they and those up to `lags` before
  /// and behind them, as far as they come before `last`, the earlier ones round the circle. Eight channels at a time.
  void transform(std::int64_t begin, double* out) {
    const std::int64_t size = length_ * lane_count, own = std::min(block_, last_ - begin);
    const std::int64_t ahead = std::min(own + lags_, last_ - begin);
    for (std::int64_t c = 0; c < width_; c += lane_count, out += 2 * size) {
      double *const re = work_.data(), *const im = work_.data() + size;
      copy(begin, own, c, re);
      std::fill(re + own * lane_count, re + size, 0.0);
      copy(begin, ahead, c, im);
      std::fill(im + ahead * lane_count, im + size - lags_ * lane_count, 0.0);
      copy(begin - lags_, lags_, c, im + size - lags_ * lane_count);
      const Split<double> done = plan_->run({re, im}, {out, out + size}, lane_count);
      if (done.re == out) continue;
      std::copy_n(done.re, size, out);
      std::copy_n(done.im, size, out + size);
    }
  }

  void copy(std::int64_t begin, std::int64_t count, std::int64_t channel, double* to) const {
    for (std::int64_t n = 0; n < count; ++n)
      std::memcpy(to + n * lane_count, x_.at(begin + n) + channel, lane_count * sizeof(double));
  }

  void multiply(std::int64_t blocks, bool more) {
    const Processor target = processor();
    const BinBlocks bin{left_.data(), right_.data(), width_, blocks, more};
    for (std::int64_t k = 0; k < bins(); ++k) {
      for (std::int64_t b = 0; b < blocks; ++b) {
        const Spectra spectra{spectra_[b].data(), length_, width_};
        run_on<UntangleKernel>(target, &spectra, k, &left_(b, 0), &right_(b, 0));
      }
      for (std::int64_t r = 0; r < x_.channels(); r += tile_rows) {
        for (std::int64_t c = r / lane_count * lane_count; c < width_; c += lane_count)
          run_on<ProductKernel>(target, &bin, r, c, tile_at(r, c) + k * tile_values);
      }
    }
  }

  [[nodiscard]] Matrix turns() const {
    std::vector<double> cosines, sines;
    for (std::int64_t n = 0; n < length_; ++n) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(n) / static_cast<double>(length_);
      cosines.push_back(std::cos(angle));
      sines.push_back(std::sin(angle));
    }
    Matrix result({bins(), 2 * (lags_ + 1)}, uninitialised);
    for (std::int64_t k = 0; k < bins(); ++k) {
      const double weight = (k == 0 || 2 * k == length_ ? 0.25 : 0.5) / static_cast<double>(length_);
      for (std::int64_t lag = 0; lag <= lags_; ++lag) {
        const auto turn = static_cast<std::size_t>(k * lag % length_);
        result(k, lag) = weight * cosines[turn];
        result(k, lags_ + 1 + lag) = weight * sines[turn];
      }
    }
    return result;
  }

  /// The sums at lags 0 to `lags` of r before c, and those of c before r but for the first samples.
  void collect(Matrix& result) {
    const Matrix turns = this->turns();
    Array<double, 3> forward({tile_rows, lags_ + 1, lane_count}, uninitialised), backward(forward);
    for (std::int64_t first = 0; first < x_.channels(); first += tile_rows) {
      for (std::int64_t c = first / lane_count * lane_count; c < width_; c += lane_count) {
        const TileSpectra tile{tile_at(first, c), bins(), turns.data(), lags_};
        for (std::int64_t r = 0; r < tile_rows; ++r) {
          for (std::int64_t lag = 0; lag <= lags_;)
            lag += find_lags(tile, r, lag, &forward(r, 0, 0), &backward(r, 0, 0));
        }
        put(first, c, forward, backward, result);
      }
    }
  }

  /// As many lags from this one on as go together.
  static std::int64_t find_lags(const TileSpectra& tile, std::int64_t row, std::int64_t lag, double* forward,
                                double* backward) {
    const Processor target = processor();
    const std::int64_t count = std::min<std::int64_t>(4, tile.lags + 1 - lag);
    if (count == 4) run_on<LagKernel<4>>(target, &tile, row, lag, forward, backward);
    if (count == 3) run_on<LagKernel<3>>(target, &tile, row, lag, forward, backward);
    if (count == 2) run_on<LagKernel<2>>(target, &tile, row, lag, forward, backward);
    if (count == 1) run_on<LagKernel<1>>(target, &tile, row, lag, forward, backward);
    return count;
  }

  void put(std::int64_t row, std::int64_t column, const Array<double, 3>& forward, const Array<double, 3>& backward,
           Matrix& result) const {
    const std::int64_t rows = std::min(tile_rows, x_.channels() - row);
    const std::int64_t columns = std::min(lane_count, x_.channels() - column);
    const bool diagonal = column < row + rows;
    for (std::int64_t lag = 0; lag <= lags_; ++lag) {
      const Array<double, 3>& back = lag == 0 ? forward : backward;
      for (std::int64_t r = 0; r < rows; ++r) {
        const std::int64_t from = diagonal ? std::max<std::int64_t>(0, row + r - column) : 0;
        if (from < columns)
          std::copy_n(&forward(r, lag, from), columns - from, &result(row + r, lag * width_ + column + from));
      }
      for (std::int64_t c = 0; c < columns; ++c) {
        double* const to = &result(column + c, lag * width_ + row);
        const std::int64_t above = diagonal ? std::min(rows, column + c - row) : rows;
        for (std::int64_t r = 0; r < above; ++r) to[r] = back(r, lag, c);
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
  std::int64_t first_, last_, lags_, length_, block_, width_, columns_;
  std::shared_ptr<const Fft> plan_;
  Matrix products_;      ///< tiles x (bins x values of a tile)
  Matrix spectra_;       ///< blocks x spectra
  Matrix left_, right_;  ///< blocks x parts of one bin
  Matrix work_{{2 * length_, lane_count}, uninitialised};
};

}  // namespace

bool worth_transforms(std::int64_t channels, std::int64_t samples, std::int64_t lags) noexcept {
  return channels >= fewest_channels && lags >= fewest_lags && samples >= 2 * transform_length(lags);
}

Matrix short_correlations(const TimeMajor& x, std::int64_t first, std::int64_t last, std::int64_t lags) {
  return ShortCorrelations(x, first, last, lags).sums();
}

}  // namespace caton
