// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/transport.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/cholesky_metric.hpp"
#include "caton/geometry/derivative.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/spectral.hpp"

#include <cmath>

namespace caton {

namespace {

const std::vector<Metric> transport_metrics{Metric::euclid, Metric::logeuclid, Metric::riemann, Metric::logchol};
const std::vector<Metric> kernel_metrics{Metric::euclid, Metric::logeuclid, Metric::riemann};

Matrices riemann_transport(MatricesView v, Signal from, Signal to) {
  const Roots roots = roots_of("parallel_transport", from);
  const Matrices middle = spd_function(congruence(roots.invsqrt, as_set(to)), SpdFunction::sqrt);
  return congruence(product(product(roots.sqrt, middle.view()[0]), roots.invsqrt), v);
}

Matrices logeuclid_transport(MatricesView v, Signal from, Signal to) {
  const DerivativeAt start = log_derivative_at("parallel_transport", from);
  const DerivativeAt end = exp_derivative_at(spd_function(to, SpdFunction::log));
  Matrices result(v.extents(), uninitialised);
  thread_pool().parallel_for(v.extent(0), [&](std::int64_t n) { put(end.along(start.along(v[n])), result[n]); });
  return result;
}

double entrywise_product(Signal u, Signal v) {
  double sum = 0;
  for (std::int64_t i = 0; i < u.extent(0); ++i) {
    for (std::int64_t j = 0; j < u.extent(1); ++j) sum += u(i, j) * v(i, j);
  }
  return sum;
}

std::vector<double> entrywise_products(MatricesView u, MatricesView v) {
  std::vector<double> result;
  for (std::int64_t n = 0; n < u.extent(0); ++n) result.push_back(entrywise_product(u[n], v[n]));
  return result;
}

Matrices log_directions(MatricesView v, Signal reference) {
  const DerivativeAt derivative = log_derivative_at("inner_product", reference);
  Matrices result(v.extents(), uninitialised);
  thread_pool().parallel_for(v.extent(0), [&](std::int64_t n) { put(derivative.along(v[n]), result[n]); });
  return result;
}

/// The matrices whose entrywise products are the kernel.
Matrices kernel_vectors(MatricesView c, const std::optional<Signal>& reference, Metric metric) {
  Matrices result =
      metric == Metric::euclid ? Matrices(c)
      : metric == Metric::riemann
          ? spd_function_between("spd_kernel", roots_of("spd_kernel", *reference).invsqrt, c, SpdFunction::log)
          : spd_function(c, SpdFunction::log);
  if (!reference || metric == Metric::riemann) return result;
  const Matrix origin = metric == Metric::euclid ? Matrix(*reference) : spd_function(*reference, SpdFunction::log);
  for (std::int64_t n = 0; n < c.extent(0); ++n) put(combination(1, result.view()[n], -1, origin), result[n]);
  return result;
}

Signal flattened(const Matrices& c) { return {c.data(), {c.extent(0), c.extent(1) * c.extent(2)}}; }

}  // namespace

Matrices parallel_transport(MatricesView v, Signal from, Signal to, Metric metric) {
  const std::string where = "parallel_transport";
  for (const MatricesView set : {v, as_set(from), as_set(to)}) {
    require_symmetric(where, set);
    require_same_size(where, v, set);
  }
  switch (metric) {
    case Metric::euclid: return Matrices(v);
    case Metric::logeuclid: return logeuclid_transport(v, from, to);
    case Metric::riemann: return riemann_transport(v, from, to);
    case Metric::logchol: return logchol_transport(v, from, to);
    default: throw unknown_metric(where, metric_name(metric), transport_metrics);
  }
}

namespace {

std::vector<double> inner_products(const std::string& where, MatricesView u, MatricesView v, Signal reference,
                                   Metric metric) {
  for (const MatricesView set : {u, v, as_set(reference)}) {
    require_symmetric(where, set);
    require_same_size(where, u, set);
  }
  if (u.extent(0) != v.extent(0)) throw usage_error(where, "shape: sets of different sizes have no pairs");
  switch (metric) {
    case Metric::euclid: return entrywise_products(u, v);
    case Metric::logeuclid: return entrywise_products(log_directions(u, reference), log_directions(v, reference));
    case Metric::riemann: {
      const Matrix whitening = roots_of(where, reference).invsqrt;
      return entrywise_products(congruence(whitening, u), congruence(whitening, v));
    }
    case Metric::logchol: return logchol_inner(u, v, reference);
    default: throw unknown_metric(where, metric_name(metric), transport_metrics);
  }
}

}  // namespace

std::vector<double> inner_product(MatricesView u, MatricesView v, Signal reference, Metric metric) {
  const std::string where = "inner_product";
  auto products = inner_products(where, u, v, reference, metric);
  for (const double product : products) {
    if (!std::isfinite(product))
      throw input_error(where, "not finite: the vectors are too large for the scale of the reference");
  }
  return products;
}

Matrix spd_kernel(MatricesView a, std::optional<MatricesView> b, std::optional<Signal> reference, Metric metric) {
  const std::string where = "spd_kernel";
  if (std::find(kernel_metrics.begin(), kernel_metrics.end(), metric) == kernel_metrics.end())
    throw unknown_metric(where, metric_name(metric), kernel_metrics);
  require_symmetric(where, a);
  if (b) {
    require_symmetric(where, *b);
    require_same_size(where, a, *b);
  }
  if (reference) {
    require_symmetric(where, as_set(*reference));
    require_same_size(where, a, as_set(*reference));
  }
  Matrix mean;
  if (!reference && metric == Metric::riemann) {
    mean = spd_mean(a);
    reference = mean.view();
  }
  const Matrices x = kernel_vectors(a, reference, metric);
  if (b) return product_transposed(flattened(x), flattened(kernel_vectors(*b, reference, metric)));
  Matrix gram = product_transposed(flattened(x), flattened(x));
  for (std::int64_t n = 0; n < gram.extent(0); ++n) gram(n, n) += 1e-10;
  return gram;
}

namespace {

Tensors call_transport(const Arguments& args, const Tensors& in) {
  const Metric metric = metric_named(args.operation(), args.text("metric"), transport_metrics);
  const MatricesPort v(args, in, "v"), from(args, in, "from"), to(args, in, "to");
  return {{"v", v.like(parallel_transport(v, from.matrix(), to.matrix(), metric))}};
}

Tensors call_inner(const Arguments& args, const Tensors& in) {
  const Metric metric = metric_named(args.operation(), args.text("metric"), transport_metrics);
  const MatricesPort u(args, in, "u"), v(args, in, "v"), reference(args, in, "reference");
  const Tensor g = Tensor::vector(inner_product(u, v, reference.matrix(), metric));
  return {{"g", u.single && v.single ? g.reshaped({}) : g}};
}

Tensors call_kernel(const Arguments& args, const Tensors& in) {
  const Metric metric = metric_named(args.operation(), args.text("metric"), kernel_metrics);
  const MatricesPort a(args, in, "a");
  std::optional<MatricesPort> b, reference;
  if (in.count("b") != 0) b.emplace(args, in, "b");
  if (in.count("reference") != 0) reference.emplace(args, in, "reference");
  return {{"k", Tensor::of(spd_kernel(a, b ? std::optional<MatricesView>(*b) : std::nullopt,
                                      reference ? std::optional<Signal>(reference->matrix()) : std::nullopt, metric))}};
}

const Argument metric_argument{"metric", "text", Json("riemann"), "euclid, logeuclid, riemann or logchol"};

const Operation transport_operation{.name = "parallel_transport",
                                    .room = "geometry",
                                    .about = "tangent matrices carried from one point to another (pyRiemann transport)",
                                    .arguments = {metric_argument},
                                    .inputs = {{"v", "N C C"}, {"from", "C C"}, {"to", "C C"}},
                                    .outputs = {{"v", "N C C"}},
                                    .call = call_transport};
const Operation inner_operation{.name = "inner_product",
                                .room = "geometry",
                                .about = "inner products of tangent matrices at a point (pyRiemann innerproduct)",
                                .arguments = {metric_argument},
                                .inputs = {{"u", "N C C"}, {"v", "N C C"}, {"reference", "C C"}},
                                .outputs = {{"g", "N"}},
                                .call = call_inner};
const Operation kernel_operation{.name = "spd_kernel",
                                 .room = "geometry",
                                 .about = "Gram matrix of inner products seen from a reference (pyRiemann kernel)",
                                 .arguments = {{"metric", "text", Json("riemann"), "euclid, logeuclid or riemann"}},
                                 .inputs = {{"a", "N C C"}, {"b", "M C C", {}, true}, {"reference", "C C", {}, true}},
                                 .outputs = {{"k", "N M"}},
                                 .call = call_kernel};
CATON_REGISTER(Operation, transport_operation);
CATON_REGISTER(Operation, inner_operation);
CATON_REGISTER(Operation, kernel_operation);

}  // namespace

}  // namespace caton
