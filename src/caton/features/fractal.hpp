// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// Fractal dimensions and scaling exponents, one number a channel. All refuse flat channels (word `flat`). Each has a
/// form for one channel that asks for no memory but gets a scratch, and gives NaN for flat ones.
namespace caton {

/// `antropy.higuchi_fd`: its curve lengths sum one step fewer than Higuchi (1988); kept. Refuses kmax below 2
/// (word `kmax`), fewer than 2 kmax + 1 samples (`short`).
[[nodiscard]] std::vector<double> higuchi(Signal x, int kmax = 10);
/// `scratch` has room for 2 kmax values.
[[nodiscard]] double higuchi_row(std::span<const double> x, int kmax, std::span<double> scratch);
/// Refuses as `higuchi` what windows of so many samples cannot have.
void require_higuchi(std::int64_t samples, int kmax);
/// `antropy.katz_fd`. Refuses fewer than 3 samples (`short`).
[[nodiscard]] std::vector<double> katz(Signal x);
/// `scratch` has room for the samples.
[[nodiscard]] double katz_row(std::span<const double> x, std::span<double> scratch);
/// `antropy.petrosian_fd`; defined for flat channels too (1). Refuses fewer than 2 samples (`short`).
[[nodiscard]] std::vector<double> petrosian(Signal x);
/// `scratch` has room for the samples.
[[nodiscard]] double petrosian_row(std::span<const double> x, std::span<double> scratch);
/// `antropy.detrended_fluctuation`: windows of 4 to 0.1 T samples, growing by 1.2. Refuses fewer than two window sizes
/// (58 samples, `short`).
[[nodiscard]] std::vector<double> detrended_fluctuation(Signal x);
/// The exponents of one window after the other, all of one length, in memory of its own.
class FluctuationRow {
 public:
  /// Refuses as `detrended_fluctuation`.
  explicit FluctuationRow(std::int64_t samples);
  [[nodiscard]] double run(std::span<const double> x);

 private:
  std::vector<std::int64_t> sizes_;
  std::vector<double> walk_, errors_, log_size_, log_fluctuation_;
};

}  // namespace caton
