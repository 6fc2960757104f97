// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/mvar.hpp"
#include "caton/features/connectivity/normal_equations.hpp"
#include "caton/features/connectivity/time_major.hpp"

#include <cstdint>
#include <string>

namespace caton {

/// Sums over n = lags … T-1 of all epochs of z[n] z[n]ᵀ, where z[n] stacks x[n], x[n-1], … x[n-lags]: everything that
/// least squares of any order up to `lags` needs. Row lag * C + channel; symmetric.
[[nodiscard]] Matrix lagged_products(Epochs x, std::int64_t lags);
[[nodiscard]] Matrix lagged_products(const TimeMajor& x, std::int64_t lags);

/// Where a regression of x[n] on its past stands: the epochs, the order, the first sample predicted.
struct Regression {
  Epochs x;
  std::int64_t order = 1;
  std::int64_t first = 1;
  double ridge = 0;
};

/// From the products of exactly `order` lags. Normal equations by Cholesky where they are well conditioned, else the
/// singular values of the regressors themselves, which also decide about `rank`.
[[nodiscard]] Regressed regress(const std::string& where, const Regression& regression, Signal products);

/// Refuses (word `flat`) channels that do not change in any epoch, by their numbers.
void require_variation(const std::string& where, Epochs x);
/// Refuses (word `short`) when E (T - order) <= C order, saying what is needed and what is there.
void require_samples(const std::string& where, Epochs x, std::int64_t order);

}  // namespace caton
