// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/lane_eigen.hpp"
#include "geometry_test.hpp"

#include <algorithm>

namespace caton {

using testing::largest_difference;
using testing::spd_set;
using testing::targets;

namespace {

double same(double value, double) { return value; }

/// Matrices that eigen-solvers stumble over.
Matrices awkward(std::int64_t size) {
  Matrices c({6, size, size});
  const auto last = static_cast<double>(size - 1);
  for (std::int64_t i = 0; i < size; ++i) {
    c(1, i, i) = 3;                                                                   // one eigenvalue, size times
    c(2, i, i) = std::pow(10.0, -12 * static_cast<double>(i) / std::max(last, 1.0));  // twelve decades
    for (std::int64_t j = 0; j < size; ++j) {
      c(3, i, j) = 1;  // rank 1
      c(4, i, j) = 1e-150 * (i == j ? 2 : 1);
      c(5, i, j) = 1e150 / (1 + static_cast<double>(i + j));  // Hilbert's
    }
  }
  return c;
}

void check_decomposition(const Matrices& c) {
  const Spectra parts = spectra(c);
  const Matrix alone = eigenvalues(c);
  const Matrices back = apply(parts, same);
  for (std::int64_t n = 0; n < c.extent(0); ++n) {
    CAPTURE(n);
    const double size = std::max(frobenius_norm(c.view()[n]), 1e-300);
    const auto values = parts.values.view()[n];
    CHECK(std::is_sorted(values.data(), values.data() + values.extent(0)));
    CHECK(largest_difference(back.view()[n], c.view()[n]) <= 1e-13 * size);
    const Matrix v(parts.vectors.view()[n]);
    CHECK(largest_difference(transposed_product(v, v), identity(c.extent(1))) <= 1e-13);
    const SymmetricEigen other = symmetric_eigen(c.view()[n]);
    for (std::int64_t k = 0; k < c.extent(1); ++k) {
      CHECK(std::abs(values[k] - other.values[static_cast<std::size_t>(k)]) <= 1e-13 * size);
      CHECK(std::abs(values[k] - alone(n, k)) <= 1e-13 * size);
    }
  }
}

}  // namespace

TEST_SUITE("geometry") {
  TEST_CASE("lanes: the largest eigenvalue alone is the largest of all, the same bits with every target") {
    for (const std::int64_t size : {1, 2, 5, 9, 24, 40}) {
      CAPTURE(size);
      for (const Matrices& c : {awkward(size), spd_set(6, size, 41)}) {
        const Matrix all = eigenvalues(c);
        std::vector<std::array<double, lane_count>> found;
        for (const Processor target : targets()) {
          LaneBlock block(size, target);
          block.load(c, 0, c.extent(0));
          found.push_back(block.largest_eigenvalues());
          CHECK(found.back() == found.front());
        }
        for (std::int64_t n = 0; n < c.extent(0); ++n) {
          CAPTURE(n);
          const double norm = std::max(frobenius_norm(c.view()[n]), 1e-300);
          CHECK(std::abs(found.front()[static_cast<std::size_t>(n)] - all(n, size - 1)) <= 1e-14 * norm);
        }
      }
    }
  }

  TEST_CASE("eigen-decomposition in lanes: rebuilds its matrix, as the plain solver, for every size and filling") {
    for (const std::int64_t size : {1, 2, 3, 4, 5, 8, 17, 22, 64, 65}) {
      CAPTURE(size);
      check_decomposition(spd_set(size < 20 ? 9 : 3, size));
      check_decomposition(awkward(size));
    }
  }

  TEST_CASE("eigen-decomposition in lanes: the same bits on every processor and in every lane") {
    const Matrices c = spd_set(8, 7);
    std::vector<Matrix> results;
    for (const Processor target : targets()) {
      for (const std::int64_t count : {8, 3}) {
        LaneBlock block(7, target);
        block.load(c, 0, count);
        block.transform(testing::spd(7, 50));
        block.decompose(true);
        block.rebuild([](double value, double) { return std::log(value); }, 0);
        Matrix result({7, 7});
        block.store(2, result);
        results.push_back(result);
      }
    }
    for (const Matrix& result : results) CHECK(largest_difference(result, results.front()) == 0);
    CHECK(frobenius_norm(results.front()) > 0);
  }
}

}  // namespace caton
