// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/distance.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/cholesky_metric.hpp"
#include "caton/geometry/spectral.hpp"

#include <cmath>
#include <optional>

namespace caton {

namespace {

const std::string where = "spd_distance";

/// Coordinates in which a metric is the Frobenius norm of differences; nothing for the other metrics.
std::optional<Matrices> coordinates(MatricesView c, Metric metric, double p) {
  switch (metric) {
    case Metric::euclid: return Matrices(c);
    case Metric::logeuclid: return spd_function(c, SpdFunction::log);
    case Metric::chol: return cholesky_of(where, c);
    case Metric::harmonic: return spd_function(c, SpdFunction::power, -1);
    case Metric::logchol: {
      Matrices result = cholesky_of(where, c);
      for (std::int64_t n = 0; n < c.extent(0); ++n) {
        for (std::int64_t i = 0; i < c.extent(1); ++i) result(n, i, i) = std::log(result(n, i, i));
      }
      return result;
    }
    case Metric::poweuclid: {
      if (p == 0) return coordinates(c, Metric::logeuclid, p);
      Matrices result = spd_function(c, SpdFunction::power, p);
      for (double& value : result) value /= std::abs(p);
      return result;
    }
    default: return std::nullopt;
  }
}

double log_determinant(Signal factor) {
  double sum = 0;
  for (std::int64_t i = 0; i < factor.extent(0); ++i) sum += std::log(factor(i, i));
  return 2 * sum;
}

/// tr(b⁻¹ a) from the inverse factor of b: the sum of squares of L⁻¹ times the factor of a.
double kullback(Signal factor_a, Signal factor_b, Signal inverse_b) {
  const double norm = frobenius_norm(product(inverse_b, factor_a));
  return 0.5 * (norm * norm - static_cast<double>(factor_a.extent(0)) + log_determinant(factor_b) -
                log_determinant(factor_a));
}

double kullback_distance(Signal a, Signal b, Metric metric) {
  const Matrix factor_a = cholesky_of(where, a), factor_b = cholesky_of(where, b);
  const auto there = [&] { return kullback(factor_a, factor_b, lower_inverse(factor_b)); };
  const auto back = [&] { return kullback(factor_b, factor_a, lower_inverse(factor_a)); };
  if (metric == Metric::kullback) return there();
  if (metric == Metric::kullback_right) return back();
  return there() + back();
}

double logdet_distance(Signal a, Signal b) {
  const double middle = log_determinant(cholesky_of(where, combination(0.5, a, 0.5, b)));
  const double ends = log_determinant(cholesky_of(where, a)) + log_determinant(cholesky_of(where, b));
  return std::sqrt(std::max(middle - 0.5 * ends, 0.0));
}

double from_eigenvalues(const View<const double, 1>& values, Metric metric) {
  double sum = 0, largest = 0;
  for (std::int64_t k = 0; k < values.extent(0); ++k) {
    const double log = std::log(values[k]);
    sum += log * log;
    largest = std::max(largest, std::abs(log));
  }
  return metric == Metric::thompson ? largest : std::sqrt(sum);
}

/// By the eigenvalues of b⁻¹ a.
std::vector<double> eigenvalue_distances(MatricesView a, Signal b, Metric metric) {
  const Matrix values = eigenvalues_between(lower_inverse(cholesky_of(where, b)), a);
  require_positive_definite(where, values);
  std::vector<double> result;
  for (std::int64_t n = 0; n < a.extent(0); ++n) result.push_back(from_eigenvalues(values.view()[n], metric));
  return result;
}

std::vector<double> wasserstein_distances(MatricesView a, Signal b) {
  const Matrix values = eigenvalues_between(roots_of(where, b).sqrt, a);
  require_positive_definite(where, values);
  std::vector<double> result;
  for (std::int64_t n = 0; n < a.extent(0); ++n) {
    double roots = 0;
    for (std::int64_t k = 0; k < b.extent(0); ++k) roots += std::sqrt(values(n, k));
    result.push_back(std::sqrt(std::max(trace(a[n]) + trace(b) - 2 * roots, 0.0)));
  }
  return result;
}

/// Distances of a set to one matrix, for metrics without flat coordinates.
std::vector<double> distances_to(MatricesView a, Signal b, Metric metric) {
  if (metric == Metric::riemann || metric == Metric::thompson) return eigenvalue_distances(a, b, metric);
  if (metric == Metric::wasserstein) return wasserstein_distances(a, b);
  std::vector<double> result(static_cast<std::size_t>(a.extent(0)));
  thread_pool().parallel_for(a.extent(0), [&](std::int64_t n) {
    result[static_cast<std::size_t>(n)] =
        metric == Metric::logdet ? logdet_distance(a[n], b) : kullback_distance(a[n], b, metric);
  });
  return result;
}

void require_sets(MatricesView a, MatricesView b, Metric metric) {
  const auto& known = distance_metrics();
  if (std::find(known.begin(), known.end(), metric) == known.end())
    throw unknown_metric(where, metric_name(metric), known);
  require_symmetric(where, a);
  require_symmetric(where, b);
  require_same_size(where, a, b);
}

double difference(Signal a, Signal b) { return frobenius_norm(combination(1, a, -1, b)); }

}  // namespace

const std::vector<Metric>& distance_metrics() {
  static const std::vector<Metric> known{
      Metric::euclid,         Metric::logeuclid,    Metric::riemann,  Metric::wasserstein, Metric::kullback,
      Metric::kullback_right, Metric::kullback_sym, Metric::logdet,   Metric::logchol,     Metric::chol,
      Metric::harmonic,       Metric::thompson,     Metric::poweuclid};
  return known;
}

std::vector<double> spd_distance(MatricesView a, MatricesView b, Metric metric, double p) {
  require_sets(a, b, metric);
  const bool one = b.extent(0) == 1;
  if (!one && a.extent(0) != b.extent(0)) {
    throw usage_error(where, "shape: " + std::to_string(a.extent(0)) + " matrices and " + std::to_string(b.extent(0)) +
                                 " have no pairs");
  }
  std::vector<double> result;
  if (const auto x = coordinates(a, metric, p)) {
    const auto y = coordinates(b, metric, p);
    for (std::int64_t n = 0; n < a.extent(0); ++n) result.push_back(difference(x->view()[n], y->view()[one ? 0 : n]));
    return result;
  }
  if (one) return distances_to(a, b[0], metric);
  for (std::int64_t n = 0; n < a.extent(0); ++n) result.push_back(distances_to(as_set(a[n]), b[n], metric).front());
  return result;
}

Matrix spd_pairwise_distance(MatricesView a, MatricesView b, Metric metric, bool squared, double p) {
  require_sets(a, b, metric);
  Matrix result({a.extent(0), b.extent(0)}, uninitialised);
  if (const auto x = coordinates(a, metric, p)) {
    const auto y = coordinates(b, metric, p);
    thread_pool().parallel_for(a.extent(0), [&](std::int64_t n) {
      for (std::int64_t m = 0; m < b.extent(0); ++m) result(n, m) = difference(x->view()[n], y->view()[m]);
    });
  } else {
    for (std::int64_t m = 0; m < b.extent(0); ++m) {
      const auto column = distances_to(a, b[m], metric);
      for (std::int64_t n = 0; n < a.extent(0); ++n) result(n, m) = column[static_cast<std::size_t>(n)];
    }
  }
  if (squared) {
    for (double& value : result) value *= value;
  }
  return result;
}

std::vector<double> mahalanobis(Signal x, Signal c, std::span<const double> mean) {
  require_symmetric("mahalanobis", as_set(c));
  if (x.extent(0) != c.extent(0) || (!mean.empty() && static_cast<std::int64_t>(mean.size()) != x.extent(0))) {
    throw usage_error("mahalanobis", "shape: points of " + std::to_string(x.extent(0)) + " channels, a covariance of " +
                                         std::to_string(c.extent(0)));
  }
  Matrix shifted(x);
  for (std::int64_t i = 0; i < x.extent(0) && !mean.empty(); ++i) {
    for (std::int64_t k = 0; k < x.extent(1); ++k) shifted(i, k) -= mean[static_cast<std::size_t>(i)];
  }
  const Matrix white = product(lower_inverse(cholesky_of("mahalanobis", c)), shifted);
  std::vector<double> result;
  for (std::int64_t k = 0; k < x.extent(1); ++k) {
    double sum = 0;
    for (std::int64_t i = 0; i < x.extent(0); ++i) sum += white(i, k) * white(i, k);
    result.push_back(std::sqrt(sum));
  }
  return result;
}

namespace {

Metric metric_of(const Arguments& args) {
  const Metric metric = metric_named(args.operation(), args.text("metric"), distance_metrics());
  if (metric == Metric::poweuclid && !args.given("p")) throw args.refuse("poweuclid needs the argument \"p\"");
  return metric;
}

double exponent(const Arguments& args) { return args.given("p") ? args.number("p") : 1; }

Tensors call(const Arguments& args, const Tensors& in) {
  const Metric metric = metric_of(args);
  const MatricesPort a(args, in, "a"), b(args, in, "b");
  const Tensor d = Tensor::vector(spd_distance(a, b, metric, exponent(args)));
  return {{"d", a.single && b.single ? d.reshaped({}) : d}};
}

Tensors call_pairwise(const Arguments& args, const Tensors& in) {
  const Metric metric = metric_of(args);
  const MatricesPort a(args, in, "a"), b(args, in, in.count("b") == 0 ? "a" : "b");
  return {{"d", Tensor::of(spd_pairwise_distance(a, b, metric, args.flag("squared"), exponent(args)))}};
}

Tensors call_mahalanobis(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const MatricesPort c(args, in, "c");
  std::vector<double> mean;
  if (in.count("mean") != 0) {
    mean = port(in, "mean").doubles();
    if (mean.empty()) throw args.refuse("the mean is empty");
  }
  return {{"d", Tensor::vector(mahalanobis(x, c.matrix(), mean))}};
}

const Argument metric_argument{"metric", "text", Json("riemann"),
                               "euclid, logeuclid, riemann, wasserstein, kullback, kullback_right, kullback_sym, "
                               "logdet, logchol, chol, harmonic, thompson or poweuclid"};
const Argument p_argument{"p", "number", Json{}, "exponent of poweuclid"};

const Operation operation{.name = "spd_distance",
                          .room = "geometry",
                          .about = "distance of matrices to a matrix, or pair by pair (pyRiemann distance)",
                          .arguments = {metric_argument, p_argument},
                          .inputs = {{"a", "N C C"}, {"b", "C C"}},
                          .outputs = {{"d", "N"}},
                          .call = call};
const Operation pairwise_operation{.name = "spd_pairwise_distance",
                                   .room = "geometry",
                                   .about = "distances of all pairs of two sets (pyRiemann pairwise_distance)",
                                   .arguments = {metric_argument, {"squared", "flag", Json(false)}, p_argument},
                                   .inputs = {{"a", "N C C"}, {"b", "M C C", {}, true}},
                                   .outputs = {{"d", "N M"}},
                                   .call = call_pairwise};
const Operation mahalanobis_operation{.name = "mahalanobis",
                                      .room = "geometry",
                                      .about =
                                          "length of points in units of a covariance (pyRiemann "
                                          "distance_mahalanobis)",
                                      .inputs = {{"x", "C P"}, {"c", "C C"}, {"mean", "C 1", {}, true}},
                                      .outputs = {{"d", "P"}},
                                      .call = call_mahalanobis};
CATON_REGISTER(Operation, operation);
CATON_REGISTER(Operation, pairwise_operation);
CATON_REGISTER(Operation, mahalanobis_operation);

}  // namespace

}  // namespace caton
