// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/lane_logarithm.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/geometry/lane_eigen.hpp"
#include "caton/geometry/tangent.hpp"
#include "geometry_test.hpp"

#include <cmath>
#include <limits>

namespace caton {

using testing::largest_difference;
using testing::targets;

namespace {

/// 0 where there is none: a lane without a logarithm must not spoil its neighbours.
double logarithm(double value, double) { return value > 0 ? std::log(value) : 0; }

/// Positive definite with eigenvalues spread evenly (by their logarithms) over a condition number, scaled.
Matrix conditioned(std::int64_t size, double condition, double scale, std::uint64_t seed) {
  const SymmetricEigen parts = symmetric_eigen(testing::spd(size, seed));
  Matrix stretched(parts.vectors);
  for (std::int64_t k = 0; k < size; ++k) {
    const double place = size == 1 ? 0 : static_cast<double>(k) / static_cast<double>(size - 1);
    for (std::int64_t i = 0; i < size; ++i) stretched(i, k) *= scale * std::pow(condition, place);
  }
  return symmetrised(product_transposed(stretched, parts.vectors));
}

/// log of one matrix by its eigenvalues.
Matrix log_by_eigenvalues(Signal c) {
  const SymmetricEigen parts = symmetric_eigen(c);
  Matrix scaled_vectors(parts.vectors);
  for (std::int64_t k = 0; k < c.extent(0); ++k) {
    for (std::int64_t i = 0; i < c.extent(0); ++i)
      scaled_vectors(i, k) *= std::log(parts.values[static_cast<std::size_t>(k)]);
  }
  return symmetrised(product_transposed(scaled_vectors, parts.vectors));
}

Matrices logs_in_lanes(const Matrices& c, Processor target) {
  Matrices result(c.extents(), uninitialised);
  LaneBlock block(c.extent(1), target);
  block.load(c, 0, c.extent(0));
  if (!block.take_logarithms()) block.rebuild(logarithm, 0);
  for (std::int64_t n = 0; n < c.extent(0); ++n) block.store(n, result[n]);
  return result;
}

}  // namespace

TEST_SUITE("geometry") {
  TEST_CASE("logarithm: every table is the logarithm over its whole range, and takes poles in groups") {
    double before = 1;
    for (const LogarithmSum& sum : logarithm_sums()) {
      CAPTURE(sum.condition);
      CHECK(sum.condition > before);
      before = sum.condition;
      CHECK(sum.poles.size() % poles_together == 0);
      CHECK(static_cast<std::int64_t>(sum.poles.size()) <= most_poles);
      long double worst = 0;
      for (int k = -500; k <= 500; ++k) {
        const long double y = std::pow(static_cast<long double>(sum.condition), k / 1000.0L);
        long double value = 0;
        for (const LogarithmPole& one : sum.poles) value += one.weight * (y - 1) / (y + one.pole);
        worst = std::max(worst, std::abs(value - std::log(y)));
      }
      CHECK(static_cast<double>(worst) <= 2e-15);
    }
  }

  TEST_CASE("logarithm in lanes: as by eigenvalues for every size and condition, the same bits on every processor") {
    for (const std::int64_t size : {1, 2, 3, 4, 5, 6, 8, 17, 22, 33, 64, 130}) {
      for (const double condition : {1.0, 3.0, 30.0, 1e3, 1e5, 1e9}) {
        CAPTURE(size);
        CAPTURE(condition);
        Matrices c({5, size, size}, uninitialised);
        for (std::int64_t n = 0; n < 5; ++n)
          put(conditioned(size, condition, std::pow(10.0, 40.0 * static_cast<double>(n - 2)), 3 + n), c[n]);
        const Matrices logs = logs_in_lanes(c, Processor::baseline);
        for (const Processor target : targets()) CHECK(largest_difference(logs_in_lanes(c, target), logs) == 0);
        for (std::int64_t n = 0; n < 5; ++n) {
          const Matrix wanted = log_by_eigenvalues(c.view()[n]);
          CHECK(largest_difference(logs.view()[n], wanted) <= 3e-14 * (frobenius_norm(wanted) + 1) + 1e-15 * condition);
        }
      }
    }
  }

  TEST_CASE("logarithm in lanes: a neighbour that is badly conditioned or not positive changes no bit") {
    for (const std::int64_t size : {3, 22}) {
      Matrices c({8, size, size}, uninitialised);
      for (std::int64_t n = 0; n < 8; ++n) put(conditioned(size, n == 3 ? 1e10 : 4.0 + n, 1, 9 + n), c[n]);
      const Matrices together = logs_in_lanes(c, processor());
      for (std::int64_t n = 0; n < 8; ++n) {
        const Matrices alone = logs_in_lanes(Matrices(c.view().slice(0, n, 1)), processor());
        CHECK(largest_difference(together.view()[n], alone.view()[0]) == 0);
      }
      put(combination(-1, c.view()[3], 0, c.view()[3]), c[3]);
      const Matrices beside = logs_in_lanes(c, processor());
      for (const std::int64_t n : {0, 2, 4, 7}) CHECK(largest_difference(together.view()[n], beside.view()[n]) == 0);
    }
  }

  TEST_CASE("logarithm of a set: the exponential leads back, a singular matrix is named among good ones") {
    Matrices c({9, 22, 22}, uninitialised);
    for (std::int64_t n = 0; n < 9; ++n) put(conditioned(22, std::pow(10.0, n), 1e-6, 20 + n), c[n]);
    const Matrices back = spd_function(spd_function(c, SpdFunction::log), SpdFunction::exp);
    for (std::int64_t n = 0; n < 9; ++n)
      CHECK(largest_difference(back.view()[n], c.view()[n]) <= 1e-12 * frobenius_norm(c.view()[n]));
    for (std::int64_t i = 0; i < 22; ++i) c(6, i, 4) = c(6, 4, i) = 0;
    CHECK(testing::refuses("matrix 6 is not positive definite", [&] { (void)spd_function(c, SpdFunction::log); }));
  }

  TEST_CASE("tangent space: the upper triangles of the logarithms, to the last bit, for every size and number") {
    for (const std::int64_t size : {1, 2, 7, 8, 9, 16, 22, 65, 769}) {
      for (const std::int64_t count : {1, 8, 11}) {
        if (size > largest_lane_size && count > 1) continue;  // these are taken one by one
        CAPTURE(size);
        CAPTURE(count);
        const Matrices c = testing::spd_set(count, size);
        const Matrix reference = testing::spd(size, 77);
        CHECK(largest_difference(tangent_space(c, reference), upper_vectors(log_map(c, reference))) == 0);
        // Matrices that lie across memory are loaded another way.
        Matrices wide({count, size, 2 * size}, uninitialised);
        for (std::int64_t n = 0; n < count; ++n) {
          for (std::int64_t i = 0; i < size; ++i) {
            for (std::int64_t j = 0; j < size; ++j) wide(n, i, 2 * j) = wide(n, i, 2 * j + 1) = c(n, i, j);
          }
        }
        const MatricesView spread(wide.data(), {count, size, size}, {2 * size * size, 2 * size, 2});
        CHECK(largest_difference(tangent_space(spread, reference), tangent_space(c, reference)) == 0);
      }
    }
  }

  TEST_CASE("matrices: one entry that is not its mirror's or not finite is found wherever it is") {
    for (const std::int64_t size : {2, 8, 9, 17, 22}) {
      CAPTURE(size);
      const Matrices good = testing::spd_set(3, size);
      CHECK_NOTHROW(require_symmetric("here", good));
      for (std::int64_t i = 0; i < size; ++i) {
        for (std::int64_t j = 0; j < size; ++j) {
          Matrices bad = good;
          if (i != j) {
            bad(1, i, j) += 1e-3;
            CHECK(testing::refuses("matrix 1 is not symmetric", [&] { require_symmetric("here", bad); }));
          }
          for (const double value :
               {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()}) {
            bad(1, i, j) = value;
            CHECK(
                testing::refuses("matrix 1 is not finite at row " + std::to_string(i) + ", column " + std::to_string(j),
                                 [&] { require_matrices("here", bad); }));
          }
        }
      }
    }
  }
}

}  // namespace caton
