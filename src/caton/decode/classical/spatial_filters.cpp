// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/spatial_filters.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/text.hpp"
#include "caton/geometry/joint_diagonal.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/spectral.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {

namespace {

void check(const char* where, MatricesView c, std::size_t labels, const CspOptions& options) {
  require_symmetric(where, c);
  if (static_cast<std::int64_t>(labels) != c.extent(0))
    throw usage_error(where, "shape: as many labels as matrices are needed");
  if (options.filters < 1) throw usage_error(where, "filters must be at least 1");
}

SymmetricEigen eigen_of(const char* where, Signal a, Signal b) {
  auto eigen = generalized_eigen(a, b);
  if (eigen) return std::move(*eigen);
  throw input_error(where, "rank: the channels depend on each other, so that the filters are not defined",
                    "leave out a flat or interpolated channel, undo the average reference, or regularise the "
                    "covariances (estimator oas)");
}

/// Eigenvectors as columns scaled to unit power in `total`.
Matrix scaled_to_unit_power(Signal rows, Signal total) {
  Matrix columns(rows.transposed());
  for (std::int64_t j = 0; j < columns.extent(1); ++j) {
    const Signal row = rows.slice(0, j, 1);
    const double power = product_transposed(product(row, total), row)(0, 0);
    for (std::int64_t i = 0; i < columns.extent(0); ++i) columns(i, j) /= std::sqrt(power);
  }
  return columns;
}

/// Grosse-Wentrup and Buss' approximation of what a filter's power tells of the class, for each column.
std::vector<double> mutual_information(Signal columns, MatricesView means, const std::vector<double>& prior) {
  std::vector<double> result;
  for (std::int64_t j = 0; j < columns.extent(1); ++j) {
    const Signal column = columns.slice(1, j, 1);
    double a = 0, b = 0;
    for (std::int64_t k = 0; k < means.extent(0); ++k) {
      const double power = transposed_product(column, product(means[k], column))(0, 0);
      const double p = prior[static_cast<std::size_t>(k)];
      a += p * std::log(std::sqrt(power));
      b += p * (power * power - 1);
    }
    result.push_back(-(a + 3.0 / 16 * b * b));
  }
  return result;
}

void add_ridge(View<double, 2> mean, double ridge) {
  const double share = ridge * trace(mean) / static_cast<double>(mean.extent(0));
  for (std::int64_t i = 0; i < mean.extent(0); ++i) mean(i, i) += share;
}

/// First, last, second, last but one, …
std::vector<std::int64_t> from_both_ends(std::int64_t count) {
  std::vector<std::int64_t> order;
  for (std::int64_t i = 0; i < count; ++i) order.push_back(i % 2 == 0 ? i / 2 : count - 1 - i / 2);
  return order;
}

SpatialFilters csp_of_many(MatricesView means, std::span<const std::int64_t> y, const CspOptions& options) {
  const Matrix columns = scaled_to_unit_power(joint_diagonal(means).v, spd_mean(means, options.metric));
  std::vector<double> prior;
  for (std::int64_t k = 0; k < means.extent(0); ++k)
    prior.push_back(static_cast<double>(std::count(y.begin(), y.end(), k)) / static_cast<double>(y.size()));
  return ordered_filters(columns, descending(mutual_information(columns, means, prior)), options.filters);
}

}  // namespace

std::vector<std::int64_t> descending(const std::vector<double>& values) {
  std::vector<std::int64_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return values[static_cast<std::size_t>(a)] > values[static_cast<std::size_t>(b)];
  });
  return order;
}

SpatialFilters ordered_filters(Signal columns, const std::vector<std::int64_t>& order, std::int64_t count) {
  const std::int64_t channels = columns.extent(0);
  const std::int64_t kept = std::min(count, static_cast<std::int64_t>(order.size()));
  const Matrix inverse = pseudo_inverse(columns.transposed());
  SpatialFilters result{Matrix({kept, channels}, uninitialised), Matrix({kept, channels}, uninitialised)};
  for (std::int64_t f = 0; f < kept; ++f) {
    const std::int64_t from = order[static_cast<std::size_t>(f)];
    for (std::int64_t c = 0; c < channels; ++c) {
      result.filters(f, c) = columns(c, from);
      result.patterns(f, c) = inverse(c, from);
    }
  }
  const auto signs = sign_rows(result.filters);
  for (std::int64_t f = 0; f < kept; ++f) {
    for (std::int64_t c = 0; c < channels; ++c) result.patterns(f, c) *= signs[static_cast<std::size_t>(f)];
  }
  return result;
}

SpatialFilters stacked(const std::vector<SpatialFilters>& parts) {
  std::int64_t rows = 0;
  for (const auto& part : parts) rows += part.filters.extent(0);
  const std::int64_t channels = parts.front().filters.extent(1);
  SpatialFilters result{Matrix({rows, channels}, uninitialised), Matrix({rows, channels}, uninitialised)};
  std::int64_t at = 0;
  for (const auto& part : parts) {
    const std::int64_t count = part.filters.extent(0);
    put(part.filters, result.filters.view().slice(0, at, count));
    put(part.patterns, result.patterns.view().slice(0, at, count));
    at += count;
  }
  return result;
}

Matrices class_means(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes, Metric metric,
                     std::span<const double> weights) {
  Matrices means({classes, c.extent(1), c.extent(2)}, uninitialised);
  for (std::int64_t k = 0; k < classes; ++k) {
    const auto count = static_cast<std::int64_t>(std::count(y.begin(), y.end(), k));
    Matrices members({count, c.extent(1), c.extent(2)}, uninitialised);
    std::vector<double> own;
    std::int64_t at = 0;
    for (std::size_t n = 0; n < y.size(); ++n) {
      if (y[n] != k) continue;
      put(c[static_cast<std::int64_t>(n)], members[at++]);
      if (!weights.empty()) own.push_back(weights[n]);
    }
    put(spd_mean(members, metric, own), means[k]);
  }
  return means;
}

SpatialFilters fit_csp(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes,
                       const CspOptions& options) {
  check("csp", c, y.size(), options);
  if (classes < 2) throw usage_error("csp", "training has samples of one class only");
  Matrices means = class_means(c, y, classes, options.metric);
  if (classes > 2) return csp_of_many(means, y, options);
  for (std::int64_t k = 0; k < 2; ++k) add_ridge(means[k], options.ridge);
  const auto eigen = eigen_of("csp", means[1], combination(1, means[0], 1, means[1]));
  if (options.choice == CspChoice::ends)
    return ordered_filters(eigen.vectors, from_both_ends(c.extent(1)), options.filters);
  std::vector<double> apart;
  for (const double value : eigen.values) apart.push_back(std::abs(value - 0.5));
  return ordered_filters(eigen.vectors, descending(apart), options.filters);
}

SpatialFilters fit_trcsp(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes, double alpha,
                         const CspOptions& options) {
  check("trcsp", c, y.size(), options);
  if (classes != 2) throw usage_error("trcsp", "needs two classes, training has " + std::to_string(classes));
  if (options.filters < 2) throw usage_error("trcsp", "filters must be at least 2, one for each class");
  if (!(alpha >= 0 && std::isfinite(alpha)))
    throw usage_error("trcsp", "alpha must be 0 or positive, got " + number_text(alpha));
  const Matrices means = class_means(c, y, classes, options.metric);
  const Matrix ridge = scaled(identity(c.extent(1)), alpha);
  std::vector<SpatialFilters> halves;
  for (const std::int64_t k : {1, 0}) {
    const auto eigen = eigen_of("trcsp", means[k], combination(1, means[1 - k], 1, ridge));
    halves.push_back(ordered_filters(eigen.vectors, descending(eigen.values), options.filters / 2));
  }
  return stacked(halves);
}

SpatialFilters fit_spoc(MatricesView c, std::span<const double> target, const CspOptions& options) {
  check("spoc", c, target.size(), options);
  const auto count = static_cast<double>(target.size());
  double sum = 0, squares = 0;
  for (const double value : target) sum += value;
  for (const double value : target) squares += (value - sum / count) * (value - sum / count);
  const double deviation = std::sqrt(squares / count);
  if (!(deviation > 0) || !std::isfinite(deviation)) throw input_error("spoc", "the target does not vary");
  Matrix weighted({c.extent(1), c.extent(2)}, 0.0);
  for (std::int64_t n = 0; n < c.extent(0); ++n) {
    const double z = (target[static_cast<std::size_t>(n)] - sum / count) / deviation;
    weighted = combination(1, weighted, z / count, c[n]);
  }
  const auto eigen = eigen_of("spoc", weighted, spd_mean(c, options.metric));
  std::vector<double> magnitude;
  for (const double value : eigen.values) magnitude.push_back(std::abs(value));
  return ordered_filters(eigen.vectors, descending(magnitude), options.filters);
}

Matrix log_powers(Signal filters, MatricesView c) {
  const Matrices filtered = congruence(filters, c);
  Matrix result({c.extent(0), filters.extent(0)}, uninitialised);
  for (std::int64_t n = 0; n < c.extent(0); ++n) {
    for (std::int64_t f = 0; f < filters.extent(0); ++f) {
      const double power = filtered(n, f, f);
      if (!(power > 0)) {
        throw input_error("log power", "sample " + std::to_string(n) + " has no power under filter " +
                                           std::to_string(f) + ": its covariance is not positive definite");
      }
      result(n, f) = std::log(power);
    }
  }
  return result;
}

}  // namespace caton
