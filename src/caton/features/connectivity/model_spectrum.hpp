// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"
#include "caton/features/connectivity/mvar.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton {

/// One complex C x C matrix at eight neighbouring frequencies: entry (i, j) holds eight real parts, then eight
/// imaginary parts.
class LaneMatrix {
 public:
  explicit LaneMatrix(std::int64_t size) : size_(size), values_({size * size * 2, lane_count}) {}

  [[nodiscard]] std::int64_t size() const noexcept { return size_; }
  [[nodiscard]] double* at(std::int64_t i, std::int64_t j) noexcept {
    return values_.data() + (i * size_ + j) * 2 * lane_count;
  }
  [[nodiscard]] const double* at(std::int64_t i, std::int64_t j) const noexcept {
    return values_.data() + (i * size_ + j) * 2 * lane_count;
  }

 private:
  std::int64_t size_;
  Array<double, 2> values_;
};

/// The matrix polynomial M_0 + M_1 z + … with z = e^(-2 pi i m / (2 bins - 1)) for bins m = 0 … bins - 1 (SCoT's grid:
/// frequency m rate / (2 bins - 1)), worked out for eight bins at a time.
class MatrixPolynomial {
 public:
  /// terms: M_0 … M_p, each C x C.
  MatrixPolynomial(Array<double, 3> terms, std::int64_t bins) : terms_(std::move(terms)), bins_(bins) {}

  /// Values at bins first … first + 7; those beyond the last bin repeat it.
  void evaluate(std::int64_t first, LaneMatrix& out) const;

 private:
  Array<double, 3> terms_;
  std::int64_t bins_;
};

/// A(f) = I - sum a_k z^k.
[[nodiscard]] MatrixPolynomial characteristic(Coefficients a, std::int64_t bins);
/// L⁻¹ A(f) for noise = L Lᵀ, so that G = Aᴴ noise⁻¹ A is its own Gram matrix. Refuses (word `rank`) noise that is not
/// positive definite.
[[nodiscard]] MatrixPolynomial whitened_characteristic(const std::string& where, Coefficients a, Signal noise,
                                                       std::int64_t bins);
/// Replaces the matrices by their inverses. Rows are exchanged for all eight together; where one of them would need
/// another exchange, each is inverted by itself. Refuses (word `unstable`) singular ones: a root on the unit circle.
void invert(const std::string& where, LaneMatrix& matrix);
/// |Mᴴ M| squared for the pairs i <= j of each frequency, in `out`: (i * C + j) * 8; the diagonal is not squared.
void gram_powers(const LaneMatrix& matrix, double* out);

/// m rate / (2 bins - 1).
[[nodiscard]] std::vector<double> model_frequencies(std::int64_t bins, double rate_hz);

}  // namespace caton
