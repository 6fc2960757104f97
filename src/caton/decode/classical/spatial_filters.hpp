// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"
#include "caton/geometry/metric.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// Weights that mix channels into few signals, and how each of these signals shows at the channels. Rows are signed so
/// that the filter's entry of largest magnitude is positive.
struct SpatialFilters {
  Matrix filters;   ///< filters x channels
  Matrix patterns;  ///< filters x channels
};

/// Which of two classes' filters are taken: those whose share of power is farthest from one half, or as many from
/// either end.
enum class CspChoice { distance, ends };

struct CspOptions {
  std::int64_t filters = 4;  ///< all where there are fewer
  Metric metric = Metric::euclid;
  CspChoice choice = CspChoice::distance;  ///< csp of two classes
  double ridge = 0;                        ///< csp of two classes: times trace / channels, added to the class means
};

/// Common spatial patterns: filters whose signal's power differs most between classes. Two classes: eigenvectors of
/// (C₁, C₀ + C₁) ordered by |λ - ½|; more: approximate joint diagonaliser ordered by mutual information. c: covariance
/// of each sample; y: 0 … classes-1, each present. Refuses class means that are not positive definite together (word
/// `rank`). Equals pyRiemann `CSP`.
[[nodiscard]] SpatialFilters fit_csp(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes,
                                     const CspOptions& options = {});

/// Two classes, Tikhonov-regularised: half of the filters from (C₁, C₀ + alpha I), then half from (C₀, C₁ + alpha I).
/// alpha is in the unit of the covariances. Refuses more classes (word `class`). Equals MOABB `TRCSP`.
[[nodiscard]] SpatialFilters fit_trcsp(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes,
                                       double alpha = 1, const CspOptions& options = {});

/// Filters whose signal's power follows a number given with each sample (`target`). Refuses a target that does not vary
/// (word `target`). Equals pyRiemann `SPoC`.
[[nodiscard]] SpatialFilters fit_spoc(MatricesView c, std::span<const double> target, const CspOptions& options = {});

/// Logarithm of the power of every filtered sample: samples x filters. Refuses (word `positive`) no power at all.
[[nodiscard]] Matrix log_powers(Signal filters, MatricesView c);

/// Mean of the covariances of each class: classes x size x size.
[[nodiscard]] Matrices class_means(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes, Metric metric,
                                   std::span<const double> weights = {});

/// Columns `order[0]`, … of eigenvectors as filters (at most `count`), their patterns from the pseudo-inverse of all.
[[nodiscard]] SpatialFilters ordered_filters(Signal columns, const std::vector<std::int64_t>& order,
                                             std::int64_t count);
/// Places by descending value, equal ones in their order.
[[nodiscard]] std::vector<std::int64_t> descending(const std::vector<double>& values);
/// Filters one below the other.
[[nodiscard]] SpatialFilters stacked(const std::vector<SpatialFilters>& parts);

}  // namespace caton
