// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/epoch_sums.hpp"

#include "caton/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

void require_epochs(const std::string& where, Epochs x, std::int64_t channels, std::int64_t samples) {
  if (x.extent(1) == channels && x.extent(2) == samples) return;
  throw usage_error(where, "shape: epochs have " + std::to_string(x.extent(1)) + " channels and " +
                               std::to_string(x.extent(2)) + " samples, wanted are " + std::to_string(channels) +
                               " and " + std::to_string(samples));
}

void add_to(Matrix& sum, Signal more) {
  double* to = sum.data();
  for (std::int64_t i = 0; i < more.extent(0); ++i) {
    const double* const row = more.data() + i * more.stride(0);
    for (std::int64_t j = 0; j < more.extent(1); ++j) *to++ += row[j * more.stride(1)];
  }
}

Array<double, 3> class_epochs(Epochs x, std::span<const std::int64_t> y, std::int64_t k) {
  const auto count = static_cast<std::int64_t>(std::count(y.begin(), y.end(), k));
  Array<double, 3> result({count, x.extent(1), x.extent(2)}, uninitialised);
  std::int64_t at = 0;
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    if (y[static_cast<std::size_t>(n)] == k) put(x[n], result[at++]);
  }
  return result;
}

Matrix class_mean(Epochs x, std::span<const std::int64_t> y, std::int64_t k) {
  Matrix sum({x.extent(1), x.extent(2)}, 0.0);
  double count = 0;
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    if (y[static_cast<std::size_t>(n)] != k) continue;
    add_to(sum, x[n]);
    ++count;
  }
  return scaled(sum, 1 / count);
}

double correlation(Signal a, Signal b) {
  const auto mean_of = [](Signal x) {
    double sum = 0;
    for (std::int64_t i = 0; i < x.extent(0); ++i) {
      for (std::int64_t t = 0; t < x.extent(1); ++t) sum += x(i, t);
    }
    return sum / static_cast<double>(x.size());
  };
  const double mean_a = mean_of(a), mean_b = mean_of(b);
  double ab = 0, aa = 0, bb = 0;
  for (std::int64_t i = 0; i < a.extent(0); ++i) {
    for (std::int64_t t = 0; t < a.extent(1); ++t) {
      const double x = a(i, t) - mean_a, y = b(i, t) - mean_b;
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
  }
  const double scale = std::sqrt(aa) * std::sqrt(bb);
  return scale > 0 ? ab / scale : 0;
}

std::vector<std::int64_t> largest_of_rows(Signal score) {
  std::vector<std::int64_t> result;
  for (std::int64_t n = 0; n < score.extent(0); ++n) {
    std::int64_t best = 0;
    for (std::int64_t k = 1; k < score.extent(1); ++k) {
      if (score(n, k) > score(n, best)) best = k;
    }
    result.push_back(best);
  }
  return result;
}

}  // namespace caton
