// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// Made-up sources for the tests of this folder.

#include "caton/base/linear_algebra.hpp"
#include "signal_test.hpp"

#include <cmath>

namespace caton::testing {

/// Independent sources of about variance 1, peaked and flat ones in turn.
inline Matrix sources(std::int64_t count, std::int64_t samples, std::uint64_t seed = 21) {
  Matrix s({count, samples}, uninitialised);
  for (std::int64_t k = 0; k < count; ++k) {
    RandomStream random(seed, "test sources", {static_cast<std::uint64_t>(k)});
    for (std::int64_t t = 0; t < samples; ++t) {
      const double even = 2 * random.uniform() - 1;
      s(k, t) =
          k % 2 == 0 ? -std::copysign(std::log(1 - std::abs(even)), even) / std::sqrt(2.0) : even * std::sqrt(3.0);
    }
  }
  return s;
}

/// A well-conditioned mixing matrix.
inline Matrix mixing_matrix(std::int64_t count, std::uint64_t seed = 22) {
  Matrix mixing = noise(count, count, 0.5, seed);
  for (std::int64_t i = 0; i < count; ++i) mixing(i, i) += 2;
  return mixing;
}

inline Matrix mixed_sources(std::int64_t count, std::int64_t samples) {
  Matrix x = product(mixing_matrix(count), sources(count, samples));
  for (double& value : x) value *= 1e-5;
  return x;
}

inline Matrix transposed(const Matrix& x) { return Matrix(x.view().transposed()); }

inline Matrix diagonal(std::int64_t count, double value) {
  Matrix m({count, count});
  for (std::int64_t i = 0; i < count; ++i) m(i, i) = value;
  return m;
}

/// How far unmixing x mixing is from a permutation with scales: 0 for a perfect separation (Amari et al. 1996).
inline double amari_distance(Signal unmixing, Signal mixing) {
  const Matrix p = product(unmixing, mixing);
  const std::int64_t count = p.extent(0);
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    double row = 0, row_max = 0, column = 0, column_max = 0;
    for (std::int64_t j = 0; j < count; ++j) {
      row += std::abs(p(i, j));
      row_max = std::max(row_max, std::abs(p(i, j)));
      column += std::abs(p(j, i));
      column_max = std::max(column_max, std::abs(p(j, i)));
    }
    sum += row / row_max + column / column_max - 2;
  }
  return sum / (2 * static_cast<double>(count) * static_cast<double>(count - 1));
}

}  // namespace caton::testing
