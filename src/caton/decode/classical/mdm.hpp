// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/lda.hpp"
#include "caton/decode/classical/spatial_filters.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Decoders that compare symmetric positive definite matrices with class means.
namespace caton {

/// Metrics of means and of distances, which may differ.
struct MdmMetric {
  Metric mean = Metric::riemann;
  Metric distance = Metric::riemann;
};
/// A name for both, or an object with `mean` and `distance`. Refuses unknown ones (word `metric`).
[[nodiscard]] MdmMetric mdm_metric(const std::string& where, const Json& metric);

/// Distance of each matrix to each mean: matrices x classes.
[[nodiscard]] Matrix distances_to(MatricesView c, MatricesView means, Metric metric);
/// The smallest of each row, the first of equals.
[[nodiscard]] std::vector<std::int64_t> smallest_of_rows(Signal distance);
/// softmax(-d²) of each row.
[[nodiscard]] Matrix distance_probability(Signal distance);

/// A linear discriminant's directions as a filter of matrices, seen from the mean of the training matrices (pyRiemann
/// FGDA): what the directions do not span is taken out.
struct GeodesicFilter {
  Metric metric = Metric::riemann;
  Matrix reference;  ///< mean of the training matrices
  Matrix projector;  ///< of tangent vectors
};
[[nodiscard]] GeodesicFilter fit_geodesic_filter(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes,
                                                 Metric metric = Metric::riemann);
[[nodiscard]] Matrices filtered(const GeodesicFilter& filter, MatricesView c);

/// Class means on the way from those of the source domains (0) to those of the target (1). Refuses a trade-off outside
/// [0, 1] (word `tradeoff`), a domain `target` without matrices (`target`), and classes that only one side has
/// (`class`). Equals pyRiemann `MDWM`.
[[nodiscard]] Matrices mdwm_means(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes,
                                  std::span<const std::int64_t> domain, std::int64_t target, double tradeoff,
                                  Metric metric = Metric::riemann);

/// A class as a field of power means.
enum class FieldCombination { sum_means, inf_means };
struct MeanField {
  std::vector<double> powers{-1, 0, 1};
  FieldCombination combination = FieldCombination::sum_means;
  std::vector<Matrices> means;  ///< of each power: classes x size x size
};
/// Refuses powers outside [-1, 1] (word `power`) and none (`powers`). Equals pyRiemann `MeanField`.
[[nodiscard]] MeanField fit_mean_field(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes,
                                       std::vector<double> powers, FieldCombination combination);
/// Root of the sum, or of the smallest, of the squared Riemannian distances to a class' means.
[[nodiscard]] Matrix field_distance(const MeanField& field, MatricesView c);

/// The most frequent class among the `neighbours` nearest training matrices, the lowest of equals. Refuses (word
/// `neighbours`) fewer than 1 or more than there are.
[[nodiscard]] std::vector<std::int64_t> spd_nearest_label(MatricesView train, std::span<const std::int64_t> y,
                                                          MatricesView test, std::int64_t neighbours, Metric metric);

}  // namespace caton
