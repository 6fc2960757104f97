// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"

#include <string>

namespace caton {

/// Directional derivative of a matrix function at one symmetric matrix (Daleckii-Krein): the decomposition is made
/// once, `along` is asked for many directions.
class DerivativeAt {
 public:
  DerivativeAt(Matrix vectors, Matrix quotients) : vectors_(std::move(vectors)), quotients_(std::move(quotients)) {}
  [[nodiscard]] Matrix along(Signal direction) const;

 private:
  Matrix vectors_, quotients_;
};

[[nodiscard]] DerivativeAt exp_derivative_at(Signal reference);
/// Refuses (word `positive`) a reference that is not positive definite.
[[nodiscard]] DerivativeAt log_derivative_at(const std::string& where, Signal reference);

}  // namespace caton
