// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>

/// Distribution functions behind intervals and tests, to about 1e-14 relative. Arguments outside their domain (a
/// probability beyond [0, 1], no degrees of freedom) are refused with the word `probability` or `freedom`.
namespace caton {

[[nodiscard]] double normal_cdf(double z) noexcept;
/// Upper tail, exact where 1 - cdf would cancel.
[[nodiscard]] double normal_sf(double z) noexcept;
/// Inverse of `normal_cdf`; -infinity at 0 and infinity at 1.
[[nodiscard]] double normal_quantile(double probability);

[[nodiscard]] double student_t_cdf(double t, double freedom);
[[nodiscard]] double student_t_sf(double t, double freedom);
[[nodiscard]] double student_t_quantile(double probability, double freedom);

[[nodiscard]] double chi_square_sf(double x, double freedom);
[[nodiscard]] double f_sf(double x, double freedom_between, double freedom_within);

/// Regularised incomplete beta function I_x(a, b); `beta_sf` is 1 - I_x(a, b) without cancellation.
[[nodiscard]] double beta_cdf(double x, double a, double b);
[[nodiscard]] double beta_sf(double x, double a, double b);
[[nodiscard]] double beta_quantile(double probability, double a, double b);

/// P(X <= k) and P(X > k) of `n` draws with probability `p`; k may lie outside 0 … n.
[[nodiscard]] double binomial_cdf(std::int64_t k, std::int64_t n, double p);
[[nodiscard]] double binomial_sf(std::int64_t k, std::int64_t n, double p);
/// The smallest k with P(X > k) <= `probability` (SciPy `binom.isf`).
[[nodiscard]] std::int64_t binomial_isf(double probability, std::int64_t n, double p);

}  // namespace caton
