// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/random.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// One channel of made-up muscle: forty sines between 15 Hz and 0.45 times the rate, swelling and fading in bursts,
/// root mean square 1. Refuses a rate that does not carry 15 Hz (word `rate_hz`) and fewer than 2 samples (`samples`).
[[nodiscard]] std::vector<double> muscle_noise(RandomStream random, double rate_hz, std::int64_t samples);

}  // namespace caton
