// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/lane_eigen.hpp"
#include "caton/geometry/lane_whitening.hpp"
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
  TEST_CASE("lanes: whitening is Cholesky's, with the same bits with every target, and tells what is not definite") {
    for (const std::int64_t size : {1, 2, 9, 22}) {
      CAPTURE(size);
      Matrices b = spd_set(6, size, 17);
      const Matrices a = spd_set(6, size, 23);
      for (std::int64_t j = 0; j < size; ++j) b(3, size - 1, j) = b(3, j, size - 1) = 0;  // a flat channel
      if (size > 2) {
        for (std::int64_t j = 0; j < size; ++j) b(4, 2, j) = b(4, j, 2) = b(4, 0, j);
        b(4, 2, 2) = b(4, 0, 0);  // one channel twice
      }
      Matrix first({6, size});
      for (const Processor target : targets()) {
        LaneWhitening whitening(size, target);
        whitening.whiten(b, 0, 6);
        Matrix vectors({6, size});
        whitening.largest_vectors(a, 0, 6, vectors);
        if (target == Processor::baseline) first = vectors;
        CHECK(std::equal(vectors.begin(), vectors.end(), first.begin()));
        CHECK_FALSE(whitening.least_share(3) > 1e-12);
        if (size > 2) CHECK_FALSE(whitening.least_share(4) > 1e-12);
        for (const std::int64_t n : {0, 1, 2, 5}) {
          CAPTURE(n);
          Matrix k({size, size});
          whitening.store(n, k);
          CHECK(largest_difference(product(product(k, b.view()[n]), k.view().transposed()), identity(size)) < 1e-11);
          CHECK(whitening.least_share(n) > 1e-6);
          CHECK(whitening.least_share(n) <= 1);
          Matrix scaled_b(b.view()[n]);
          for (std::int64_t i = 0; i < size; ++i)
            for (std::int64_t j = 0; j < size; ++j) scaled_b(i, j) /= std::sqrt(b(n, i, i)) * std::sqrt(b(n, j, j));
          const double smallest = symmetric_eigen(scaled_b).values.front();
          CHECK(whitening.smallest_eigenvalue_bound(n) <= smallest * (1 + 1e-9));
          CHECK(whitening.smallest_eigenvalue_bound(n) * static_cast<double>(size) >= smallest * (1 - 1e-9));
          const auto eigen = generalized_eigen(a.view()[n], b.view()[n]);
          REQUIRE(eigen.has_value());
          Matrix both({2, size});
          for (std::int64_t i = 0; i < size; ++i) {
            both(0, i) = vectors(n, i);
            both(1, i) = eigen->vectors(i, size - 1);
          }
          (void)sign_rows(both);
          const double long_0 = frobenius_norm(both.view().slice(0, 0, 1)),
                       long_1 = frobenius_norm(both.view().slice(0, 1, 1));
          for (std::int64_t i = 0; i < size; ++i) CHECK(std::abs(both(0, i) / long_0 - both(1, i) / long_1) < 1e-9);
        }
      }
    }
  }

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
    for (const std::int64_t size : {1, 2, 3, 4, 5, 8, 17, 22, 64, 65, 130}) {
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
