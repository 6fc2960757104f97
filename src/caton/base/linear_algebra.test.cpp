// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/linear_algebra.hpp"
#include "caton/base/matrix_product.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace caton {

namespace {

/// Numbers without a pattern that a decomposition could profit from.
Matrix numbers(std::int64_t rows, std::int64_t columns, double phase) {
  Matrix result({rows, columns});
  for (std::int64_t i = 0; i < result.size(); ++i)
    result.data()[i] = std::sin(static_cast<double>(i * i) * 0.37 + phase);
  return result;
}

Matrix positive(std::int64_t size) {
  const Matrix x = numbers(size, size + 4, 0.2);
  return product_transposed(x, x);
}

double distance(Signal a, Signal b) {
  double largest = 0;
  for (std::int64_t i = 0; i < a.extent(0); ++i) {
    for (std::int64_t k = 0; k < a.extent(1); ++k) largest = std::max(largest, std::abs(a(i, k) - b(i, k)));
  }
  return largest;
}

}  // namespace

TEST_SUITE("base") {
  TEST_CASE("products: the sums in order, the same bits with every processor's instructions, any strides") {
    for (const auto& [rows, inner, columns] : {std::array<std::int64_t, 3>{1, 1, 1},
                                               {3, 5, 7},
                                               {4, 0, 3},
                                               {9, 250, 40},
                                               {6, 257, 17},
                                               {5, 600, 300},
                                               {2, 3, 8}}) {
      const Matrix a = numbers(rows, inner, 0.3), b = numbers(columns, inner, 1.1);
      Matrix expected({rows, columns}, 0.0);
      for (std::int64_t i = 0; i < rows; ++i) {
        for (std::int64_t j = 0; j < columns; ++j) {
          for (std::int64_t k = 0; k < inner; ++k) expected(i, j) += a(i, k) * b(j, k);
        }
      }
      for (const Processor target : {Processor::baseline, Processor::avx2, Processor::avx512}) {
        if (target > processor()) continue;
        Matrix found({rows, columns}, uninitialised);
        multiply(a, b.view().transposed(), found, target);
        CHECK(std::equal(found.begin(), found.end(), expected.begin()));
        multiply(a, Matrix(b.view().transposed()), found, target);
        CHECK(std::equal(found.begin(), found.end(), expected.begin()));
      }
      const Matrix turned = product(b, a.view().transposed());
      for (std::int64_t i = 0; i < rows; ++i) {
        for (std::int64_t j = 0; j < columns; ++j) CHECK(turned(j, i) == expected(i, j));
      }
    }
  }
  TEST_CASE("linear algebra: eigenvectors rebuild the matrix, values ascend") {
    const Matrix a = positive(6);
    const auto [values, vectors] = symmetric_eigen(a);
    Matrix scaled = vectors;
    for (std::int64_t i = 0; i < 6; ++i) {
      for (std::int64_t k = 0; k < 6; ++k) scaled(i, k) *= values[static_cast<std::size_t>(k)];
    }
    CHECK(distance(product_transposed(scaled, vectors), a) < 1e-12);
    CHECK(std::is_sorted(values.begin(), values.end()));
  }

  TEST_CASE("linear algebra: generalized eigenvectors solve their equation and are normalised by b") {
    const Matrix b = positive(5), x = numbers(5, 9, 1.4), a = product_transposed(x, x);
    const auto found = generalized_eigen(a, b);
    REQUIRE(found.has_value());
    const Matrix left = product(a, found->vectors), right = product(b, found->vectors);
    const Matrix gram = transposed_product(found->vectors, right);
    for (std::int64_t k = 0; k < 5; ++k) {
      for (std::int64_t i = 0; i < 5; ++i) {
        CHECK(std::abs(left(i, k) - found->values[static_cast<std::size_t>(k)] * right(i, k)) < 1e-11);
        CHECK(std::abs(gram(i, k) - (i == k ? 1 : 0)) < 1e-11);
      }
    }
    CHECK_FALSE(generalized_eigen(a, Matrix({5, 5})).has_value());
  }

  TEST_CASE("linear algebra: svd, rank and inverses, also of dependent columns") {
    Matrix a = numbers(7, 4, 0.9);
    for (std::int64_t i = 0; i < 7; ++i) a(i, 3) = a(i, 0) + a(i, 1);
    const Svd parts = svd(a);
    CHECK(rank_of(parts.singular, 1e-12) == 3);
    const Matrix inverse = pseudo_inverse(a, 1e-12);
    CHECK(distance(product(product(a, inverse), a), a) < 1e-12);
    const Matrix b = numbers(7, 2, 2.2);
    CHECK(distance(least_squares(a, b), product(inverse, b)) < 1e-11);
    CHECK_FALSE(solve(product_transposed(a, a), b).has_value());
  }

  TEST_CASE("linear algebra: solve and Cholesky undo products") {
    const Matrix a = positive(5), x = numbers(5, 3, 0.1);
    const auto solved = solve(a, product(a, x));
    REQUIRE(solved.has_value());
    CHECK(distance(*solved, x) < 1e-10);
    const auto lower = cholesky(a);
    REQUIRE(lower.has_value());
    CHECK(distance(product_transposed(*lower, *lower), a) < 1e-12);
    Matrix indefinite = a;
    indefinite(2, 2) = -1;
    CHECK_FALSE(cholesky(indefinite).has_value());
  }

  TEST_CASE("linear algebra: the sign rule turns rows by their largest entry, the first of equals") {
    Matrix rows({3, 3});
    const double values[] = {1, -3, 2, -2, 2, 1, 0, 0, 0};
    std::copy(values, values + 9, rows.data());
    CHECK(sign_rows(rows) == std::vector<double>{-1, -1, 1});
    CHECK(rows(0, 1) == 3);
    CHECK(rows(1, 0) == 2);
    CHECK(sign_rows(rows) == std::vector<double>{1, 1, 1});
    Matrix columns({2, 1});
    columns(1, 0) = -5;
    CHECK(sign_columns(columns) == std::vector<double>{-1});
  }
}

}  // namespace caton
