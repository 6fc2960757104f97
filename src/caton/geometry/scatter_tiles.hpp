// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"

namespace caton {

/// Panels that a tile takes side by side at most.
inline constexpr std::int64_t widest_tile = 3;

/// Lines of memory that will be needed soon.
struct LinesAhead {
  const double* from = nullptr;
  const std::int64_t* offsets = nullptr;
};

/// Eight channels (one panel) times those of one to three panels.
struct Tile {
  const double* left;
  const double* right;
  std::int64_t panel_step;  ///< from one panel to the next
  std::int64_t count;       ///< samples
  double* out;
  std::int64_t out_row;
  bool adds;         ///< to what stands in `out`, which is overwritten otherwise
  bool diagonal;     ///< the last panel is `left`: entries above its diagonal are not asked for
  LinesAhead ahead;  ///< `count` of them, or none
};

/// Works on `panels` (1 to `widest_tile`) of them. The same bits on every processor.
void add_tile(Processor target, const Tile& tile, std::int64_t panels);

}  // namespace caton
