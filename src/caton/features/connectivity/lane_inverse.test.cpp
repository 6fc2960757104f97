// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/lane_inverse.hpp"
#include "caton/base/random.hpp"
#include "caton/features/connectivity/hermitian_inverse.hpp"
#include "caton/features/connectivity/model_ddtf.hpp"
#include "caton/features/connectivity/model_spectrum.hpp"
#include "signal_test.hpp"

#include <cmath>
#include <complex>

namespace caton {

namespace {

/// Coefficients that die down over the lags, the channels oscillating with this radius.
Array<double, 3> coefficients(std::int64_t order, std::int64_t channels, double radius) {
  Array<double, 3> a({order, channels, channels}, uninitialised);
  RandomStream random(8, "lane inverse test");
  for (double& value : a) value = 0.1 * random.normal() / static_cast<double>(channels);
  for (std::int64_t c = 0; c < channels; ++c) {
    a(0, c, c) += 1.3 * radius;
    if (order > 1) a(1, c, c) -= radius * radius;
  }
  return a;
}

Complex entry(const LaneMatrix& matrix, std::int64_t i, std::int64_t j, std::int64_t lane) {
  return {matrix.at(i, j)[lane], matrix.at(i, j)[lane + lane_count]};
}

/// Mean of dDTF over the bins of each band from its parts, as they are defined.
Array<double, 3> plain_ddtf(const MvarModel& model, const BandGrid& grid) {
  const ModelMeasure measures[] = {ModelMeasure::ddtf};
  const auto values = mvar_connectivity(model.a.view(), model.noise, measures, grid.circle.bins());
  const std::int64_t size = model.a.extent(1);
  Array<double, 3> result({static_cast<std::int64_t>(grid.bands.size()), size, size});
  for (std::int64_t b = 0; b < result.extent(0); ++b) {
    const BinSpan& band = grid.bands[static_cast<std::size_t>(b)];
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = 0; j < size; ++j) {
        for (std::int64_t k = band.begin; k < band.end; ++k)
          result(b, i, j) += values[0](i, j, k).real() / static_cast<double>(band.end - band.begin);
      }
    }
  }
  return result;
}

TEST_SUITE("features") {
  TEST_CASE("Gram polynomial and inverses: what the matrices themselves give, for any number of channels") {
    for (const std::int64_t channels : {1, 2, 3, 4, 5, 9, 14, 19}) {
      const Array<double, 3> a = coefficients(3, channels, 0.8);
      const MatrixPolynomial polynomial = characteristic(a.view());
      GramPolynomial gram;
      gram.become(polynomial);
      const Matrix turns = Circle(21).powers(8, 4);
      LaneMatrix values(channels), product(channels), inverse(channels);
      polynomial.evaluate(turns, values);
      gram.evaluate(turns, product);
      polynomial.evaluate_inverse("test", turns, inverse);
      for (std::int64_t lane = 0; lane < lane_count; ++lane) {
        for (std::int64_t i = 0; i < channels; ++i) {
          for (std::int64_t j = 0; j <= i; ++j) {
            Complex sum, unit;
            for (std::int64_t m = 0; m < channels; ++m) {
              sum += std::conj(entry(values, m, i, lane)) * entry(values, m, j, lane);
              unit += entry(values, i, m, lane) * entry(inverse, m, j, lane);
            }
            CHECK(std::abs(sum - entry(product, i, j, lane)) < 1e-13);
            CHECK(std::abs(unit - (i == j ? 1.0 : 0.0)) < 1e-12);
          }
        }
      }
      Matrix diagonal({channels, lane_count});
      REQUIRE(inverse_diagonal(product, diagonal.data()));
      for (std::int64_t lane = 0; lane < lane_count; ++lane) {
        for (std::int64_t i = 0; i < channels; ++i) {
          double power = 0;
          for (std::int64_t m = 0; m < channels; ++m) power += std::norm(entry(inverse, i, m, lane));
          CHECK(diagonal(i, lane) == doctest::Approx(power).epsilon(1e-12));
        }
      }
    }
  }

  TEST_CASE("inverse_diagonal: a matrix that is not positive definite has none") {
    LaneMatrix matrix(2);
    for (std::int64_t i = 0; i < 2; ++i) {
      for (std::int64_t j = 0; j < 2; ++j) {
        std::fill_n(matrix.at(i, j), LaneMatrix::step, 0.0);
        std::fill_n(matrix.at(i, j), lane_count, i == j ? 1.0 : 0.5);
      }
    }
    matrix.at(1, 1)[5] = 0.2;
    double diagonal[2 * lane_count];
    CHECK_FALSE(inverse_diagonal(matrix, diagonal));
  }

  TEST_CASE("ModelDdtf: its parts as they are defined, also next to the unit circle where quick ways lose digits") {
    for (const double radius : {0.7, 0.99, 0.99999, 0.9999999}) {
      for (const std::int64_t channels : {3, 9}) {
        MvarModel model{coefficients(4, channels, radius), Matrix({channels, channels})};
        for (std::int64_t i = 0; i < channels; ++i) {
          for (std::int64_t j = 0; j < channels; ++j)
            model.noise(i, j) = (i == j ? 2.0 : 0.3) / (1 + 0.1 * i + 0.1 * j);
        }
        const BandGrid grid{Circle(61), {{3, 5}, {2, 9}, {8, 24}, {37, 38}}};
        Array<double, 3> values({4, channels, channels});
        ModelDdtf().put("test", model, grid, values);
        const auto wanted = plain_ddtf(model, grid);
        for (std::int64_t k = 0; k < values.size(); ++k)
          CHECK(values.data()[k] == doctest::Approx(wanted.data()[k]).epsilon(1e-9));
      }
    }
  }
}

}  // namespace

}  // namespace caton
