// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

namespace caton {

struct FftFeatures {
  double rate_hz = 0;
  std::int64_t low_hz = 1, high_hz = 45;
};
/// ln of the mean amplitude |rfft|/T in cells [k, k + 1) Hz, k = low … high - 1, plus 1e-12: channels x cells; means
/// removed. Refuses low >= high (word `band`), cells above half the rate (`Nyquist`), signals too short to give every
/// cell a bin (`short`).
[[nodiscard]] Matrix fft_features(Signal x, const FftFeatures& options);

}  // namespace caton
