// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/operation.hpp"
#include "caton/signal/fir_design.hpp"

namespace caton {

/// The argument `length`: "auto", "10s", "250ms" or samples.
[[nodiscard]] FirLength fir_length_argument(const Arguments& args);
/// The argument `phase`: zero, zero-double, linear, minimum.
[[nodiscard]] FirPhase fir_phase_argument(const Arguments& args);

}  // namespace caton
