// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <optional>
#include <span>
#include <vector>

/// Autoregressive spectra in HappyFeat's sign: x_t = sum_k ar_k x_{t-k} + e_t.
namespace caton {

struct BurgPrediction {
  std::vector<double> ar;
  double variance = 0;  ///< of the last stage's errors (statsmodels)
};
/// `statsmodels.regression.linear_model.burg`: the recursion of `burg_recursion` with the signs turned. Refuses orders
/// below 1 or not below the number of samples (word `order`), a signal of zeros (`flat`).
[[nodiscard]] BurgPrediction burg(std::span<const double> x, std::int64_t order, bool demean = true);

/// Largest number of points of a spectrum's grid.
constexpr std::int64_t largest_spectrum_size = std::int64_t{1} << 22;

/// 1/|1 - sum ar_k e^(-2 pi i f k / size)|² at f = 0 … size/2 (`unit-variance`: the noise is left out, so that only the
/// shape of the spectrum counts). Refuses sizes below 2 (word `size`), a pole on the unit circle (`unstable`).
[[nodiscard]] std::vector<double> ar_psd_grid(std::span<const double> ar, std::int64_t size);

struct GridDensity {
  double variance = 0, rate_hz = 0;
};
/// variance/rate/|…|², doubled except at 0 and half the rate.
[[nodiscard]] std::vector<double> ar_psd_grid(std::span<const double> ar, std::int64_t size,
                                              const GridDensity& density);

struct HappyfeatPsd {
  double rate_hz = 0;  ///< says how many hertz a bin spans: rate_hz / size
  std::int64_t size = 0, window = 0, overlap = 0, order = 0;
};
struct HappyfeatPsdResult {
  Array<double, 3> psd;             ///< epochs x channels x size/2
  Array<double, 4> time_frequency;  ///< epochs x channels x blocks x size/2
};
/// HappyFeat's Python extraction, its quirks kept: round((T - overlap)/(window - overlap)) - 1 blocks of window - 1
/// samples, bins 0 … size/2 - 1, the noise variance left out. Refuses windows that do not fit (`window`, `overlap`,
/// `short`) and as `burg`.
[[nodiscard]] HappyfeatPsdResult happyfeat_burg_psd(View<const double, 3> x, const HappyfeatPsd& options);

}  // namespace caton
