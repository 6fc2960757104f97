// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/decode/classical/linear_model.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace caton {

struct LdaOptions {
  enum class Solver { lsqr, svd };
  Solver solver = Solver::lsqr;
  bool automatic = true;            ///< Ledoit-Wolf shrinkage within each class (lsqr only)
  std::optional<double> shrinkage;  ///< 0 … 1 when not automatic; nothing: none
};
/// `solver` lsqr or svd; `shrinkage` "auto", a number or null. scikit-learn's svd knows no shrinkage, so "auto" means
/// none there.
[[nodiscard]] LdaOptions lda_options(const std::string& solver, const Json& shrinkage);

/// Linear discriminant analysis with class shares of training as priors.
/// rows: samples x features; y: class of each, 0 … classes-1, each present. Equals scikit-learn 1.2
/// `LinearDiscriminantAnalysis(solver, shrinkage)` to 1e-12 where the covariance is well conditioned; a singular one
/// gets the solution of least norm. Refuses fewer samples than classes + 1 (word `samples`), shrinkage outside [0, 1]
/// or with `svd` (word `shrinkage`).
[[nodiscard]] LinearModel fit_lda(View<const double, 2> rows, std::span<const std::int64_t> y, std::int64_t classes,
                                  const LdaOptions& options = {});

}  // namespace caton
