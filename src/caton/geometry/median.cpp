// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/median.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/geometry/distance.hpp"
#include "caton/geometry/spectral.hpp"

#include <cmath>
#include <numeric>

namespace caton {

namespace {

const std::string where = "spd_median";
const std::vector<Metric> known{Metric::riemann, Metric::euclid};
constexpr int most_rounds = 50;
constexpr double tolerance = 1e-5;

/// Weights over distances; points at the median itself have none. `at_zero` is the mean weight of those.
struct Pull {
  std::vector<double> weights;
  double sum = 0;
  double at_zero = 0;
  bool any_at_zero = false;
};

Pull pull_of(const std::vector<double>& distances, const std::vector<double>& weights) {
  Pull pull;
  double zero_sum = 0, zero_count = 0;
  for (std::size_t n = 0; n < distances.size(); ++n) {
    const bool away = distances[n] > 0;
    pull.weights.push_back(away ? weights[n] / distances[n] : 0);
    pull.sum += pull.weights.back();
    if (!away) {
      zero_sum += weights[n];
      zero_count += 1;
    }
  }
  pull.any_at_zero = zero_count > 0;
  if (pull.any_at_zero) pull.at_zero = zero_sum / zero_count;
  return pull;
}

Matrix riemann_median(MatricesView c, const std::vector<double>& weights) {
  Matrix median = weighted_sum(c, weights);
  for (int round = 0; round < most_rounds; ++round) {
    Pull pull = pull_of(spd_distance(c, as_set(median), Metric::riemann), weights);
    if (!(pull.sum > 0)) break;
    for (double& weight : pull.weights) weight /= pull.sum;
    const Roots roots = roots_of(where, median);
    const Matrix gradient = weighted_sum(spd_function_between(where, roots.invsqrt, c, SpdFunction::log), pull.weights);
    median = copy_of(congruence(roots.sqrt, spd_function(as_set(gradient), SpdFunction::exp)), 0);
    if (frobenius_norm(gradient) <= tolerance) break;
  }
  return median;
}

/// Weiszfeld's rounds with the rule of Vardi and Zhang for points at the median.
Matrix euclid_median(MatricesView c, const std::vector<double>& weights) {
  Matrix median = weighted_sum(c, weights);
  for (int round = 0; round < most_rounds; ++round) {
    const Pull pull = pull_of(spd_distance(c, as_set(median), Metric::euclid), weights);
    if (!(pull.sum > 0)) break;
    const Matrix mean = scaled(weighted_sum(c, pull.weights), 1 / pull.sum);
    Matrix next = mean;
    if (pull.any_at_zero) {
      const double force = frobenius_norm(combination(1, mean, -1, median)) * pull.sum;
      const double share = force == 0 ? 0 : pull.at_zero / force;
      next = combination(std::max(0.0, 1 - share), mean, std::min(1.0, share), median);
    }
    const double change = frobenius_norm(combination(1, next, -1, median));
    median = std::move(next);
    if (change <= tolerance) break;
  }
  return median;
}

}  // namespace

Matrix spd_median(MatricesView c, Metric metric, std::span<const double> given) {
  require_symmetric(where, c);
  const auto weights = normalised_weights(where, given, c.extent(0));
  if (metric == Metric::riemann) return riemann_median(c, weights);
  if (metric == Metric::euclid) return euclid_median(c, weights);
  throw unknown_metric(where, metric_name(metric), known);
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  const Metric metric = metric_named(args.operation(), args.text("metric"), known);
  return {
      {"m", Tensor::of(spd_median(MatricesPort(args, in, "c"), metric, optional_vector_port(args, in, "weights")))}};
}

const Operation operation{.name = "spd_median",
                          .room = "geometry",
                          .about =
                              "geometric median of symmetric positive definite matrices (pyRiemann "
                              "median_riemann, median_euclid)",
                          .arguments = {{"metric", "text", Json("riemann"), "riemann or euclid"}},
                          .inputs = {{"c", "N C C"}, {"weights", "N", {}, true}},
                          .outputs = {{"m", "C C"}},
                          .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace

}  // namespace caton
