// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <vector>

/// Products of many samples with small matrices, the inner loops of independent component analysis: signals lie in
/// tiles that stay in the cache, rows x 512 samples each, the last one filled up with zeros. Same bits for any number
/// of threads and on every processor.
namespace caton {

inline constexpr std::int64_t tile_samples = 512;

/// A signal cut into tiles.
class Tiles {
 public:
  /// `mean` (one a row, or none) is subtracted.
  explicit Tiles(Signal x, const std::vector<double>& mean = {});
  Tiles(std::int64_t rows, std::int64_t samples);

  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::int64_t samples() const noexcept { return samples_; }
  [[nodiscard]] std::int64_t count() const noexcept { return (samples_ + tile_samples - 1) / tile_samples; }
  /// Samples of the last tile that are only there to fill it.
  [[nodiscard]] std::int64_t filling() const noexcept { return count() * tile_samples - samples_; }
  [[nodiscard]] double* tile(std::int64_t index) noexcept { return values_.data() + index * rows_ * tile_samples; }
  [[nodiscard]] const double* tile(std::int64_t index) const noexcept {
    return values_.data() + index * rows_ * tile_samples;
  }
  /// The tiles put together again (rows x samples).
  [[nodiscard]] Matrix signal() const;

 private:
  std::int64_t rows_, samples_;
  Vector values_;
};

/// y = w x for one tile: w is rows x columns (row major), x columns x `width`, y rows x `width`; `width` a multiple
/// of 8.
void multiply_tile(const double* w, std::int64_t rows, std::int64_t columns, const double* x, std::int64_t width,
                   double* y);
/// sums += a bᵀ for one tile: a is rows x `width`, b columns x `width`, sums rows x columns.
void add_products_of_tile(const double* a, std::int64_t rows, const double* b, std::int64_t columns, std::int64_t width,
                          double* sums);

/// w x for all tiles.
[[nodiscard]] Tiles multiplied(Signal w, const Tiles& x);
/// x xᵀ over all samples.
[[nodiscard]] Matrix products_of(const Tiles& x);

/// Tiles that one item of parallel work goes through; partial sums are made for each and added in order.
inline constexpr std::int64_t tiles_per_item = 8;
[[nodiscard]] inline std::int64_t items_of(const Tiles& x) { return (x.count() + tiles_per_item - 1) / tiles_per_item; }

}  // namespace caton
