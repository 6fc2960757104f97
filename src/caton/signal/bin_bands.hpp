// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/signal/checks.hpp"

#include <span>
#include <string>

namespace caton {

/// As `require_bands`, for bands that are sums or means over the bins of a spectrum and no filter's: they may begin at
/// 0 Hz and end at half the rate.
void require_bin_bands(const std::string& where, std::span<const Band> bands, double rate_hz);

}  // namespace caton
