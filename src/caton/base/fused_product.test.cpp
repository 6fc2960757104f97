// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/fused_product.hpp"
#include "caton/base/lane_transpose.hpp"
#include "caton/base/row_products.hpp"
#include "signal_test.hpp"

#include <cmath>

namespace caton {

using testing::noise;

namespace {

/// The chain of fused multiply-adds, one entry after the other.
Matrix chained(Signal a, Signal b) {
  Matrix out({a.extent(0), b.extent(1)}, 0.0);
  for (std::int64_t i = 0; i < a.extent(0); ++i)
    for (std::int64_t j = 0; j < b.extent(1); ++j)
      for (std::int64_t k = 0; k < a.extent(1); ++k) out(i, j) = std::fma(a(i, k), b(k, j), out(i, j));
  return out;
}

bool same(const Matrix& a, const Matrix& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace

TEST_SUITE("base") {
  TEST_CASE("fused products: the chain's bits for every shape and processor, packed or not") {
    for (const std::int64_t rows : {1, 3, 4, 9}) {
      for (const std::int64_t columns : {1, 7, 8, 40, 93}) {
        for (const std::int64_t inner : {0, 1, 9, 256, 300}) {
          CAPTURE(rows);
          CAPTURE(columns);
          CAPTURE(inner);
          const Matrix a = noise(rows, inner, 1, 1), b = noise(inner, columns, 1, 2), wanted = chained(a, b);
          const PackedFactor packed(Matrix(b.view().transposed()));
          for (const Processor target : {Processor::baseline, Processor::avx2, Processor::avx512}) {
            if (target > processor()) continue;
            Matrix out({rows, columns}, 7.0), again({rows, columns}, 7.0);
            fused_product(a, b, out, target);
            packed.multiply(a, again, target);
            CHECK(same(out, wanted));
            CHECK(same(again, wanted));
          }
        }
      }
    }
  }

  TEST_CASE("fused products: views with gaps between rows, and a transposed left factor") {
    const Matrix a = noise(20, 6, 1, 3), b = noise(20, 50, 1, 4);
    Matrix out({6, 60}, 5.0);
    fused_product(a.view().transposed(), b.view().slice(1, 3, 20), out.view().slice(1, 10, 20));
    const Matrix wanted = chained(a.view().transposed(), b.view().slice(1, 3, 20));
    for (std::int64_t i = 0; i < 6; ++i) {
      for (std::int64_t j = 0; j < 60; ++j) CHECK(out(i, j) == (j >= 10 && j < 30 ? wanted(i, j - 10) : 5.0));
    }
  }

  TEST_CASE("row products: sums of products of rows, added to what is there, the same bits for every processor") {
    for (const std::int64_t rows : {1, 4, 7, 9}) {
      for (const std::int64_t others : {1, 3, 8, 10}) {
        for (const std::int64_t samples : {1, 8, 250, 1031}) {
          CAPTURE(rows);
          CAPTURE(others);
          CAPTURE(samples);
          const Matrix a = noise(rows, samples, 1, 6), b = noise(others, samples, 1, 7);
          std::vector<Matrix> found;
          for (const Processor target : {Processor::baseline, Processor::avx2, Processor::avx512}) {
            if (target > processor()) continue;
            found.emplace_back(Matrix::Extents{rows, others}, 0.5);
            add_row_products(a, b, false, found.back(), target);
            CHECK(same(found.back(), found.front()));
            Matrix part({rows, others}, 0.5);
            add_row_products(a, b, true, part, target);
            for (std::int64_t i = 0; i < rows; ++i)
              for (std::int64_t j = 0; j < others; ++j) CHECK(part(i, j) == (j <= i ? found.front()(i, j) : 0.5));
          }
          for (std::int64_t i = 0; i < rows; ++i) {
            for (std::int64_t j = 0; j < others; ++j) {
              long double sum = 0.5L;
              for (std::int64_t t = 0; t < samples; ++t) sum += static_cast<long double>(a(i, t)) * b(j, t);
              CHECK(found.front()(i, j) == doctest::Approx(static_cast<double>(sum)).epsilon(1e-12).scale(10));
            }
          }
        }
      }
    }
  }

  TEST_CASE("rows to lanes and back") {
    for (const std::int64_t count : {1, 8, 21}) {
      const Matrix rows = noise(8, 30, 1, 5);
      Matrix lanes({count, 8}), back({8, 30});
      rows_to_lanes(rows.data(), 30, count, lanes.data());
      lanes_to_rows(lanes.data(), count, back.data(), 30);
      for (std::int64_t r = 0; r < 8; ++r) {
        for (std::int64_t t = 0; t < 30; ++t) {
          if (t < count) CHECK(lanes(t, r) == rows(r, t));
          CHECK(back(r, t) == (t < count ? rows(r, t) : 0));
        }
      }
    }
  }
}

}  // namespace caton
