// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <complex>
#include <span>
#include <vector>

/// Autoregressive models of single channels in the project's sign: x[n] + sum_k a_k x[n-k] = e[n].
namespace caton {

struct BurgModel {
  std::vector<double> coefficients;  ///< a_1 … a_p
  std::vector<double> reflection;    ///< k_1 … k_p
  double variance = 0;               ///< of e: mean x² times the product of 1 - k²
  /// Of e, from the forward and backward errors of the last stage alone (statsmodels' `burg`).
  double last_stage_variance = 0;
};
/// Burg's recursion as it stands: no mean is removed. `order` from 1 to samples - 1. A signal that is predicted without
/// error before the last stage keeps 0 for the rest.
[[nodiscard]] BurgModel burg_recursion(std::span<const double> x, std::int64_t order);
/// The same into a model whose memory is used again; `scratch` has room for twice the samples.
void burg_recursion(std::span<const double> x, std::int64_t order, std::span<double> scratch, BurgModel& model);

struct Autoregression {
  Matrix coefficients;           ///< channels x order
  std::vector<double> variance;  ///< V^2
  Matrix reflection = {};        ///< channels x order (Burg)
};

/// Refuses orders below 1 (word `order`), order + 1 samples and fewer (`short`), channels of zeros (`flat`).
[[nodiscard]] Autoregression ar_burg(Signal x, std::int64_t order);
/// One channel's model for windows of one length, with memory of its own: none is asked for after the beginning.
class BurgRow {
 public:
  /// Refuses as `ar_burg`.
  BurgRow(std::int64_t samples, std::int64_t order);
  /// False for a channel of zeros.
  [[nodiscard]] bool run(std::span<const double> x);
  [[nodiscard]] const BurgModel& model() const noexcept { return model_; }

 private:
  std::int64_t order_;
  std::vector<double> scratch_;
  BurgModel model_;
};
/// Biased autocorrelation of the mean-free signal, Toeplitz system. Refuses as `ar_burg`.
[[nodiscard]] Autoregression ar_yule_walker(Signal x, std::int64_t order);

/// 1 + sum a_k w^k at w = e^(-2 pi i hz / rate_hz).
[[nodiscard]] std::complex<double> prediction_polynomial(std::span<const double> coefficients, double cycles);

/// One-sided density 2 v / (rate |1 + sum a_k e^(-i 2 pi f k / rate)|²), channels x frequencies. Refuses frequencies
/// below 0 (`positive`) or not below half the rate (`Nyquist`), a pole on the unit circle (`unstable`).
[[nodiscard]] Matrix ar_psd(Signal coefficients, std::span<const double> variance, double rate_hz,
                            std::span<const double> freqs_hz);

}  // namespace caton
