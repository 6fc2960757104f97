// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// A symmetric tridiagonal matrix: n diagonal values, n - 1 beside them.
struct Tridiagonal {
  std::vector<double> diagonal, beside;
};

/// The eigenvectors of the `count` largest eigenvalues, largest first (count x n, unit norm), by bisection and inverse
/// iteration. Eigenvalues must be apart from each other.
[[nodiscard]] Matrix largest_eigenvectors(const Tridiagonal& matrix, std::int64_t count);

}  // namespace caton
