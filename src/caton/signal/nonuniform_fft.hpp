// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/fft.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace caton {

/// Sums of real signals with cosines and sines of any frequencies: one transform of twice the length or more, and a few
/// of its bins for each frequency, weighted by the "exponential of a semicircle" (Barnett, Magland & af Klinteberg
/// 2019, "A parallel nonuniform fast Fourier transform library"). As exact as the direct sums but for about 1e-14 of
/// the signal's length. Eight signals side by side; the same bits on every processor.
class NonuniformFft {
 public:
  /// `frequencies` in cycles per sample. Refuses no samples (word `empty`).
  NonuniformFft(std::int64_t samples, const std::vector<double>& frequencies);

  [[nodiscard]] std::int64_t frequencies() const noexcept { return static_cast<std::int64_t>(first_bins_.size()); }
  /// Whether this is less work than direct sums over half the samples (of what is even or odd about the middle).
  [[nodiscard]] bool pays() const noexcept;
  /// Working memory of `transform`, in numbers.
  [[nodiscard]] std::int64_t memory() const noexcept { return 4 * plan_->length() * 8; }
  /// Of eight pairs of signals `a` and `b` (samples x 8 each): Σ a(t) cos(2π f (t - m)) and Σ a(t) sin(2π f (t - m)), m
  /// the middle between the first and the last sample, to `of_a` (frequencies x 2 x 8), those of b to `of_b`.
  void transform(const double* a, const double* b, double* memory, double* of_a, double* of_b) const;

 private:
  std::int64_t samples_;
  std::shared_ptr<const Fft> plan_;
  std::vector<double> spread_;  ///< of each sample: what the weights take away
  // In ascending order of the frequencies, so that their bins stay in the first cache.
  std::vector<std::int64_t> places_;      ///< which of the frequencies each is
  std::vector<std::int64_t> first_bins_;  ///< of each frequency
  std::vector<double> weights_;           ///< frequencies x taps
  std::vector<double> turns_;             ///< frequencies x 2: cosine and sine from a sample to the middle, halved
};

}  // namespace caton
