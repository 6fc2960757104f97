// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/tridiagonal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {

namespace {

/// How many eigenvalues lie below `value` (Sturm's sequence).
std::int64_t count_below(const Tridiagonal& m, double value) {
  std::int64_t count = 0;
  double pivot = 1;
  for (std::size_t i = 0; i < m.diagonal.size(); ++i) {
    const double coupling = i == 0 ? 0 : m.beside[i - 1] * m.beside[i - 1];
    pivot = m.diagonal[i] - value - (i == 0 ? 0 : coupling / pivot);
    if (pivot == 0) pivot = -std::numeric_limits<double>::min();
    if (pivot < 0) ++count;
  }
  return count;
}

double eigenvalue(const Tridiagonal& m, std::int64_t rising_index, double low, double high) {
  for (int round = 0; round < 200; ++round) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    (count_below(m, middle) > rising_index ? high : low) = middle;
  }
  return low + (high - low) / 2;
}

/// (m - value) x = right, in place, by elimination with row exchanges.
void solve_shifted(const Tridiagonal& m, double value, std::vector<double>& right) {
  const std::size_t n = m.diagonal.size();
  std::vector<double> main(n), upper(n, 0), second(n, 0), lower(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    main[i] = m.diagonal[i] - value;
    if (i + 1 < n) upper[i] = lower[i + 1] = m.beside[i];
  }
  const double tiny = std::numeric_limits<double>::epsilon() * (std::abs(m.diagonal[n / 2]) + 1e-300);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    if (std::abs(lower[i + 1]) > std::abs(main[i])) {
      std::swap(main[i], lower[i + 1]);
      std::swap(upper[i], main[i + 1]);
      std::swap(second[i], upper[i + 1]);
      std::swap(right[i], right[i + 1]);
    }
    if (main[i] == 0) main[i] = tiny;
    const double factor = lower[i + 1] / main[i];
    main[i + 1] -= factor * upper[i];
    upper[i + 1] -= factor * second[i];
    right[i + 1] -= factor * right[i];
  }
  if (main[n - 1] == 0) main[n - 1] = tiny;
  for (std::size_t i = n; i-- > 0;) {
    double sum = right[i];
    if (i + 1 < n) sum -= upper[i] * right[i + 1];
    if (i + 2 < n) sum -= second[i] * right[i + 2];
    right[i] = sum / main[i];
  }
}

void normalise(std::vector<double>& v) {
  double largest = 0, squares = 0;
  for (const double value : v) largest = std::max(largest, std::abs(value));
  for (double& value : v) {
    value /= largest;
    squares += value * value;
  }
  for (double& value : v) value /= std::sqrt(squares);
}

}  // namespace

Matrix largest_eigenvectors(const Tridiagonal& matrix, std::int64_t count) {
  const auto n = static_cast<std::int64_t>(matrix.diagonal.size());
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (std::size_t i = 0; i < matrix.diagonal.size(); ++i) {
    const double reach = (i > 0 ? std::abs(matrix.beside[i - 1]) : 0) +
                         (i + 1 < matrix.diagonal.size() ? std::abs(matrix.beside[i]) : 0);
    low = std::min(low, matrix.diagonal[i] - reach);
    high = std::max(high, matrix.diagonal[i] + reach);
  }
  const double margin = 1e-9 * (high - low) + 1e-300;
  Matrix vectors({count, n}, uninitialised);
  for (std::int64_t k = 0; k < count; ++k) {
    const double value = eigenvalue(matrix, n - 1 - k, low - margin, high + margin);
    std::vector<double> v(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < v.size(); ++i) v[i] = 1 + 0.37 * std::sin(1.7 * static_cast<double>(i + 1));
    for (int round = 0; round < 4; ++round) {
      normalise(v);
      solve_shifted(matrix, value, v);
    }
    normalise(v);
    std::copy(v.begin(), v.end(), vectors[k].data());
  }
  return vectors;
}

}  // namespace caton
