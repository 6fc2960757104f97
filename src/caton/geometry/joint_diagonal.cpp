// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/joint_diagonal.hpp"

#include "caton/base/error.hpp"

#include <cmath>
#include <vector>

namespace caton {

namespace {

/// The 2 x 2 transform [[1, upper], [lower, 1]] of one pair.
struct PairTransform {
  double upper = 0, lower = 0;
  double criterion = 0;
};

PairTransform transform_of(const Matrices& d, std::int64_t i, std::int64_t j, std::span<const double> weights) {
  double g12 = 0, g21 = 0, omega21 = 0, omega12 = 0;
  for (std::int64_t n = 0; n < d.extent(0); ++n) {
    const double a = d(n, i, i), b = d(n, j, j), cross = d(n, i, j), weight = weights[static_cast<std::size_t>(n)];
    if (!(a > 0) || !(b > 0))
      throw input_error("ajd_pham", "matrix " + std::to_string(n) + " is not positive definite");
    g12 += weight * (cross / a);
    g21 += weight * (cross / b);
    omega21 += weight * (a / b);
    omega12 += weight * (b / a);
  }
  const double omega = std::sqrt(omega12 * omega21), ratio = std::sqrt(omega21 / omega12);
  const double sum = (ratio * g12 + g21) / (omega + 1);
  const double difference = (ratio * g12 - g21) / std::max(omega - 1, 1e-9);
  const double h12 = sum + difference, h21 = (sum - difference) / ratio;
  const double scale = 1 + std::sqrt(std::max(1 - h12 * h21, 0.0));
  return {-h12 / scale, -h21 / scale, static_cast<double>(d.extent(0)) * (g12 * h12 + g21 * h21) / 2};
}

void change_rows(View<double, 2> m, std::int64_t i, std::int64_t j, const PairTransform& t) {
  for (std::int64_t k = 0; k < m.extent(1); ++k) {
    const double a = m(i, k), b = m(j, k);
    m(i, k) = a + t.upper * b;
    m(j, k) = t.lower * a + b;
  }
}

}  // namespace

JointDiagonal joint_diagonal(MatricesView c, double eps, int max_sweeps, std::span<const double> weights) {
  require_symmetric("ajd_pham", c);
  const auto share = normalised_weights("ajd_pham", weights, c.extent(0));
  const std::int64_t size = c.extent(1);
  JointDiagonal result{identity(size), Matrices(c)};
  for (int sweep = 0; sweep < max_sweeps; ++sweep) {
    double criterion = 0;
    for (std::int64_t i = 1; i < size; ++i) {
      for (std::int64_t j = 0; j < i; ++j) {
        const PairTransform t = transform_of(result.d, i, j, share);
        criterion += t.criterion;
        for (std::int64_t n = 0; n < c.extent(0); ++n) {
          change_rows(result.d[n], i, j, t);
          change_rows(result.d[n].transposed(), i, j, t);
        }
        change_rows(result.v, i, j, t);
      }
    }
    if (criterion < static_cast<double>(size * (size - 1)) * eps) break;
  }
  return result;
}

}  // namespace caton
