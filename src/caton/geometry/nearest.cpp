// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/nearest.hpp"

#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/spectral.hpp"

#include <cmath>
#include <limits>

namespace caton {

namespace {

double absolute(double value, double) { return std::abs(value); }

Matrix with_diagonal(Signal c, double added) {
  Matrix result(c);
  for (std::int64_t i = 0; i < c.extent(0); ++i) result(i, i) += added;
  return result;
}

Matrix nearest(Signal c, double reg) {
  constexpr int most_rounds = 100;
  const Matrix a = symmetrised(c);
  const Matrix polar = copy_of(apply(spectra(as_set(a)), absolute), 0);
  Matrix p = combination(0.5, a, 0.5, polar);
  const double spacing = frobenius_norm(a) * std::numeric_limits<double>::epsilon();
  for (int k = 1; k < most_rounds; ++k) {
    const double least = eigenvalues(as_set(p))(0, 0);
    if (least > 0) break;
    p = with_diagonal(p, -least * k * k + spacing);
  }
  const Matrix values = eigenvalues(as_set(p));
  const double ratio = values(0, 0) / values(0, values.extent(1) - 1);
  return ratio < reg ? with_diagonal(p, reg) : p;
}

}  // namespace

Matrices spd_nearest(MatricesView c, double reg) {
  require_matrices("spd_nearest", c);
  if (!(reg >= 0) || !std::isfinite(reg)) throw usage_error("spd_nearest", "reg must not be negative");
  Matrices result(c.extents(), uninitialised);
  thread_pool().parallel_for(c.extent(0), [&](std::int64_t n) { put(nearest(c[n], reg), result[n]); });
  return result;
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  const MatricesPort c(args, in, "c");
  return {{"c", c.like(spd_nearest(c, args.number("reg")))}};
}

const Operation operation{
    .name = "spd_nearest",
    .room = "geometry",
    .about = "the nearest symmetric positive definite matrix of any square one (pyRiemann nearest_sym_pos_def)",
    .arguments = {{"reg", "number", Json(1e-6), "added to the diagonal where eigenvalues span more than 1 / reg"}},
    .inputs = {{"c", "N C C"}},
    .outputs = {{"c", "N C C"}},
    .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace

}  // namespace caton
