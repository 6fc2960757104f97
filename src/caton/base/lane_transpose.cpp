// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/lane_transpose.hpp"

namespace caton {

namespace {

/// Swaps a's odd blocks of `width` values with b's even ones.
template <int width>
inline __attribute__((always_inline)) void exchange(Lanes& a, Lanes& b) noexcept {
  const Lanes x = a, y = b;
  if constexpr (width == 1) {
    a = __builtin_shufflevector(x, y, 0, 8, 2, 10, 4, 12, 6, 14);
    b = __builtin_shufflevector(x, y, 1, 9, 3, 11, 5, 13, 7, 15);
  } else if constexpr (width == 2) {
    a = __builtin_shufflevector(x, y, 0, 1, 8, 9, 4, 5, 12, 13);
    b = __builtin_shufflevector(x, y, 2, 3, 10, 11, 6, 7, 14, 15);
  } else {
    a = __builtin_shufflevector(x, y, 0, 1, 2, 3, 8, 9, 10, 11);
    b = __builtin_shufflevector(x, y, 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

inline __attribute__((always_inline)) void transpose(Lanes& a, Lanes& b, Lanes& c, Lanes& d, Lanes& e, Lanes& f,
                                                     Lanes& g, Lanes& h) noexcept {
  exchange<1>(a, b), exchange<1>(c, d), exchange<1>(e, f), exchange<1>(g, h);
  exchange<2>(a, c), exchange<2>(b, d), exchange<2>(e, g), exchange<2>(f, h);
  exchange<4>(a, e), exchange<4>(b, f), exchange<4>(c, g), exchange<4>(d, h);
}

/// Blocks of 8 x 8 values: vector i of a block lies at `from + i from_step`, the next block `from_block` further.
struct TransposeBlocks {
  static inline __attribute__((always_inline)) void run(const double* from, std::int64_t from_step,
                                                        std::int64_t from_block, std::int64_t blocks, double* to,
                                                        std::int64_t to_step, std::int64_t to_block) {
    for (std::int64_t k = 0; k < blocks; ++k, from += from_block, to += to_block) {
      Lanes a, b, c, d, e, f, g, h;
      load_lanes(a, from), load_lanes(b, from + from_step);
      load_lanes(c, from + 2 * from_step), load_lanes(d, from + 3 * from_step);
      load_lanes(e, from + 4 * from_step), load_lanes(f, from + 5 * from_step);
      load_lanes(g, from + 6 * from_step), load_lanes(h, from + 7 * from_step);
      transpose(a, b, c, d, e, f, g, h);
      store_lanes(a, to), store_lanes(b, to + to_step);
      store_lanes(c, to + 2 * to_step), store_lanes(d, to + 3 * to_step);
      store_lanes(e, to + 4 * to_step), store_lanes(f, to + 5 * to_step);
      store_lanes(g, to + 6 * to_step), store_lanes(h, to + 7 * to_step);
    }
  }
};

}  // namespace

void rows_to_lanes(const double* rows, std::int64_t row_step, std::int64_t count, double* lanes) noexcept {
  const std::int64_t blocks = count / lane_count;
  run_on<TransposeBlocks>(processor(), rows, row_step, lane_count, blocks, lanes, lane_count, lane_count * lane_count);
  for (std::int64_t t = blocks * lane_count; t < count; ++t) {
    for (std::int64_t r = 0; r < lane_count; ++r) lanes[t * lane_count + r] = rows[r * row_step + t];
  }
}

void lanes_to_rows(const double* lanes, std::int64_t count, double* rows, std::int64_t row_step) noexcept {
  const std::int64_t blocks = count / lane_count;
  run_on<TransposeBlocks>(processor(), lanes, lane_count, lane_count * lane_count, blocks, rows, row_step, lane_count);
  for (std::int64_t t = blocks * lane_count; t < count; ++t) {
    for (std::int64_t r = 0; r < lane_count; ++r) rows[r * row_step + t] = lanes[t * lane_count + r];
  }
}

}  // namespace caton
