// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/lane_panel.hpp"

namespace caton {

namespace {

/// What every tile of a panel needs.
struct Follow {
  LaneMatrix* matrix;
  const LaneMatrix* before;
  Panel panel;
};

/// Rows i …, columns from `first` on below `last`, as many at a time as the names say.
template <int Rows, int Columns>
struct FollowKernel {
  static inline __attribute__((always_inline)) void run(const Follow* follow, std::int64_t i, std::int64_t first,
                                                        std::int64_t last) {
    LaneMatrix* const matrix = follow->matrix;
    const LaneMatrix* const before = follow->before;
    const Panel panel = follow->panel;
    const bool pivots = panel.holds(i);
    for (std::int64_t j = first; j + Columns <= last; j += Columns) {
      Lanes re[Rows][Columns]{}, im[Rows][Columns]{};
      if (!pivots) {
#pragma GCC unroll 2
        for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 2
          for (int c = 0; c < Columns; ++c) {
            load_lanes(re[r][c], matrix->at(i + r, j + c));
            load_lanes(im[r][c], matrix->at(i + r, j + c) + lane_count);
          }
        }
      }
      for (std::int64_t m = 0; m < panel.columns; ++m) {
        Lanes a[Rows], b[Rows];
#pragma GCC unroll 2
        for (int r = 0; r < Rows; ++r) {
          load_lanes(a[r], matrix->at(i + r, panel.first + m));
          load_lanes(b[r], matrix->at(i + r, panel.first + m) + lane_count);
        }
#pragma GCC unroll 2
        for (int c = 0; c < Columns; ++c) {
          Lanes x, y;
          load_lanes(x, before->at(m, j + c));
          load_lanes(y, before->at(m, j + c) + lane_count);
#pragma GCC unroll 2
          for (int r = 0; r < Rows; ++r) {
            re[r][c] += a[r] * x - b[r] * y;
            im[r][c] += a[r] * y + b[r] * x;
          }
        }
      }
#pragma GCC unroll 2
      for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 2
        for (int c = 0; c < Columns; ++c) {
          store_lanes(re[r][c], matrix->at(i + r, j + c));
          store_lanes(im[r][c], matrix->at(i + r, j + c) + lane_count);
        }
      }
    }
  }
};

}  // namespace

void follow(LaneMatrix& matrix, const LaneMatrix& before, const Panel& panel, const RowSpan& span) {
  const Follow all{&matrix, &before, panel};
  const Processor target = processor();
  const std::int64_t even = span.first + (span.last - span.first) / 2 * 2;
  if (span.rows == 1) return run_on<FollowKernel<1, 1>>(target, &all, span.row, span.first, span.last);
  run_on<FollowKernel<2, 2>>(target, &all, span.row, span.first, even);
  if (even < span.last) run_on<FollowKernel<2, 1>>(target, &all, span.row, even, span.last);
}

}  // namespace caton
