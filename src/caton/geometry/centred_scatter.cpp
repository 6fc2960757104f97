// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/centred_scatter.hpp"

#include "caton/base/row_products.hpp"
#include "caton/geometry/covariance_kernels.hpp"

namespace caton {

namespace {

/// Sums of a row in four registers, added in one order.
struct RowSum {
  static inline __attribute__((always_inline)) void run(const double* row, std::int64_t samples, double* sum) {
    Lanes a{}, b{}, c{}, d{}, value;
    std::int64_t t = 0;
    for (; t + 4 * lane_count <= samples; t += 4 * lane_count) {
      load_lanes(value, row + t);
      a += value;
      load_lanes(value, row + t + lane_count);
      b += value;
      load_lanes(value, row + t + 2 * lane_count);
      c += value;
      load_lanes(value, row + t + 3 * lane_count);
      d += value;
    }
    const Lanes four = (a + b) + (c + d);
    double all = ((four[0] + four[1]) + (four[2] + four[3])) + ((four[4] + four[5]) + (four[6] + four[7]));
    for (; t < samples; ++t) all += row[t];
    *sum = all;
  }
};

Matrix lower_scatter(Signal x) {
  Matrix result({x.extent(0), x.extent(0)});
  add_row_products(x, x, true, result);
  return result;
}

}  // namespace

CentredScatter centred_scatter(Signal x) {
  if (x.stride(1) != 1 && x.extent(1) > 1) return centred_scatter(Matrix(x));
  // Up to this share of a channel's squares its mean may be taken away afterwards: half a bit is lost.
  constexpr double most_share = 0.25;
  const std::int64_t channels = x.extent(0);
  const auto samples = static_cast<double>(x.extent(1));
  CentredScatter result{lower_scatter(x), std::vector<double>(static_cast<std::size_t>(channels)), true};
  for (std::int64_t c = 0; c < channels; ++c) {
    double& sum = result.sums[static_cast<std::size_t>(c)];
    run_on<RowSum>(processor(), x.data() + c * x.stride(0), x.extent(1), &sum);
    result.level = result.level && sum * sum / samples <= most_share * result.scatter(c, c);
  }
  if (!result.level) result.scatter = lower_scatter(centred(x));
  for (std::int64_t i = 0; result.level && i < channels; ++i) {
    const double mean = result.sums[static_cast<std::size_t>(i)] / samples;
    for (std::int64_t j = 0; j <= i; ++j) result.scatter(i, j) -= mean * result.sums[static_cast<std::size_t>(j)];
  }
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t j = 0; j < i; ++j) result.scatter(j, i) = result.scatter(i, j);
  }
  return result;
}

}  // namespace caton
