// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/mvar.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// A model left to itself: the samples that follow given ones without any innovation, and what each sample adds to
/// those after it.
class FreeRun {
 public:
  /// last: the p samples before the run, newest first.
  FreeRun(Coefficients a, Signal last);

  /// One sample more.
  void advance();
  /// Samples known, the p given ones among them.
  [[nodiscard]] std::int64_t samples() const noexcept { return count_; }
  /// Sum over the last p samples and over k < p of the energies of the innovations that lead to the state at sample
  /// begin + p - 1 + k from rest, in units of factor factorᵀ. The run must reach sample begin + 2 p - 2.
  [[nodiscard]] double energy(std::int64_t begin, Signal factor) const;

 private:
  [[nodiscard]] const double* sample(std::int64_t n) const noexcept { return samples_.data() + n * width_; }
  [[nodiscard]] const double* added(std::int64_t n, std::int64_t lag) const noexcept {
    return added_.data() + n * added_width_ + lag * channels_;
  }
  void append(const double* values);

  std::int64_t order_, channels_, width_, added_width_, count_ = 0;
  Matrix lags_;                  ///< C x (p C): column lag * C + to, row from
  std::vector<double> samples_;  ///< oldest first, each padded to whole registers
  std::vector<double> added_;    ///< of sample n: a[lag] x[n], lag by lag
};

}  // namespace caton
