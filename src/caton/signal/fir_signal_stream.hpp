// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/signal_stream.hpp"
#include "caton/signal/fir_design.hpp"

#include <vector>

namespace caton {

/// The causal form of an FIR filter of a phase: the zero phases come (N - 1)/2 samples late, `zero_double` runs the
/// filter and its mirror image, `minimum` is only as late as it is anyway.
[[nodiscard]] std::unique_ptr<SignalStream> fir_signal_stream(const std::vector<double>& h, FirPhase phase,
                                                              std::int64_t channels, double rate_hz);

}  // namespace caton
