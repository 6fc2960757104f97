// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/geodesic.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/geometry/cholesky_metric.hpp"
#include "caton/geometry/spectral.hpp"

#include <cmath>

namespace caton {

namespace {

const std::string where = "spd_geodesic";

Matrix riemann(Signal a, Signal b, double alpha) {
  const Roots roots = roots_of(where, a);
  const Matrices middle = spd_function_between(where, roots.invsqrt, as_set(b), SpdFunction::power, alpha);
  return copy_of(congruence(roots.sqrt, middle), 0);
}

Matrix wasserstein(Signal a, Signal b, double alpha) {
  const Roots roots = roots_of(where, a);
  const Matrix middle = copy_of(spd_function_between(where, roots.sqrt, as_set(b), SpdFunction::sqrt), 0);
  const Matrix cross = product(product(roots.sqrt, middle), roots.invsqrt);
  const Matrix ends = combination((1 - alpha) * (1 - alpha), a, alpha * alpha, b);
  return combination(1, ends, 2 * alpha * (1 - alpha), symmetrised(cross));
}

Matrix thompson(Signal a, Signal b, double alpha) {
  const Matrix values = eigenvalues_between(lower_inverse(cholesky_of(where, a)), as_set(b));
  require_positive_definite(where, values);
  const double least = values(0, 0), most = values(0, values.extent(1) - 1);
  const double least_power = std::pow(least, alpha), most_power = std::pow(most, alpha);
  if (std::abs(least - most) <= 1e-8 + 1e-5 * std::abs(most)) return scaled(a, least_power);
  return combination((most_power - least_power) / (most - least), b,
                     (most * least_power - least * most_power) / (most - least), a);
}

Matrix cholesky_way(Signal a, Signal b, double alpha) {
  const Matrix factor = combination(1 - alpha, cholesky_of(where, a), alpha, cholesky_of(where, b));
  return symmetrised(product_transposed(factor, factor));
}

}  // namespace

const std::vector<Metric>& geodesic_metrics() {
  static const std::vector<Metric> known{Metric::euclid,  Metric::logeuclid, Metric::riemann, Metric::wasserstein,
                                         Metric::logchol, Metric::chol,      Metric::thompson};
  return known;
}

Matrix spd_geodesic(Signal a, Signal b, double alpha, Metric metric) {
  require_symmetric(where, as_set(a));
  require_symmetric(where, as_set(b));
  require_same_size(where, as_set(a), as_set(b));
  if (!std::isfinite(alpha)) throw usage_error(where, "alpha is not finite");
  switch (metric) {
    case Metric::euclid: return combination(1 - alpha, a, alpha, b);
    case Metric::logeuclid:
      return spd_function(
          combination(1 - alpha, spd_function(a, SpdFunction::log), alpha, spd_function(b, SpdFunction::log)),
          SpdFunction::exp);
    case Metric::riemann: return riemann(a, b, alpha);
    case Metric::wasserstein: return wasserstein(a, b, alpha);
    case Metric::logchol:
      return logchol_matrix(combination(1 - alpha, logchol_coordinates(a), alpha, logchol_coordinates(b)));
    case Metric::chol: return cholesky_way(a, b, alpha);
    case Metric::thompson: return thompson(a, b, alpha);
    default: throw unknown_metric(where, metric_name(metric), geodesic_metrics());
  }
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  const Metric metric = metric_named(args.operation(), args.text("metric"), geodesic_metrics());
  const MatricesPort a(args, in, "a"), b(args, in, "b");
  require_same_size(where, a, b);
  if (a.values.extent(0) != b.values.extent(0)) throw args.refuse("shape: sets of different sizes have no pairs");
  Matrices result(a.values.extents(), uninitialised);
  for (std::int64_t n = 0; n < result.extent(0); ++n)
    put(spd_geodesic(a.values.view()[n], b.values.view()[n], args.number("alpha"), metric), result[n]);
  return {{"c", a.like(result)}};
}

const Operation operation{
    .name = "spd_geodesic",
    .room = "geometry",
    .about = "the matrix at a place on the way between two (pyRiemann geodesic)",
    .arguments = {{"metric", "text", Json("riemann"),
                   "euclid, logeuclid, riemann, wasserstein, logchol, chol or thompson"},
                  {"alpha", "number", Json(0.5), "0 is a, 1 is b; values outside go on along the way"}},
    .inputs = {{"a", "C C"}, {"b", "C C"}},
    .outputs = {{"c", "C C"}},
    .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace

}  // namespace caton
