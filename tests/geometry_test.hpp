// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// Matrices and graphs that the tests of this room share.

#include "caton/base/lanes.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/geometry/covariance.hpp"
#include "caton/geometry/spectral.hpp"
#include "signal_test.hpp"

#include <functional>
#include <string>
#include <vector>

namespace caton::testing {

/// Covariances of noise mixed by a triangular matrix: positive definite, far from multiples of each other.
inline Matrices spd_set(std::int64_t count, std::int64_t size, std::uint64_t seed = 1) {
  Matrices c({count, size, size}, uninitialised);
  for (std::int64_t n = 0; n < count; ++n) {
    const Matrix x =
        noise(size, 3 * size + 5, 1 + 0.3 * static_cast<double>(n % 3), seed + static_cast<std::uint64_t>(n));
    put(scaled(product_transposed(x, x), 1.0 / static_cast<double>(x.extent(1))), c[n]);
  }
  return c;
}

inline Matrix spd(std::int64_t size, std::uint64_t seed = 1) { return copy_of(spd_set(1, size, seed), 0); }

inline double largest_difference(MatricesView a, MatricesView b) {
  REQUIRE(a.extents() == b.extents());
  double largest = 0;
  for (std::int64_t n = 0; n < a.extent(0); ++n) largest = std::max(largest, largest_difference(a[n], b[n]));
  return largest;
}

/// Every instruction set that this processor has.
inline std::vector<Processor> targets() {
  std::vector<Processor> all{Processor::baseline};
  if (processor() != Processor::baseline) all.push_back(Processor::avx2);
  if (processor() == Processor::avx512) all.push_back(Processor::avx512);
  return all;
}

inline bool refuses(const std::string& word, const std::function<void()>& body) {
  const Error error = error_of(body);
  CAPTURE(error.what());
  return says(error, word);
}

}  // namespace caton::testing
