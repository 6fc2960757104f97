// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"

#include <functional>
#include <optional>

/// Functions of symmetric matrices by their eigenvalues, for whole sets at once.
namespace caton {

/// Eigenvalues (ascending) and eigenvectors of every matrix of a set.
struct Spectra {
  Matrix values;     ///< matrices x size
  Matrices vectors;  ///< matrices x size x size, one eigenvector a column, signs as the solver leaves them
};
/// Reads the lower triangles.
[[nodiscard]] Spectra spectra(MatricesView c);
[[nodiscard]] Matrix eigenvalues(MatricesView c);
/// w c_n wᵀ for every matrix, symmetric to the last bit.
[[nodiscard]] Matrices congruence(Signal w, MatricesView c);

using ScalarFunction = double (*)(double value, double parameter);
/// vectors f(values) vectorsᵀ of every matrix.
[[nodiscard]] Matrices apply(const Spectra& spectra, ScalarFunction f, double parameter = 0);

enum class SpdFunction { sqrt, invsqrt, log, exp, power };

/// f of every symmetric matrix. Refuses what is not symmetric (word `symmetric`, relative 1e-10) and, except for exp,
/// what has an eigenvalue that is not above 0 to working precision (word `positive`; names the matrix, its rank, the
/// usual causes and the remedies). Equals pyRiemann `sqrtm`, `invsqrtm`, `logm`, `expm`, `powm`.
[[nodiscard]] Matrices spd_function(MatricesView c, SpdFunction f, double alpha = 1);
[[nodiscard]] Matrix spd_function(Signal c, SpdFunction f, double alpha = 1);

/// f(w c_n wᵀ) of every matrix; refuses as `spd_function`, naming `where`.
[[nodiscard]] Matrices spd_function_between(const std::string& where, Signal w, MatricesView c, SpdFunction f,
                                            double alpha = 1);
/// `upper_vectors` of log(w c_n wᵀ) of every matrix.
[[nodiscard]] Matrix log_vectors_between(const std::string& where, Signal w, MatricesView c);
/// Eigenvalues (ascending) of every w c_n wᵀ.
[[nodiscard]] Matrix eigenvalues_between(Signal w, MatricesView c);

/// Σ weight_n log(w c_n wᵀ) for one set and many w: what iterative means ask for.
class WeightedLogs {
 public:
  /// Keeps `c` in view.
  WeightedLogs(std::string where, MatricesView c, std::vector<double> weights);
  [[nodiscard]] Matrix operator()(Signal w) const;

 private:
  std::string where_;
  MatricesView c_;
  std::vector<double> weights_;
  Vector packed_;
};

/// Refuses (word `positive`) a set in which a matrix is not positive definite to working precision; `first`
/// is the place of the first one.
void require_positive_definite(const std::string& where, const Matrix& eigenvalues, std::int64_t first = 0);

/// m^½ and m^−½ of one matrix, from one decomposition.
struct Roots {
  Matrix sqrt;
  Matrix invsqrt;
};
[[nodiscard]] Roots roots_of(const std::string& where, Signal m);

/// Lower Cholesky factors of a set; refuses (word `positive`) what has none.
[[nodiscard]] Matrix cholesky_of(const std::string& where, Signal c);
[[nodiscard]] Matrices cholesky_of(const std::string& where, MatricesView c);
/// Inverse of a lower triangular matrix.
[[nodiscard]] Matrix lower_inverse(Signal lower);

/// Number of eigenvalues of each matrix above size x 2.2e-16 times its largest.
[[nodiscard]] std::vector<std::int64_t> ranks(MatricesView c);

}  // namespace caton
