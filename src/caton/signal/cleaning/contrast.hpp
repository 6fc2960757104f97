// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/signal/cleaning/tiles.hpp"

#include <vector>

namespace caton {

/// How far from normal a source is: the function whose mean is made small, with its derivative `score` and second
/// derivative `slope`. log cosh: ln cosh(a y)/a up to a constant, tanh(a y), a (1 - tanh²); exp: -exp(-y²/2),
/// y exp(-y²/2), (1 - y²) exp(-y²/2); cube: y⁴/4, y³, 3 y².
enum class Contrast { log_cosh, exp, cube };

struct ContrastOptions {
  Contrast function = Contrast::log_cosh;
  double alpha = 1;         ///< of log cosh
  bool with_input = false;  ///< `cross` = score(y) xᵀ rather than score(y) yᵀ
  bool value = false;       ///< also the mean of the function itself
  bool curvature = false;   ///< also slope(y) (y²)ᵀ
};

/// Means over all samples for y = w x.
struct ContrastMeans {
  Matrix cross;               ///< score(y) yᵀ (or xᵀ), rows of w x the same
  std::vector<double> slope;  ///< by row
  std::vector<double> value;  ///< by row; log cosh counts |y| + ln(1 + e^-2|y|) for alpha 1
  std::vector<double> power;  ///< mean y² by row, with `curvature`
  Matrix curvature;           ///< slope(y) (y²)ᵀ
};

/// One pass over the samples: y, its scores and all sums are made tile by tile and never leave the cache.
[[nodiscard]] ContrastMeans contrast_means(Signal w, const Tiles& x, const ContrastOptions& options);

/// tanh of `count` values (a multiple of 8) in place, within 3e-16.
void tanh_in_place(double* values, std::int64_t count);

}  // namespace caton
