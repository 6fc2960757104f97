// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/tangent.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/cholesky_metric.hpp"
#include "caton/geometry/derivative.hpp"
#include "caton/geometry/spectral.hpp"

#include <cmath>
#include <functional>

namespace caton {

namespace {

void require_pair(const std::string& where, MatricesView c, Signal reference) {
  require_symmetric(where, as_set(reference));
  require_symmetric(where, c);
  require_same_size(where, c, as_set(reference));
}

Matrices each(MatricesView c, const std::function<Matrix(Signal)>& change) {
  Matrices result(c.extents(), uninitialised);
  thread_pool().parallel_for(c.extent(0), [&](std::int64_t n) { put(change(c[n]), result[n]); });
  return result;
}

Matrices shifted(MatricesView c, double sign, Signal reference) {
  return each(c, [&](Signal matrix) { return combination(1, matrix, sign, reference); });
}

Matrices wasserstein_log(MatricesView c, Signal reference) {
  const Roots roots = roots_of("log_map", reference);
  const Matrices middle = spd_function_between("log_map", roots.sqrt, c, SpdFunction::sqrt);
  return each(middle, [&](Signal root) {
    const Matrix u = product(product(roots.invsqrt, root), roots.sqrt);
    return combination(2, symmetrised(u), -2, reference);
  });
}

Matrices wasserstein_exp(MatricesView v, Signal reference) {
  const SymmetricEigen parts = symmetric_eigen(reference);
  const std::int64_t size = reference.extent(0);
  Matrix values({1, size});
  std::copy(parts.values.begin(), parts.values.end(), values.begin());
  require_positive_definite("exp_map", values);
  return each(v, [&](Signal direction) {
    Matrix rotated = product(transposed_product(parts.vectors, direction), parts.vectors);
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = 0; j < size; ++j) rotated(i, j) /= values(0, i) + values(0, j);
    }
    Matrix stretched = rotated;
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = 0; j < size; ++j) stretched(i, j) *= values(0, i);
    }
    const Matrix inner = product(rotated, stretched);
    const Matrix second = product_transposed(product(parts.vectors, inner), parts.vectors);
    return combination(1, combination(1, reference, 1, direction), 1, symmetrised(second));
  });
}

Matrices logeuclid_log(MatricesView c, Signal reference) {
  const Matrix log_reference = spd_function(reference, SpdFunction::log);
  const DerivativeAt derivative = exp_derivative_at(log_reference);
  return each(spd_function(c, SpdFunction::log),
              [&](Signal log) { return derivative.along(combination(1, log, -1, log_reference)); });
}

Matrices logeuclid_exp(MatricesView v, Signal reference) {
  const Matrix log_reference = spd_function(reference, SpdFunction::log);
  const DerivativeAt derivative = log_derivative_at("exp_map", reference);
  return spd_function(
      each(v, [&](Signal direction) { return combination(1, log_reference, 1, derivative.along(direction)); }),
      SpdFunction::exp);
}

}  // namespace

const std::vector<Metric>& tangent_metrics() {
  static const std::vector<Metric> known{Metric::euclid, Metric::logeuclid, Metric::riemann, Metric::wasserstein,
                                         Metric::logchol};
  return known;
}

Matrices log_map(MatricesView c, Signal reference, Metric metric) {
  require_pair("log_map", c, reference);
  switch (metric) {
    case Metric::euclid: return shifted(c, -1, reference);
    case Metric::logeuclid: return logeuclid_log(c, reference);
    case Metric::riemann:
      return spd_function_between("log_map", roots_of("log_map", reference).invsqrt, c, SpdFunction::log);
    case Metric::wasserstein: return wasserstein_log(c, reference);
    case Metric::logchol: return logchol_log(c, reference);
    default: throw unknown_metric("log_map", metric_name(metric), tangent_metrics());
  }
}

Matrices exp_map(MatricesView v, Signal reference, Metric metric) {
  require_pair("exp_map", v, reference);
  switch (metric) {
    case Metric::euclid: return shifted(v, 1, reference);
    case Metric::logeuclid: return logeuclid_exp(v, reference);
    case Metric::riemann: return congruence(roots_of("exp_map", reference).sqrt, spd_function(v, SpdFunction::exp));
    case Metric::wasserstein: return wasserstein_exp(v, reference);
    case Metric::logchol: return logchol_exp(v, reference);
    default: throw unknown_metric("exp_map", metric_name(metric), tangent_metrics());
  }
}

Matrix upper_vectors(MatricesView symmetric) {
  const std::int64_t size = symmetric.extent(1);
  Matrix vectors({symmetric.extent(0), size * (size + 1) / 2}, uninitialised);
  const double root = std::sqrt(2.0);
  for (std::int64_t n = 0; n < symmetric.extent(0); ++n) {
    const double* const matrix = symmetric.data() + n * symmetric.stride(0);
    double* to = vectors.data() + n * vectors.extent(1);
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = i; j < size; ++j)
        *to++ = (i == j ? 1 : root) * matrix[i * symmetric.stride(1) + j * symmetric.stride(2)];
    }
  }
  return vectors;
}

Matrices matrices_of_upper(Signal vectors) {
  const std::int64_t length = vectors.extent(1);
  const auto size = static_cast<std::int64_t>((std::sqrt(1 + 8 * static_cast<double>(length)) - 1) / 2);
  if (size < 1 || size * (size + 1) / 2 != length) {
    throw usage_error("untangent_space", "shape: " + std::to_string(length) + " values are no triangle of a matrix");
  }
  Matrices result({vectors.extent(0), size, size}, uninitialised);
  const double root = std::sqrt(2.0);
  for (std::int64_t n = 0; n < vectors.extent(0); ++n) {
    std::int64_t k = 0;
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = i; j < size; ++j) {
        const double value = vectors(n, k++);
        result(n, i, j) = result(n, j, i) = i == j ? value : value / root;
      }
    }
  }
  return result;
}

Matrix tangent_space(MatricesView c, Signal reference, Metric metric) {
  if (metric != Metric::riemann) return upper_vectors(log_map(c, reference, metric));
  require_pair("log_map", c, reference);
  return log_vectors_between("log_map", roots_of("log_map", reference).invsqrt, c);
}

Matrices untangent_space(Signal vectors, Signal reference, Metric metric) {
  return exp_map(matrices_of_upper(vectors), reference, metric);
}

namespace {

Metric metric_of(const Arguments& args) {
  return metric_named(args.operation(), args.text("metric"), tangent_metrics());
}

Tensors call_log(const Arguments& args, const Tensors& in) {
  const MatricesPort c(args, in, "c"), reference(args, in, "reference");
  return {{"v", c.like(log_map(c, reference.matrix(), metric_of(args)))}};
}

Tensors call_exp(const Arguments& args, const Tensors& in) {
  const MatricesPort v(args, in, "v"), reference(args, in, "reference");
  return {{"c", v.like(exp_map(v, reference.matrix(), metric_of(args)))}};
}

Tensors call_tangent(const Arguments& args, const Tensors& in) {
  const MatricesPort c(args, in, "c"), reference(args, in, "reference");
  return {{"t", Tensor::of(tangent_space(c, reference.matrix(), metric_of(args)))}};
}

Tensors call_untangent(const Arguments& args, const Tensors& in) {
  const MatrixPort t(args, in, "t");
  const MatricesPort reference(args, in, "reference");
  return {{"c", Tensor::of(untangent_space(t, reference.matrix(), metric_of(args)))}};
}

const Argument metric_argument{"metric", "text", Json("riemann"), "euclid, logeuclid, riemann, wasserstein or logchol"};

const Operation log_operation{.name = "log_map",
                              .room = "geometry",
                              .about = "matrices as symmetric tangent matrices at a reference (pyRiemann log_map)",
                              .arguments = {metric_argument},
                              .inputs = {{"c", "N C C"}, {"reference", "C C"}},
                              .outputs = {{"v", "N C C"}},
                              .call = call_log};
const Operation exp_operation{.name = "exp_map",
                              .room = "geometry",
                              .about = "tangent matrices at a reference back to matrices (pyRiemann exp_map)",
                              .arguments = {metric_argument},
                              .inputs = {{"v", "N C C"}, {"reference", "C C"}},
                              .outputs = {{"c", "N C C"}},
                              .call = call_exp};
const Operation tangent_operation{
    .name = "tangent_space",
    .room = "geometry",
    .about =
        "tangent matrices at a reference as vectors: upper triangle row by row, off-diagonal entries times the "
        "root of 2 (pyRiemann tangent_space)",
    .arguments = {metric_argument},
    .inputs = {{"c", "N C C"}, {"reference", "C C"}},
    .outputs = {{"t", "N C(C+1)/2"}},
    .call = call_tangent};
const Operation untangent_operation{.name = "untangent_space",
                                    .room = "geometry",
                                    .about =
                                        "tangent vectors at a reference back to matrices (pyRiemann "
                                        "untangent_space)",
                                    .arguments = {metric_argument},
                                    .inputs = {{"t", "N C(C+1)/2"}, {"reference", "C C"}},
                                    .outputs = {{"c", "N C C"}},
                                    .call = call_untangent};
CATON_REGISTER(Operation, log_operation);
CATON_REGISTER(Operation, exp_operation);
CATON_REGISTER(Operation, tangent_operation);
CATON_REGISTER(Operation, untangent_operation);

}  // namespace

}  // namespace caton
