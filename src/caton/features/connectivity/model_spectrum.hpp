// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"
#include "caton/features/connectivity/mvar.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace caton {

/// One complex matrix (C x C, or a panel of some of its columns) at eight neighbouring frequencies: entry (i, j) holds
/// eight real parts, then eight imaginary parts.
class LaneMatrix {
 public:
  static constexpr std::int64_t step = 2 * lane_count;  ///< reals of one entry

  explicit LaneMatrix(std::int64_t size) : LaneMatrix(size, size) {}
  LaneMatrix(std::int64_t rows, std::int64_t columns)
      : rows_(rows), columns_(columns), values_({rows * (columns | 1), step}, uninitialised) {}

  [[nodiscard]] std::int64_t size() const noexcept { return rows_; }
  [[nodiscard]] std::int64_t columns() const noexcept { return columns_; }
  /// Reals from one row to the next: an odd number of entries, so that a column is spread over the cache.
  [[nodiscard]] std::int64_t row_step() const noexcept { return (columns_ | 1) * step; }
  [[nodiscard]] double* at(std::int64_t i, std::int64_t j) noexcept {
    return values_.data() + i * row_step() + j * step;
  }
  [[nodiscard]] const double* at(std::int64_t i, std::int64_t j) const noexcept {
    return values_.data() + i * row_step() + j * step;
  }

 private:
  std::int64_t rows_, columns_;
  Array<double, 2> values_;
};

/// The matrix polynomial M_0 + M_1 z + … with z = e^(-2 pi i m / (2 bins - 1)) for bins m = 0 … bins - 1 (SCoT's grid:
/// frequency m rate / (2 bins - 1)), worked out for eight bins at a time.
class MatrixPolynomial {
 public:
  /// terms: C x (p + 1) x C, entry (i, j) of M_k at (i, k, j).
  MatrixPolynomial(Array<double, 3> terms, std::int64_t bins);

  /// Values at bins first … first + 7; those beyond the last bin repeat it.
  void evaluate(std::int64_t first, LaneMatrix& out) const;
  /// Their inverses. Rows are exchanged for all eight together; where one of them would need another exchange, each is
  /// inverted by itself. Refuses (word `unstable`) singular ones: a root on the unit circle.
  void evaluate_inverse(const std::string& where, std::int64_t first, LaneMatrix& out) const;

 private:
  Array<double, 3> terms_;
  std::int64_t bins_;
  std::vector<std::pair<double, double>> circle_;  ///< e^(-2 pi i m / (2 bins - 1)), m = 0 …
};

/// A(f) = I - sum a_k z^k.
[[nodiscard]] MatrixPolynomial characteristic(Coefficients a, std::int64_t bins);
/// L⁻¹ A(f) for noise = L Lᵀ, so that G = Aᴴ noise⁻¹ A is its own Gram matrix. Refuses (word `rank`) noise that is not
/// positive definite.
[[nodiscard]] MatrixPolynomial whitened_characteristic(const std::string& where, Coefficients a, Signal noise,
                                                       std::int64_t bins);
/// |Mᴴ M| squared for the pairs i <= j of each frequency, in `out`: (i * C + j) * 8; the diagonal is not squared.
void gram_powers(const LaneMatrix& matrix, double* out);

/// m rate / (2 bins - 1).
[[nodiscard]] std::vector<double> model_frequencies(std::int64_t bins, double rate_hz);

}  // namespace caton
