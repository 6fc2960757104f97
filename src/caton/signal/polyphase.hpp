// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/pad.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// `up - 1` zeros between samples, filtered by h, every `down`-th kept (`scipy.signal.upfirdn`): ceil(((T-1) up + N) /
/// down) samples.
[[nodiscard]] Matrix upfirdn(Signal x, const std::vector<double>& h, std::int64_t up, std::int64_t down);

struct PolyResample {
  std::int64_t up = 1, down = 1;
  double kaiser_beta = 5;
  Pad edge = Pad::constant;  ///< SciPy's padtype; `constant`: zeros
};
/// `scipy.signal.resample_poly`: ceil(T up / down) samples, zero phase. Edges mean to minimum take that value of the
/// signal away and put it back at the end. Refuses `up`, `down` below 1 (word `positive`).
[[nodiscard]] Matrix resample_poly(Signal x, const PolyResample& options);

/// The Kaiser-windowed low-pass of `resample_poly`: 20 max(up, down) + 1 taps, cut-off 1 / max, scaled by `up`.
[[nodiscard]] std::vector<double> rate_filter(std::int64_t up, std::int64_t down, double kaiser_beta);

}  // namespace caton
