// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <vector>

namespace caton {

enum class Trend { constant, linear };

/// Mean, or straight lines between the breakpoints (samples), taken away (`scipy.signal.detrend`). Refuses breakpoints
/// outside the signal (word `breakpoint`).
[[nodiscard]] Matrix detrend(Signal x, Trend kind = Trend::linear, const std::vector<std::int64_t>& breakpoints = {});

/// One signal without its least-squares line; `out` has room for it.
void remove_line(View<const double, 1> x, double* out);

/// Least-squares polynomials in moving windows (`scipy.signal.savgol_filter(mode="interp")`). Refuses even windows
/// (word `window`), orders not below the window (`order`), signals shorter than it (`short`).
[[nodiscard]] Matrix savitzky_golay(Signal x, std::int64_t window, int order, int derivative = 0);

struct Regressed {
  Matrix y;
  Matrix weights;  ///< channels x references
};
/// What the reference channels (EOG) explain taken away by least squares (`mne.preprocessing.regress_artifact`). Keeps
/// the rank. Refuses references that depend on each other (word `rank`) and other lengths (`shape`).
[[nodiscard]] Regressed regress_out(Signal x, Signal reference);

}  // namespace caton
