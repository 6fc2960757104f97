// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"
#include "caton/geometry/scatter_tiles.hpp"

#include <array>
#include <span>
#include <vector>

namespace caton {

/// Signals whose lines of memory sums of products ask for while they work, so that they are near when their turn comes.
class Ahead {
 public:
  /// From here on the lines of `first`, then those of `second`.
  void start(Signal first, Signal second);
  /// The next `count` lines; none when there are fewer.
  [[nodiscard]] LinesAhead take(std::int64_t count);

 private:
  struct Lines {
    Signal of;
    std::vector<std::int64_t> offsets;  ///< kept for signals that lie in memory as those before
    std::size_t taken = 0;
  };
  static void place(Signal x, Lines& lines);

  std::array<Lines, 2> lines_;
};

/// `sums` = (x - means)(x - means)ᵀ at its diagonal and below, of signals that lie along memory. `sums` and `means`
/// have whole lanes of channels.
void sum_products(Signal x, std::span<const double> means, Ahead& ahead, Matrix& sums, Processor target);

/// Writes both triangles of `factor` times `sums`.
void place_scatter(const Matrix& sums, double factor, View<double, 2> out, Processor target);

}  // namespace caton
