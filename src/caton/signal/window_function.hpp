// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// A taper as `scipy.signal.get_window(name, samples, fftbins=periodic)`: boxcar, triang, bartlett, cosine, hann,
/// hamming, blackman, nuttall, blackmanharris, flattop, parzen, bohman, barthann, lanczos, tukey, exponential. Refuses
/// other names (word `unknown`) and no samples (`empty`).
[[nodiscard]] std::vector<double> window_function(std::string_view name, std::int64_t samples, bool periodic,
                                                  const std::string& where = "window_function");

}  // namespace caton
