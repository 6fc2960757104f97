// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <vector>

namespace caton {

/// The gain wanted at a frequency.
struct GainPoint {
  double at = 0;
  double gain = 0;
};
using GainCurve = std::vector<GainPoint>;

/// Continued to 0 and to `nyquist` with the gain of its ends (1 without any point), then in units of `nyquist`.
[[nodiscard]] GainCurve completed(GainCurve curve, double nyquist);
/// Straight lines between the points.
[[nodiscard]] double gain_at(const GainCurve& curve, double at);

}  // namespace caton
