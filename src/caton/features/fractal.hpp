// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <vector>

/// Fractal dimensions and scaling exponents, one number a channel. All refuse flat channels (word `flat`).
namespace caton {

/// `antropy.higuchi_fd`: its curve lengths sum one step fewer than Higuchi (1988); kept. Refuses kmax below 2
/// (word `kmax`), fewer than 2 kmax + 1 samples (`short`).
[[nodiscard]] std::vector<double> higuchi(Signal x, int kmax = 10);
/// `antropy.katz_fd`. Refuses fewer than 3 samples (`short`).
[[nodiscard]] std::vector<double> katz(Signal x);
/// `antropy.petrosian_fd`; defined for flat channels too (1). Refuses fewer than 2 samples (`short`).
[[nodiscard]] std::vector<double> petrosian(Signal x);
/// `antropy.detrended_fluctuation`: windows of 4 to 0.1 T samples, growing by 1.2. Refuses fewer than two window sizes
/// (58 samples, `short`).
[[nodiscard]] std::vector<double> detrended_fluctuation(Signal x);

}  // namespace caton
