// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/time_major.hpp"

#include <cstdint>

namespace caton {

/// Whether short transforms take fewer operations than the sums themselves.
[[nodiscard]] bool worth_transforms(std::int64_t channels, std::int64_t samples, std::int64_t lags) noexcept;

/// Sums over the samples first … last - 1 of x[n] x[n - lag]ᵀ, for lags 0 to `lags`: C rows, `width` columns for each
/// lag. By short Fourier transforms: all lags of a pair of channels, to both sides, come out of one product of their
/// spectra summed over blocks of samples, which costs little more than the sum of one lag.
[[nodiscard]] Matrix short_correlations(const TimeMajor& x, std::int64_t first, std::int64_t last, std::int64_t lags);

}  // namespace caton
