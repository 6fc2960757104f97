// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// The classifier that HappyFeat trains, with OpenViBE's peculiarities kept.
namespace caton {

struct OpenvibeLda {
  Matrix w;               ///< classes x features
  std::vector<double> b;  ///< classes

  [[nodiscard]] Matrix score(Signal rows) const;  ///< rows x classes
  [[nodiscard]] std::vector<std::int64_t> predict(
      Signal rows) const;  ///< class of the largest score, the first of equals
};

/// Total covariance (class means not removed) over n, shrunk towards its mean diagonal by `shrinkage` (below 0:
/// Ledoit-Wolf 2004), inverted through eigenvalues, those below 1e-10 left as they are; w_k = C^-1 mu_k, b_k = log
/// prior
/// - mu_k w_k / 2. y: 0 … classes-1. Refuses a class without samples (word `class`), shrinkage above 1 (`shrinkage`),
/// other lengths (`shape`).
[[nodiscard]] OpenvibeLda fit_lda_openvibe(Signal rows, std::span<const std::int64_t> y, std::int64_t classes,
                                           double shrinkage = 0);

/// Classes of labels 0, 1, …: the largest plus one. Refuses negative labels and fewer than two classes (`class`).
[[nodiscard]] std::int64_t classes_of(const std::string& where, std::span<const std::int64_t> y);

}  // namespace caton
