// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <span>
#include <vector>

namespace caton {

/// Hjorth's descriptors, one a channel.
struct Hjorth {
  std::vector<double> activity;    ///< variance (ddof 0), V^2
  std::vector<double> mobility;    ///< sqrt(var x' / var x), x' plain differences
  std::vector<double> complexity;  ///< mobility of x' over mobility of x
};

/// Equals `antropy.hjorth_params`. Refuses fewer than 3 samples (word `short`), channels whose values or differences do
/// not vary (`flat`).
[[nodiscard]] Hjorth hjorth(Signal x);

/// One channel's descriptors; `scratch` has room for three times the samples. A complexity that is not finite says that
/// the channel does not vary.
struct HjorthRow {
  double activity = 0, mobility = 0, complexity = 0;
};
[[nodiscard]] HjorthRow hjorth_row(std::span<const double> x, std::span<double> scratch);

/// One channel's line length; `scratch` has room for its samples.
[[nodiscard]] double line_length_row(std::span<const double> x, std::span<double> scratch);

/// Sum of |x[n] - x[n-1]| of each channel.
[[nodiscard]] std::vector<double> line_length(Signal x);

}  // namespace caton
