// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/mirrored_basis.hpp"

#include "caton/base/lanes.hpp"
#include "caton/base/linear_algebra.hpp"

#include <cmath>

namespace caton {

namespace {

/// What rounding of sines at large angles leaves, for rows of unit length.
constexpr double tolerance = 1e-11;

Matrix backwards(Signal x) {
  Matrix result(x.extents(), uninitialised);
  for (std::int64_t i = 0; i < x.extent(0); ++i) {
    for (std::int64_t t = 0; t < x.extent(1); ++t) result(i, t) = x(i, x.extent(1) - 1 - t);
  }
  return result;
}

/// Whether backwards each row is `sign` times itself.
bool is_mirrored(Signal rows, double sign) {
  for (std::int64_t i = 0; i < rows.extent(0); ++i) {
    double squares = 0;
    for (std::int64_t t = 0; t < rows.extent(1); ++t) {
      const double off = rows(i, t) - sign * rows(i, rows.extent(1) - 1 - t);
      squares += off * off;
    }
    if (!(std::sqrt(squares) <= 2 * tolerance)) return false;
  }
  return true;
}

/// The first half of rows, freed of what is not mirrored.
Matrix half_of(Signal rows, double sign) {
  const std::int64_t last = rows.extent(1) - 1, samples = rows.extent(1);
  Matrix half({rows.extent(0), sign > 0 ? samples - samples / 2 : samples / 2}, uninitialised);
  for (std::int64_t i = 0; i < half.extent(0); ++i) {
    for (std::int64_t t = 0; t < half.extent(1); ++t) half(i, t) = (rows(i, t) + sign * rows(i, last - t)) / 2;
  }
  return half;
}

/// A row against itself backwards.
struct FoldRow {
  static inline __attribute__((always_inline)) void run(const double* row, std::int64_t samples, double* even,
                                                        double* odd) {
    const std::int64_t half = samples / 2;
    std::int64_t t = 0;
    for (; t + lane_count <= half; t += lane_count) {
      Lanes early, late;
      load_lanes(early, row + t);
      load_lanes(late, row + samples - lane_count - t);
      late = __builtin_shufflevector(late, late, 7, 6, 5, 4, 3, 2, 1, 0);
      store_lanes(early + late, even + t);
      store_lanes(early - late, odd + t);
    }
    for (; t < half; ++t) {
      even[t] = row[t] + row[samples - 1 - t];
      odd[t] = row[t] - row[samples - 1 - t];
    }
    if (samples % 2 == 1) even[half] = row[half];
  }
};

}  // namespace

std::optional<Halves> mirrored_basis(Signal basis) {
  if (basis.extent(0) == 0) return Halves{half_of(basis, 1), half_of(basis, -1)};
  // Turning time round is a reflection of the space that is spanned: its eigenvectors are even or odd.
  const auto eigen = symmetric_eigen(product_transposed(basis, backwards(basis)));
  std::int64_t odd = 0;
  for (const double value : eigen.values) odd += value < 0 ? 1 : 0;
  const Matrix rows = transposed_product(eigen.vectors, basis);
  const Signal odd_rows = rows.view().slice(0, 0, odd), even_rows = rows.view().slice(0, odd, rows.extent(0) - odd);
  if (!is_mirrored(even_rows, 1) || !is_mirrored(odd_rows, -1)) return std::nullopt;
  return Halves{half_of(even_rows, 1), half_of(odd_rows, -1)};
}

void fold(Signal x, View<double, 2> even, View<double, 2> odd) {
  if (x.stride(1) != 1 && x.extent(1) > 1) return fold(Matrix(x), even, odd);
  for (std::int64_t i = 0; i < x.extent(0); ++i)
    run_on<FoldRow>(processor(), x.data() + i * x.stride(0), x.extent(1), even[i].data(), odd[i].data());
}

}  // namespace caton
