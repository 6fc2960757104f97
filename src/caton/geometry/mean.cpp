// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/mean.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/geometry/cholesky_metric.hpp"
#include "caton/geometry/geodesic.hpp"
#include "caton/geometry/mean_iterations.hpp"
#include "caton/geometry/spectral.hpp"

#include <cmath>

namespace caton {

namespace {

const std::string where = "spd_mean";

Matrix function_mean(MatricesView c, Weights weights, double p) {
  if (p == 1) return weighted_sum(c, weights);
  const Matrix sum = weighted_sum(spd_function(c, SpdFunction::power, p), weights);
  return spd_function(sum, SpdFunction::power, 1 / p);
}

Matrix logeuclid_mean(MatricesView c, Weights weights) {
  return spd_function(weighted_sum(spd_function(c, SpdFunction::log), weights), SpdFunction::exp);
}

Matrix logchol_mean(MatricesView c, Weights weights) {
  Matrices coordinates(c.extents(), uninitialised);
  for (std::int64_t n = 0; n < c.extent(0); ++n) put(logchol_coordinates(c[n]), coordinates[n]);
  return logchol_matrix(weighted_sum(coordinates, weights));
}

Matrix cholesky_mean(MatricesView c, Weights weights) {
  const Matrix factor = weighted_sum(cholesky_of(where, c), weights);
  return symmetrised(product_transposed(factor, factor));
}

/// The channels that a matrix has; refuses NaN that are not whole rows and columns.
std::vector<std::int64_t> present_channels(Signal c, std::int64_t n) {
  std::vector<std::int64_t> present;
  for (std::int64_t i = 0; i < c.extent(0); ++i) {
    bool missing = true;
    for (std::int64_t j = 0; j < c.extent(1); ++j) missing = missing && std::isnan(c(i, j)) && std::isnan(c(j, i));
    if (!missing) present.push_back(i);
  }
  for (const std::int64_t i : present) {
    for (const std::int64_t j : present) {
      if (std::isfinite(c(i, j))) continue;
      throw input_error(where, "missing channels of matrix " + std::to_string(n) +
                                   " are not whole rows and columns: row " + std::to_string(i) + ", column " +
                                   std::to_string(j) + " is not finite");
    }
  }
  if (present.empty()) throw input_error(where, "all channels of matrix " + std::to_string(n) + " are missing");
  return present;
}

Matrix part(Signal c, const std::vector<std::int64_t>& channels) {
  const auto size = static_cast<std::int64_t>(channels.size());
  Matrix result({size, size}, uninitialised);
  for (std::int64_t i = 0; i < size; ++i) {
    for (std::int64_t j = 0; j < size; ++j)
      result(i, j) = c(channels[static_cast<std::size_t>(i)], channels[static_cast<std::size_t>(j)]);
  }
  return result;
}

/// Entrywise mean of what is present, + 1e-6 on the diagonal.
Matrix present_mean(MatricesView c) {
  Matrix mean({c.extent(1), c.extent(1)});
  for (std::int64_t i = 0; i < c.extent(1); ++i) {
    for (std::int64_t j = 0; j < c.extent(1); ++j) {
      double sum = 0;
      std::int64_t count = 0;
      for (std::int64_t n = 0; n < c.extent(0); ++n) {
        if (std::isnan(c(n, i, j))) continue;
        sum += c(n, i, j);
        ++count;
      }
      if (count == 0) {
        throw input_error(where, "channels " + std::to_string(i) + " and " + std::to_string(j) +
                                     " are missing together: no matrix has both");
      }
      mean(i, j) = sum / static_cast<double>(count) + (i == j ? 1e-6 : 0);
    }
  }
  return mean;
}

/// weight m^½ log(m^-½ x m^-½) m^½ of the present part, added in place.
void add_gradient(View<double, 2> sum, Signal mean, Signal c, const std::vector<std::int64_t>& channels,
                  double weight) {
  const Roots roots = roots_of(where, part(mean, channels));
  const Matrices log = spd_function(congruence(roots.invsqrt, as_set(part(c, channels))), SpdFunction::log);
  const Matrix gradient = copy_of(congruence(roots.sqrt, log), 0);
  for (std::size_t i = 0; i < channels.size(); ++i) {
    for (std::size_t j = 0; j < channels.size(); ++j)
      sum(channels[i], channels[j]) += weight * gradient(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j));
  }
}

int rounds_of(int given, int standard) { return given > 0 ? given : standard; }

}  // namespace

const std::vector<Metric>& mean_metrics() {
  static const std::vector<Metric> known{Metric::euclid,       Metric::logeuclid, Metric::riemann, Metric::wasserstein,
                                         Metric::kullback_sym, Metric::logdet,    Metric::logchol, Metric::chol,
                                         Metric::harmonic,     Metric::thompson,  Metric::ale,     Metric::alm,
                                         Metric::power,        Metric::poweuclid};
  return known;
}

Matrix spd_mean(MatricesView c, const MeanOptions& options, std::span<const double> given) {
  require_symmetric(where, c);
  const auto weights = normalised_weights(where, given, c.extent(0));
  const int rounds = rounds_of(options.max_iterations, 50), many = rounds_of(options.max_iterations, 100);
  switch (options.metric) {
    case Metric::euclid: return weighted_sum(c, weights);
    case Metric::logeuclid: return logeuclid_mean(c, weights);
    case Metric::riemann: return riemann_mean(c, weights, rounds);
    case Metric::wasserstein: return wasserstein_mean(c, weights, rounds);
    case Metric::kullback_sym: return spd_geodesic(weighted_sum(c, weights), function_mean(c, weights, -1), 0.5);
    case Metric::logdet: return logdet_mean(c, weights, rounds);
    case Metric::logchol: return logchol_mean(c, weights);
    case Metric::chol: return cholesky_mean(c, weights);
    case Metric::harmonic: return function_mean(c, weights, -1);
    case Metric::thompson: return thompson_mean(c, rounds);
    case Metric::ale: return ale_mean(c, weights, rounds);
    case Metric::alm: return alm_mean(c, weights, many);
    case Metric::power: return power_mean(c, weights, many, options.p);
    case Metric::poweuclid: return options.p == 0 ? logeuclid_mean(c, weights) : function_mean(c, weights, options.p);
    default: throw unknown_metric(where, metric_name(options.metric), mean_metrics());
  }
}

Matrix spd_mean(MatricesView c, Metric metric, std::span<const double> weights) {
  return spd_mean(c, MeanOptions{.metric = metric}, weights);
}

Matrix spd_mean_missing(MatricesView c, std::span<const double> given, int max_iterations) {
  if (c.extent(1) != c.extent(2)) throw usage_error(where, "shape: the matrices are not square");
  if (c.empty()) throw usage_error(where, "the set of matrices is empty");
  const auto weights = normalised_weights(where, given, c.extent(0));
  std::vector<std::vector<std::int64_t>> present;
  for (std::int64_t n = 0; n < c.extent(0); ++n) {
    present.push_back(present_channels(c[n], n));
    require_symmetric(where, as_set(part(c[n], present.back())));
  }
  Matrix mean = present_mean(c);
  StepControl control;
  for (int round = 0; round < rounds_of(max_iterations, 100); ++round) {
    Matrix gradient({c.extent(1), c.extent(1)});
    for (std::size_t n = 0; n < weights.size(); ++n)
      add_gradient(gradient, mean, c[static_cast<std::int64_t>(n)], present[n], weights[n]);
    const Roots roots = roots_of(where, mean);
    const Matrices step = congruence(roots.invsqrt, as_set(scaled(gradient, control.step())));
    mean = copy_of(congruence(roots.sqrt, spd_function(step, SpdFunction::exp)), 0);
    if (control.ends(frobenius_norm(gradient))) break;
  }
  return mean;
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  MeanOptions options{.metric = metric_named(args.operation(), args.text("metric"), mean_metrics())};
  const bool needs_p = options.metric == Metric::power || options.metric == Metric::poweuclid;
  if (needs_p && !args.given("p")) throw args.refuse("this metric needs the argument \"p\"");
  if (args.given("p")) options.p = args.number("p");
  if (args.given("max_iterations")) options.max_iterations = count_argument(args, "max_iterations");
  if (options.max_iterations > 10000) throw args.refuse("max_iterations must be at most 10000");
  const MatricesPort c(args, in, "c");
  const auto weights = optional_vector_port(args, in, "weights");
  if (!args.given("missing")) return {{"m", Tensor::of(spd_mean(c, options, weights))}};
  if (args.text("missing") != "nan") throw args.refuse("unknown \"missing\": only \"nan\" is known");
  if (options.metric != Metric::riemann) throw args.refuse("missing channels are for the metric riemann only");
  return {{"m", Tensor::of(spd_mean_missing(c, weights, options.max_iterations))}};
}

const Operation operation{
    .name = "spd_mean",
    .room = "geometry",
    .about =
        "mean of symmetric positive definite matrices in a metric, stopping where the reference stops (pyRiemann "
        "gmean, nanmean_riemann)",
    .arguments = {{"metric", "text", Json("riemann"),
                   "euclid, logeuclid, riemann, wasserstein, kullback_sym, logdet, logchol, chol, harmonic, thompson, "
                   "ale, alm, power or poweuclid"},
                  {"p", "number", Json{}, "exponent of power and poweuclid"},
                  {"max_iterations", "integer", Json{}, "most rounds; null: 50, for alm, power and missing 100"},
                  {"missing", "text", Json{}, "nan: channels that are missing are rows and columns of NaN"}},
    .inputs = {{"c", "N C C"}, {"weights", "N", {}, true}},
    .outputs = {{"m", "C C"}},
    .nan_policy = NanPolicy::handle,
    .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace

}  // namespace caton
