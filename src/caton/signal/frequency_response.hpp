// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/zpk.hpp"

#include <span>
#include <vector>

namespace caton {

/// The complex response of second-order sections (`scipy.signal.sosfreqz`) at frequencies from 0 to half the rate.
[[nodiscard]] std::vector<Complex> section_response(Signal sos, double rate_hz, std::span<const double> freqs_hz);
/// The complex response of an FIR filter (`scipy.signal.freqz`).
[[nodiscard]] std::vector<Complex> fir_response(std::span<const double> h, double rate_hz,
                                                std::span<const double> freqs_hz);

}  // namespace caton
