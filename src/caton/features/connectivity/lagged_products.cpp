// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/lagged_products.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/text.hpp"
#include "caton/features/connectivity/short_correlations.hpp"
#include "caton/features/connectivity/sums_of_products.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

constexpr double least_singular = 1e-10;

/// Adds all blocks on and above the diagonal; block (j+1, k+1) differs from block (j, k) by one sample at each end.
void add_blocks(const WindowEnds& x, std::int64_t lags, Matrix sums, View<double, 2> products) {
  const std::int64_t channels = x.channels(), last = x.samples() - 1;
  for (std::int64_t gap = 0; gap <= lags; ++gap) {
    for (std::int64_t j = 0; j + gap <= lags; ++j) {
      for (std::int64_t r = 0; r < channels; ++r) {
        double* const values = &sums(r, gap * x.width());
        double* const to = &products(j * channels + r, (j + gap) * channels);
        if (j > 0) {
          const double *const before = x.at(lags - j - gap), *const end = x.at(last + 1 - j - gap);
          const double enters = x.at(lags - j)[r], leaves = x.at(last + 1 - j)[r];
          for (std::int64_t c = 0; c < channels; ++c) values[c] += enters * before[c] - leaves * end[c];
        }
        for (std::int64_t c = 0; c < channels; ++c) to[c] += values[c];
      }
    }
  }
}

/// The regressors of every predicted sample, one a row, then the ridge; and what they predict.
std::pair<Matrix, Matrix> design(const Regression& regression) {
  const std::int64_t channels = regression.x.extent(1), columns = channels * regression.order;
  const std::int64_t each = regression.x.extent(2) - regression.first, rows = regression.x.extent(0) * each;
  Matrix past({rows + (regression.ridge > 0 ? columns : 0), columns}), now({past.extent(0), channels});
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto epoch = regression.x[row / each];
    const std::int64_t n = regression.first + row % each;
    for (std::int64_t c = 0; c < channels; ++c) {
      now(row, c) = epoch(c, n);
      for (std::int64_t k = 0; k < regression.order; ++k) past(row, k * channels + c) = epoch(c, n - 1 - k);
    }
  }
  for (std::int64_t k = rows; k < past.extent(0); ++k) past(k, k - rows) = std::sqrt(regression.ridge);
  return {std::move(past), std::move(now)};
}

Error rank_refused(const std::string& where, std::int64_t rank, std::int64_t wanted) {
  return input_error(where,
                     "the channels are linearly dependent: the regressors have rank " + std::to_string(rank) + " of " +
                         std::to_string(wanted) +
                         " (average reference, an interpolated channel, removed components, or signals that repeat)",
                     "drop a channel for each lost dimension, keep the recording's own reference, or give a ridge");
}

Matrix by_singular_values(const std::string& where, const Regression& regression, const std::vector<double>& scale) {
  auto [past, now] = design(regression);
  for (std::int64_t row = 0; row < past.extent(0); ++row) {
    for (std::int64_t k = 0; k < past.extent(1); ++k) past(row, k) *= scale[static_cast<std::size_t>(k)];
  }
  const Svd parts = svd(past);
  const std::int64_t columns = past.extent(1), rank = rank_of(parts.singular, least_singular);
  if (rank < columns) throw rank_refused(where, rank, columns);
  Matrix projected = transposed_product(parts.u, now);
  for (std::int64_t k = 0; k < columns; ++k) {
    for (std::int64_t c = 0; c < projected.extent(1); ++c)
      projected(k, c) /= parts.singular[static_cast<std::size_t>(k)];
  }
  const Matrix solution = product(parts.v, projected);
  Matrix result({solution.extent(1), columns}, uninitialised);
  for (std::int64_t c = 0; c < result.extent(0); ++c) {
    for (std::int64_t k = 0; k < columns; ++k) result(c, k) = solution(k, c) * scale[static_cast<std::size_t>(k)];
  }
  return result;
}

std::string numbers_of(const std::vector<std::int64_t>& channels) {
  std::string text;
  for (const std::int64_t c : channels) text += (text.empty() ? "" : ", ") + std::to_string(c);
  return text;
}

}  // namespace

namespace {

/// Block (k, j) is the transpose of block (j, k).
void mirror(std::int64_t channels, View<double, 2> products) {
  for (std::int64_t r = 0; r < products.extent(0); ++r) {
    for (std::int64_t c = (r / channels + 1) * channels; c < products.extent(1); ++c) products(c, r) = products(r, c);
  }
}

}  // namespace

WindowEnds::WindowEnds(std::int64_t channels, std::int64_t samples, std::int64_t each)
    : channels_(channels), samples_(samples), each_(each), values_({2 * each, whole_lanes(channels)}) {}

WindowEnds::WindowEnds(const TimeMajor& x, std::int64_t each) : WindowEnds(x.channels(), x.samples(), each) {
  for (std::int64_t n = 0; n < samples_; ++n) {
    if (n < each || n >= samples_ - each) std::copy_n(x.at(n), width(), at(n));
  }
}

Matrix lagged_sums(const TimeMajor& x, std::int64_t first, std::int64_t last, std::int64_t lags) {
  if (worth_transforms(x.channels(), last - first, lags)) return short_correlations(x, first, last, lags);
  const std::int64_t width = x.width();
  Matrix sums({x.channels(), width * (lags + 1)}, uninitialised);
  for (std::int64_t lag = 0; lag <= lags; ++lag) {
    sums_of_products({.left = {x.at(first), width, 1},
                      .right = x.at(first - lag),
                      .right_step = width,
                      .count = last - first,
                      .rows = x.channels(),
                      .columns = width},
                     sums.data() + lag * width, sums.extent(1));
  }
  return sums;
}

Matrix lagged_products(const WindowEnds& ends, Matrix sums, std::int64_t lags) {
  const std::int64_t size = ends.channels() * (lags + 1);
  Matrix products({size, size});
  add_blocks(ends, lags, std::move(sums), products);
  mirror(ends.channels(), products);
  return products;
}

Matrix lagged_products(const TimeMajor& x, std::int64_t lags) {
  return lagged_products(WindowEnds(x, lags), lagged_sums(x, lags, x.samples(), lags), lags);
}

Matrix lagged_products(Epochs x, std::int64_t lags) {
  const std::int64_t channels = x.extent(1), size = channels * (lags + 1);
  Matrix products({size, size});
  for (std::int64_t e = 0; e < x.extent(0); ++e) {
    const TimeMajor epoch(x[e]);
    add_blocks(WindowEnds(epoch, lags), lags, lagged_sums(epoch, lags, epoch.samples(), lags), products);
  }
  mirror(channels, products);
  return products;
}

std::optional<RegressionFit> regress_quickly(Signal products, std::int64_t channels, double ridge) {
  std::vector<double> scale;
  for (std::int64_t k = channels; k < products.extent(0); ++k) {
    const double power = products(k, k) + ridge;
    if (!(power > 0) || !std::isfinite(power)) return std::nullopt;
    scale.push_back(1 / std::sqrt(power));
  }
  return solve_normal_equations(products, scale, ridge);
}

RegressionFit regress(const std::string& where, const Regression& regression, Signal products) {
  const std::int64_t channels = regression.x.extent(1), columns = channels * regression.order;
  std::vector<double> scale(static_cast<std::size_t>(columns));
  for (std::int64_t k = 0; k < columns; ++k) {
    const double power = products(channels + k, channels + k) + regression.ridge;
    if (!(power > 0) || !std::isfinite(power)) {
      throw input_error(where, "channel " + std::to_string(k % channels) + " is flat: a model of it is not defined",
                        "leave it out");
    }
    scale[static_cast<std::size_t>(k)] = 1 / std::sqrt(power);
  }
  if (auto solved = solve_normal_equations(products, scale, regression.ridge)) return std::move(*solved);
  RegressionFit result{by_singular_values(where, regression, scale), {}, false};
  result.left = residual_products(products, result.coefficients);
  return result;
}

void require_variation(const std::string& where, Epochs x) {
  std::vector<std::int64_t> flat;
  for (std::int64_t c = 0; c < x.extent(1); ++c) {
    bool changes = false;
    for (std::int64_t e = 0; e < x.extent(0) && !changes; ++e) {
      for (std::int64_t t = 1; t < x.extent(2) && !changes; ++t) changes = x(e, c, t) != x(e, c, 0);
    }
    if (!changes) flat.push_back(c);
  }
  if (flat.empty()) return;
  throw input_error(where, "channel " + numbers_of(flat) + " is flat, so the channels have not full rank",
                    "leave flat channels out");
}

void require_samples(const std::string& where, Epochs x, std::int64_t order) {
  if (order < 1) throw usage_error(where, "order must be at least 1, got " + std::to_string(order));
  if (x.empty()) throw input_error(where, "the signal is empty");
  const std::int64_t channels = x.extent(1), epochs = x.extent(0), each = x.extent(2) - std::min(order, x.extent(2));
  if (each > 0 && channels * epochs * each > 0 && epochs * each / channels >= order && epochs * each > channels * order)
    return;
  throw input_error(where,
                    "the signal is too short for order " + std::to_string(order) + ": " +
                        std::to_string(epochs * each) + " samples can be predicted, more than " +
                        std::to_string(channels) + " channels x " + std::to_string(order) + " lags are needed",
                    "give a lower order, fewer channels or a longer signal");
}

}  // namespace caton
