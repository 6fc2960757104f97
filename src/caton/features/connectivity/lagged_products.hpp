// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/mvar.hpp"
#include "caton/features/connectivity/normal_equations.hpp"
#include "caton/features/connectivity/time_major.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace caton {

/// Sums over n = lags … T-1 of all epochs of z[n] z[n]ᵀ, where z[n] stacks x[n], x[n-1], … x[n-lags]: everything that
/// least squares of any order up to `lags` needs. Row lag * C + channel; symmetric.
[[nodiscard]] Matrix lagged_products(Epochs x, std::int64_t lags);
[[nodiscard]] Matrix lagged_products(const TimeMajor& x, std::int64_t lags);

/// The first and the last samples of a signal; what lies between is known by its sums.
class WindowEnds {
 public:
  /// `each` samples at both ends, zeros for now.
  WindowEnds(std::int64_t channels, std::int64_t samples, std::int64_t each);
  WindowEnds(const TimeMajor& x, std::int64_t each);

  [[nodiscard]] std::int64_t samples() const noexcept { return samples_; }
  [[nodiscard]] std::int64_t channels() const noexcept { return channels_; }
  [[nodiscard]] std::int64_t width() const noexcept { return values_.extent(1); }
  /// One of the first or of the last samples.
  [[nodiscard]] double* at(std::int64_t sample) noexcept { return values_.data() + row(sample) * width(); }
  [[nodiscard]] const double* at(std::int64_t sample) const noexcept { return values_.data() + row(sample) * width(); }

 private:
  [[nodiscard]] std::int64_t row(std::int64_t sample) const noexcept {
    return sample < each_ ? sample : sample - samples_ + 2 * each_;
  }

  std::int64_t channels_, samples_, each_;
  Matrix values_;
};

/// Sums over the samples first … last - 1 of x[n] x[n - lag]ᵀ: C rows, `width` columns for each lag.
[[nodiscard]] Matrix lagged_sums(const TimeMajor& x, std::int64_t first, std::int64_t last, std::int64_t lags);
/// The products above of a signal whose sums from sample `lags` on are known.
[[nodiscard]] Matrix lagged_products(const WindowEnds& ends, Matrix sums, std::int64_t lags);

/// Where a regression of x[n] on its past stands: the epochs, the order, the first sample predicted.
struct Regression {
  Epochs x;
  std::int64_t order = 1;
  std::int64_t first = 1;
  double ridge = 0;
};

/// From the products of exactly `order` lags. Normal equations by Cholesky where they are well conditioned, else the
/// singular values of the regressors themselves, which also decide about `rank`.
[[nodiscard]] RegressionFit regress(const std::string& where, const Regression& regression, Signal products);

/// By Cholesky alone, from the sums of a signal from sample `lags` on; nothing where the normal equations are not well
/// conditioned.
[[nodiscard]] std::optional<RegressionFit> regress_quickly(const WindowEnds& ends, Matrix sums, std::int64_t lags);

/// Refuses (word `flat`) channels that do not change in any epoch, by their numbers.
void require_variation(const std::string& where, Epochs x);
/// Refuses (word `short`) when E (T - order) <= C order, saying what is needed and what is there.
void require_samples(const std::string& where, Epochs x, std::int64_t order);

}  // namespace caton
