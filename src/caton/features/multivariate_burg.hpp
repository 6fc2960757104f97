// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <complex>
#include <string>

/// Autoregressive models of several channels by Nuttall and Strand's form of Burg's recursion: x_t = sum_k A_k x_{t-k}
/// + e_t (HappyFeat's sign).
namespace caton {

struct MultivariateModel {
  Array<double, 3> ar;  ///< order x channels x channels
  Matrix variance;      ///< of e: channels x channels
};
/// The mean of each channel is removed. One channel gives Burg's model. Refuses orders below 1 or not below the number
/// of samples (word `order`), channels that depend on each other (`rank`), channels that do not vary (`flat`).
[[nodiscard]] MultivariateModel multivariate_burg(Signal x, std::int64_t order,
                                                  const std::string& where = "multivariate_burg");

using ComplexSpectrum = Array<std::complex<double>, 3>;  ///< frequencies x channels x channels

/// S(f) = H P H^H, H = (I - sum A_k e^(-2 pi i f k / size))^-1 at f = 0 … size/2. Refuses sizes below 2 (`size`), other
/// shapes (`shape`), a pole on the unit circle (`unstable`).
[[nodiscard]] ComplexSpectrum multivariate_ar_spectrum(View<const double, 3> ar, Signal variance, std::int64_t size,
                                                       const std::string& where = "multivariate_ar_spectrum");

}  // namespace caton
