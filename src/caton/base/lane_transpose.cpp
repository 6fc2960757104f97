// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/lane_transpose.hpp"

namespace caton {

namespace {

/// Blocks of 8 x 8 values: vector i of a block lies at `from + i from_step`, the next block `from_block` further.
struct TransposeBlocks {
  static inline __attribute__((always_inline)) void run(const double* from, std::int64_t from_step,
                                                        std::int64_t from_block, std::int64_t blocks, double* to,
                                                        std::int64_t to_step, std::int64_t to_block) {
    for (std::int64_t k = 0; k < blocks; ++k, from += from_block, to += to_block) {
      Lanes x[lane_count];
#pragma GCC unroll 8
      for (std::int64_t i = 0; i < lane_count; ++i) load_lanes(x[i], from + i * from_step);
      transpose_lanes(x);
#pragma GCC unroll 8
      for (std::int64_t i = 0; i < lane_count; ++i) store_lanes(x[i], to + i * to_step);
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
