// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/mdm.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/text.hpp"
#include "caton/geometry/distance.hpp"
#include "caton/geometry/geodesic.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/tangent.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace caton {

MdmMetric mdm_metric(const std::string& where, const Json& metric) {
  const auto both = [&](const std::string& mean, const std::string& distance) {
    return MdmMetric{metric_named(where, mean, mean_metrics()), metric_named(where, distance, distance_metrics())};
  };
  if (!metric.is_object()) return both(metric.text(where + ": metric"), metric.text(where + ": metric"));
  return both(metric.at("mean", where + ": metric").text(where), metric.at("distance", where + ": metric").text(where));
}

Matrix distances_to(MatricesView c, MatricesView means, Metric metric) {
  return spd_pairwise_distance(c, means, metric);
}

std::vector<std::int64_t> smallest_of_rows(Signal distance) {
  std::vector<std::int64_t> result;
  for (std::int64_t n = 0; n < distance.extent(0); ++n) {
    std::int64_t best = 0;
    for (std::int64_t k = 1; k < distance.extent(1); ++k) {
      if (distance(n, k) < distance(n, best)) best = k;
    }
    result.push_back(best);
  }
  return result;
}

Matrix distance_probability(Signal distance) {
  const auto nearest = smallest_of_rows(distance);
  Matrix result(distance.extents(), uninitialised);
  for (std::int64_t n = 0; n < distance.extent(0); ++n) {
    const double least = std::pow(distance(n, nearest[static_cast<std::size_t>(n)]), 2);
    double sum = 0;
    for (std::int64_t k = 0; k < distance.extent(1); ++k)
      sum += result(n, k) = std::exp(least - distance(n, k) * distance(n, k));
    for (std::int64_t k = 0; k < distance.extent(1); ++k) result(n, k) /= sum;
  }
  return result;
}

GeodesicFilter fit_geodesic_filter(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes,
                                   Metric metric) {
  GeodesicFilter filter{.metric = metric, .reference = spd_mean(c, metric), .projector = {}};
  const Matrix w = fit_lda(tangent_space(c, filter.reference, metric), y, classes).weight;
  filter.projector = product(transposed_product(w, pseudo_inverse(product_transposed(w, w))), w);
  return filter;
}

Matrices filtered(const GeodesicFilter& filter, MatricesView c) {
  Matrix t = tangent_space(c, filter.reference, filter.metric);
  // Row by row: a sample's bits must not depend on its neighbours.
  for (std::int64_t n = 0; n < t.extent(0); ++n) {
    const auto row = t.view().slice(0, n, 1);
    put(product(row, filter.projector), row);
  }
  return untangent_space(t, filter.reference, filter.metric);
}

namespace {

/// Class means of the matrices on one side of `target`.
Matrices side_means(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes,
                    std::span<const std::int64_t> domain, std::int64_t target, bool of_target, Metric metric) {
  std::vector<std::int64_t> own;
  std::vector<std::int64_t> chosen;
  for (std::size_t n = 0; n < domain.size(); ++n) {
    if ((domain[n] == target) != of_target) continue;
    chosen.push_back(static_cast<std::int64_t>(n));
    own.push_back(y[n]);
  }
  const std::string side = of_target ? "the target domain" : "the source domains";
  if (chosen.empty()) {
    throw usage_error("mdwm", of_target ? "no matrix belongs to the target " + std::to_string(target)
                                        : "every matrix belongs to the target: there is no source domain");
  }
  for (std::int64_t k = 0; k < classes; ++k) {
    if (std::count(own.begin(), own.end(), k) == 0)
      throw input_error("mdwm", side + " has no matrix of class " + std::to_string(k));
  }
  Matrices members({static_cast<std::int64_t>(chosen.size()), c.extent(1), c.extent(2)}, uninitialised);
  for (std::size_t i = 0; i < chosen.size(); ++i) put(c[chosen[i]], members[static_cast<std::int64_t>(i)]);
  return class_means(members, own, classes, metric);
}

}  // namespace

Matrices mdwm_means(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes,
                    std::span<const std::int64_t> domain, std::int64_t target, double tradeoff, Metric metric) {
  if (!(tradeoff >= 0 && tradeoff <= 1))
    throw usage_error("mdwm", "tradeoff " + number_text(tradeoff) + " lies outside 0 … 1");
  if (domain.size() != y.size() || static_cast<std::int64_t>(y.size()) != c.extent(0))
    throw usage_error("mdwm", "shape: matrices, labels and domains differ in number");
  const Matrices source = side_means(c, y, classes, domain, target, false, metric);
  const Matrices own = side_means(c, y, classes, domain, target, true, metric);
  Matrices means(source.extents(), uninitialised);
  for (std::int64_t k = 0; k < classes; ++k) put(spd_geodesic(source[k], own[k], tradeoff, metric), means[k]);
  return means;
}

MeanField fit_mean_field(MatricesView c, std::span<const std::int64_t> y, std::int64_t classes,
                         std::vector<double> powers, FieldCombination combination) {
  if (powers.empty()) throw usage_error("mean_field", "powers is empty");
  MeanField field{.powers = std::move(powers), .combination = combination, .means = {}};
  for (const double p : field.powers) {
    Matrices means({classes, c.extent(1), c.extent(2)}, uninitialised);
    for (std::int64_t k = 0; k < classes; ++k) {
      const auto count = static_cast<std::int64_t>(std::count(y.begin(), y.end(), k));
      Matrices members({count, c.extent(1), c.extent(2)}, uninitialised);
      std::int64_t at = 0;
      for (std::size_t n = 0; n < y.size(); ++n) {
        if (y[n] == k) put(c[static_cast<std::int64_t>(n)], members[at++]);
      }
      put(spd_mean(members, MeanOptions{.metric = Metric::power, .p = p}), means[k]);
    }
    field.means.push_back(std::move(means));
  }
  return field;
}

Matrix field_distance(const MeanField& field, MatricesView c) {
  Matrix result({c.extent(0), field.means.front().extent(0)}, 0.0);
  for (std::size_t p = 0; p < field.means.size(); ++p) {
    const Matrix squared = spd_pairwise_distance(c, field.means[p], Metric::riemann, true);
    for (std::int64_t i = 0; i < result.size(); ++i) {
      double& place = result.data()[i];
      const bool sum = field.combination == FieldCombination::sum_means;
      place = sum ? place + squared.data()[i] : p == 0 ? squared.data()[i] : std::min(place, squared.data()[i]);
    }
  }
  for (double& value : result) value = std::sqrt(value);
  return result;
}

std::vector<std::int64_t> spd_nearest_label(MatricesView train, std::span<const std::int64_t> y, MatricesView test,
                                            std::int64_t neighbours, Metric metric) {
  if (neighbours < 1 || neighbours > train.extent(0)) {
    throw usage_error("spd_knn", std::to_string(neighbours) + " neighbours do not lie in 1 … " +
                                     std::to_string(train.extent(0)) + ", the number of training matrices");
  }
  const Matrix distance = spd_pairwise_distance(test, train, metric);
  std::vector<std::int64_t> result;
  for (std::int64_t n = 0; n < test.extent(0); ++n) {
    std::vector<std::int64_t> order(y.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int64_t a, std::int64_t b) { return distance(n, a) < distance(n, b); });
    std::map<std::int64_t, std::int64_t> votes;
    for (std::int64_t i = 0; i < neighbours; ++i)
      ++votes[y[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])]];
    const auto most =
        std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    result.push_back(most->first);
  }
  return result;
}

}  // namespace caton
