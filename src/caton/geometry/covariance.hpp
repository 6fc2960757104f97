// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

enum class Estimator { scm, cov, corr, lwf, oas, sch, hub, stu, tyl };

[[nodiscard]] const std::string& estimator_name(Estimator estimator);
/// Refuses (word `estimator`) a name that is none, listing those there are.
[[nodiscard]] Estimator estimator_named(const std::string& where, std::string_view name);

enum class MatrixNorm { corr, trace, determinant };
/// Refuses (word `norm`) an unknown name.
[[nodiscard]] MatrixNorm norm_named(const std::string& where, std::string_view name);

/// `q` belongs to hub, `nu` to stu, `norm` (trace or determinant) to tyl, `tol` and `n_iter_max` to all three.
struct CovarianceOptions {
  Estimator estimator = Estimator::scm;
  bool assume_centered = false;  ///< leave the mean of each channel in
  double q = 0.9;                ///< share of samples taken as uncorrupted, (0, 1]
  double nu = 5;                 ///< degrees of freedom, above 0
  double tol = 0.01;             ///< relative change at which the robust estimators stop
  int n_iter_max = 50;
  MatrixNorm norm = MatrixNorm::trace;
};

/// Covariance of every trial (trials x channels x samples). `weights`, one a sample, are for scm only. Refuses NaN and
/// infinity (word `finite`), a single sample where the estimator divides by samples - 1 (`samples`), and a flat channel
/// where it divides by variances (`flat`, names it). Matrices may be rank deficient: see `rank.hpp`.
/// Equals pyRiemann `covariances`; lwf and oas are those of scikit-learn.
[[nodiscard]] Matrices covariances(Epochs x, const CovarianceOptions& options = {},
                                   std::span<const double> weights = {});
[[nodiscard]] Matrix covariance(Signal x, const CovarianceOptions& options = {}, std::span<const double> weights = {});

/// Arguments of an operation as options: `estimator`, `assume_centered`, `q`, `nu`, `tol`, `n_iter_max`, `norm`, those
/// that it has.
[[nodiscard]] CovarianceOptions covariance_options(const Arguments& args);

}  // namespace caton
