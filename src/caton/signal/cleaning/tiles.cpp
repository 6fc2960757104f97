// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/tiles.hpp"

#include "caton/base/fused_product.hpp"
#include "caton/base/row_products.hpp"
#include "caton/base/threads.hpp"

#include <algorithm>

namespace caton {

Tiles::Tiles(std::int64_t rows, std::int64_t samples) : rows_(rows), samples_(samples) {
  values_ = Vector({rows_ * count() * tile_samples}, uninitialised);
}

Tiles::Tiles(Signal x, const std::vector<double>& mean) : Tiles(x.extent(0), x.extent(1)) {
  thread_pool().parallel_for(count(), [&](std::int64_t index) {
    const std::int64_t begin = index * tile_samples, length = std::min(tile_samples, samples_ - begin);
    for (std::int64_t row = 0; row < rows_; ++row) {
      double* const out = tile(index) + row * tile_samples;
      const double shift = mean.empty() ? 0 : mean[static_cast<std::size_t>(row)];
      for (std::int64_t t = 0; t < length; ++t) out[t] = x(row, begin + t) - shift;
      std::fill(out + length, out + tile_samples, 0.0);
    }
  });
}

Matrix Tiles::signal() const {
  Matrix y({rows_, samples_}, uninitialised);
  thread_pool().parallel_for(count(), [&](std::int64_t index) {
    const std::int64_t begin = index * tile_samples, length = std::min(tile_samples, samples_ - begin);
    for (std::int64_t row = 0; row < rows_; ++row) {
      const double* const from = tile(index) + row * tile_samples;
      std::copy(from, from + length, y.data() + row * samples_ + begin);
    }
  });
  return y;
}

void multiply_tile(const double* w, std::int64_t rows, std::int64_t columns, const double* x, std::int64_t width,
                   double* y) {
  fused_product({w, {rows, columns}}, {x, {columns, width}}, {y, {rows, width}});
}

void add_products_of_tile(const double* a, std::int64_t rows, const double* b, std::int64_t columns, std::int64_t width,
                          double* sums) {
  add_row_products({a, {rows, width}}, {b, {columns, width}}, false, {sums, {rows, columns}});
}

Tiles multiplied(Signal w, const Tiles& x) {
  const Matrix packed(w);
  Tiles y(w.extent(0), x.samples());
  thread_pool().parallel_for(x.count(), [&](std::int64_t index) {
    multiply_tile(packed.data(), packed.extent(0), packed.extent(1), x.tile(index), tile_samples, y.tile(index));
  });
  return y;
}

namespace {

void add_lower(const double* tile, std::int64_t rows, double* sums) {
  const Signal x(tile, {rows, tile_samples});
  add_row_products(x, x, true, {sums, {rows, rows}});
}

}  // namespace

Matrix products_of(const Tiles& x) {
  const std::int64_t items = items_of(x), size = x.rows() * x.rows();
  Matrix partial({items, size});
  thread_pool().parallel_for(items, [&](std::int64_t item) {
    const std::int64_t end = std::min(x.count(), (item + 1) * tiles_per_item);
    for (std::int64_t tile = item * tiles_per_item; tile < end; ++tile)
      add_lower(x.tile(tile), x.rows(), partial.data() + item * size);
  });
  Matrix sum({x.rows(), x.rows()});
  for (std::int64_t item = 0; item < items; ++item) {
    for (std::int64_t i = 0; i < size; ++i) sum.data()[i] += partial(item, i);
  }
  for (std::int64_t i = 0; i < x.rows(); ++i) {
    for (std::int64_t j = 0; j < i; ++j) sum(j, i) = sum(i, j);
  }
  return sum;
}

}  // namespace caton
