// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/tiles.hpp"

#include "caton/base/lanes.hpp"
#include "caton/base/threads.hpp"

#include <algorithm>

namespace caton {

namespace {

/// `Rows` rows of the result at a time, sixteen samples at a time.
template <int Rows>
struct MultiplyRows {
  static inline __attribute__((always_inline)) void run(const double* w, std::int64_t columns, const double* x,
                                                        std::int64_t width, double* y) {
    for (std::int64_t t = 0; t < width; t += 2 * lane_count) {
      const bool both = t + lane_count < width;
      Lanes sum[Rows][2] = {};
      for (std::int64_t k = 0; k < columns; ++k) {
        Lanes first, second;
        load_lanes(first, x + k * width + t);
        load_lanes(second, x + k * width + (both ? t + lane_count : t));
        for (int r = 0; r < Rows; ++r) {
          const double factor = w[r * columns + k];
          sum[r][0] += factor * first;
          sum[r][1] += factor * second;
        }
      }
      for (int r = 0; r < Rows; ++r) {
        store_lanes(sum[r][0], y + r * width + t);
        if (both) store_lanes(sum[r][1], y + r * width + t + lane_count);
      }
    }
  }
};

struct Multiply {
  static inline __attribute__((always_inline)) void run(const double* w, std::int64_t rows, std::int64_t columns,
                                                        const double* x, std::int64_t width, double* y) {
    std::int64_t row = 0;
    for (; row + 4 <= rows; row += 4) MultiplyRows<4>::run(w + row * columns, columns, x, width, y + row * width);
    for (; row < rows; ++row) MultiplyRows<1>::run(w + row * columns, columns, x, width, y + row * width);
  }
};

template <int Rows, int Columns>
struct ProductBlock {
  static inline __attribute__((always_inline)) void run(const double* a, const double* b, std::int64_t width,
                                                        double* sums, std::int64_t stride) {
    Lanes sum[Rows][Columns] = {};
    for (std::int64_t t = 0; t < width; t += lane_count) {
      Lanes right[Columns];
      for (int c = 0; c < Columns; ++c) load_lanes(right[c], b + c * width + t);
      for (int r = 0; r < Rows; ++r) {
        Lanes left;
        load_lanes(left, a + r * width + t);
        for (int c = 0; c < Columns; ++c) sum[r][c] += left * right[c];
      }
    }
    for (int r = 0; r < Rows; ++r) {
      for (int c = 0; c < Columns; ++c) {
        const Lanes& s = sum[r][c];
        sums[r * stride + c] += ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
      }
    }
  }
};

struct AddProducts {
  template <int Rows>
  static inline __attribute__((always_inline)) void rows_of(const double* a, const double* b, std::int64_t columns,
                                                            std::int64_t width, double* sums) {
    std::int64_t column = 0;
    for (; column + 2 <= columns; column += 2)
      ProductBlock<Rows, 2>::run(a, b + column * width, width, sums + column, columns);
    if (column < columns) ProductBlock<Rows, 1>::run(a, b + column * width, width, sums + column, columns);
  }
  static inline __attribute__((always_inline)) void run(const double* a, std::int64_t rows, const double* b,
                                                        std::int64_t columns, std::int64_t width, double* sums) {
    std::int64_t row = 0;
    for (; row + 4 <= rows; row += 4) rows_of<4>(a + row * width, b, columns, width, sums + row * columns);
    for (; row < rows; ++row) rows_of<1>(a + row * width, b, columns, width, sums + row * columns);
  }
};

}  // namespace

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
  run_on<Multiply>(processor(), w, rows, columns, x, width, y);
}

void add_products_of_tile(const double* a, std::int64_t rows, const double* b, std::int64_t columns, std::int64_t width,
                          double* sums) {
  run_on<AddProducts>(processor(), a, rows, b, columns, width, sums);
}

Tiles multiplied(Signal w, const Tiles& x) {
  const Matrix packed(w);
  Tiles y(w.extent(0), x.samples());
  thread_pool().parallel_for(x.count(), [&](std::int64_t index) {
    multiply_tile(packed.data(), packed.extent(0), packed.extent(1), x.tile(index), tile_samples, y.tile(index));
  });
  return y;
}

Matrix products_of(const Tiles& x) {
  const std::int64_t items = items_of(x), size = x.rows() * x.rows();
  Matrix partial({items, size});
  thread_pool().parallel_for(items, [&](std::int64_t item) {
    const std::int64_t end = std::min(x.count(), (item + 1) * tiles_per_item);
    for (std::int64_t tile = item * tiles_per_item; tile < end; ++tile)
      add_products_of_tile(x.tile(tile), x.rows(), x.tile(tile), x.rows(), tile_samples, partial.data() + item * size);
  });
  Matrix sum({x.rows(), x.rows()});
  for (std::int64_t item = 0; item < items; ++item) {
    for (std::int64_t i = 0; i < size; ++i) sum.data()[i] += partial(item, i);
  }
  return sum;
}

}  // namespace caton
