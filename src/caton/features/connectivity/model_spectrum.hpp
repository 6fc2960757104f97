// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/lane_matrix.hpp"
#include "caton/features/connectivity/mvar.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace caton {

/// The frequencies of a model's spectrum (SCoT's grid): z = e^(-2 pi i m / (2 bins - 1)), m = 0 … bins - 1, which is
/// frequency m rate / (2 bins - 1); eight bins at a time.
class Circle {
 public:
  explicit Circle(std::int64_t bins);

  [[nodiscard]] std::int64_t bins() const noexcept { return bins_; }
  /// z^k, k < count, at bins first … first + 7, those beyond the last being the last: eight cosines in row 2 k, eight
  /// sines in row 2 k + 1.
  [[nodiscard]] Matrix powers(std::int64_t first, std::int64_t count) const;

 private:
  std::int64_t bins_;
  std::vector<std::pair<double, double>> points_;
};

/// The matrix polynomial M_0 + M_1 z + …, worked out for eight z at a time, of which `Circle` gives the powers.
class MatrixPolynomial {
 public:
  /// terms: M_k(i, j) at (k, i, j), rows padded with zeros to whole registers.
  explicit MatrixPolynomial(Array<double, 3> terms) : terms_(std::move(terms)) {}

  [[nodiscard]] const Array<double, 3>& terms() const noexcept { return terms_; }
  void evaluate(const Matrix& turns, LaneMatrix& out) const;
  /// Their inverses. Rows are exchanged for all eight together; where one of them would need another exchange, each is
  /// inverted by itself. Refuses (word `unstable`) singular ones: a root on the unit circle.
  void evaluate_inverse(const std::string& where, const Matrix& turns, LaneMatrix& out) const;

 private:
  Array<double, 3> terms_;
};

/// Mᴴ M of a polynomial M on the unit circle: Hermitian, a trigonometric polynomial of the same degree. It costs no
/// more than M itself, but loses its digits where it is much smaller than the sum of its terms' powers.
class GramPolynomial {
 public:
  explicit GramPolynomial(const MatrixPolynomial& root);

  /// The sum of the powers of the terms in column i: the mean of entry (i, i) over the circle.
  [[nodiscard]] double power(std::int64_t i) const noexcept { return cosines_(0, i, i); }
  /// Entries on and below the diagonal (some above it too).
  void evaluate(const Matrix& turns, LaneMatrix& out) const;

 private:
  Array<double, 3> cosines_, sines_;  ///< of k turns, as the terms of the polynomial lie
};

/// A(f) = I - sum a_k z^k.
[[nodiscard]] MatrixPolynomial characteristic(Coefficients a);
/// L⁻¹ A(f) for noise = L Lᵀ, so that G = Aᴴ noise⁻¹ A is its own Gram matrix. Refuses (word `rank`) noise that is not
/// positive definite.
[[nodiscard]] MatrixPolynomial whitened_characteristic(const std::string& where, Coefficients a, Signal noise);
/// |Mᴴ M| squared for the pairs i <= j of each frequency, in `out`: (i * C + j) * 8; the diagonal is not squared.
void gram_powers(const LaneMatrix& matrix, double* out);

/// m rate / (2 bins - 1).
[[nodiscard]] std::vector<double> model_frequencies(std::int64_t bins, double rate_hz);

}  // namespace caton
