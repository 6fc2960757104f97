// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/free_run.hpp"

#include "caton/base/lanes.hpp"
#include "caton/features/connectivity/sums_of_products.hpp"

#include <algorithm>

namespace caton {

namespace {

/// Eight columns divided by a lower factor, from the first row down, and the sums of their squares.
struct WhitenKernel {
  static inline __attribute__((always_inline)) void run(const double* factor, std::int64_t size, double* columns,
                                                        std::int64_t step, double* squares) {
    Lanes total{};
    for (std::int64_t i = 0; i < size; ++i) {
      Lanes row;
      load_lanes(row, columns + i * step);
      for (std::int64_t m = 0; m < i; ++m) {
        Lanes above;
        load_lanes(above, columns + m * step);
        row -= factor[i * size + m] * above;
      }
      row *= 1 / factor[i * size + i];
      total += row * row;
      store_lanes(row, columns + i * step);
    }
    store_lanes(total, squares);
  }
};

}  // namespace

FreeRun::FreeRun(Coefficients a, Signal last)
    : order_(a.extent(0)),
      channels_(a.extent(1)),
      width_(whole_lanes(channels_)),
      added_width_(whole_lanes(order_ * channels_)),
      lags_({channels_, added_width_}) {
  for (std::int64_t lag = 0; lag < order_; ++lag) {
    for (std::int64_t to = 0; to < channels_; ++to) {
      for (std::int64_t from = 0; from < channels_; ++from) lags_(from, lag * channels_ + to) = a(lag, to, from);
    }
  }
  for (std::int64_t age = order_; age-- > 0;) append(last[age].data());
}

void FreeRun::append(const double* values) {
  const auto known = static_cast<std::size_t>(count_);
  samples_.resize((known + 1) * static_cast<std::size_t>(width_));
  added_.resize((known + 1) * static_cast<std::size_t>(added_width_));
  double* const to = samples_.data() + count_ * width_;
  std::copy_n(values, channels_, to);
  sums_of_products({.left = {to, 1, channels_},
                    .right = lags_.data(),
                    .right_step = added_width_,
                    .count = channels_,
                    .rows = 1,
                    .columns = added_width_},
                   added_.data() + count_ * added_width_, added_width_);
  ++count_;
}

void FreeRun::advance() {
  std::vector<double> next(static_cast<std::size_t>(channels_));
  for (std::int64_t lag = 0; lag < order_; ++lag) {
    const double* const from = added(count_ - 1 - lag, lag);
    for (std::int64_t c = 0; c < channels_; ++c) next[static_cast<std::size_t>(c)] += from[c];
  }
  append(next.data());
}

double FreeRun::energy(std::int64_t begin, Signal factor) const {
  const std::int64_t states = order_ * order_, width = whole_lanes(states);
  Matrix left({channels_, width});  // of each innovation, column state * p + place
  std::vector<double> innovation(static_cast<std::size_t>(channels_));
  for (std::int64_t k = 0; k < order_; ++k) {
    for (std::int64_t place = 0; place < order_; ++place) {
      const std::int64_t n = begin + k + place, column = k * order_ + place;
      std::copy_n(sample(n), channels_, innovation.data());
      for (std::int64_t lag = 0; lag < place; ++lag) {
        const double* const from = added(n - 1 - lag, lag);
        for (std::int64_t c = 0; c < channels_; ++c) innovation[static_cast<std::size_t>(c)] -= from[c];
      }
      for (std::int64_t c = 0; c < channels_; ++c) left(c, column) = innovation[static_cast<std::size_t>(c)];
    }
  }
  const Matrix whole(factor);
  double total = 0, squares[lane_count];
  for (std::int64_t column = 0; column < width; column += lane_count) {
    run_on<WhitenKernel>(processor(), whole.data(), channels_, left.data() + column, width,
                         static_cast<double*>(squares));
    for (const double square : squares) total += square;
  }
  return total;
}

}  // namespace caton
