// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/lagged_products.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/text.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

/// Pivots of the scaled normal equations above this leave eight digits; below, the regressors themselves are looked at.
constexpr double safe_pivot = 1e-8;
constexpr double least_singular = 1e-10;

/// Samples x channels, padded with zeros to whole lanes, so that channels lie side by side in a register.
struct TimeMajor {
  std::int64_t samples = 0, width = 0;
  Array<double, 2> values;
};

TimeMajor time_major(Signal x) {
  TimeMajor result{x.extent(1), (x.extent(0) + lane_count - 1) / lane_count * lane_count, {}};
  result.values = Array<double, 2>({result.samples, result.width});
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    const auto row = x[c];
    double* const to = result.values.data() + c;
    for (std::int64_t t = 0; t < result.samples; ++t) to[t * result.width] = row[t];
  }
  return result;
}

/// Four rows times eight columns of sum over n of x[n] x[n - lag]ᵀ.
struct ProductKernel {
  static inline __attribute__((always_inline)) void run(const double* now, const double* then, std::int64_t samples,
                                                        std::int64_t width, double* out) {
    Lanes sum0{}, sum1{}, sum2{}, sum3{};
    for (std::int64_t n = 0; n < samples; ++n) {
      Lanes past;
      load_lanes(past, then + n * width);
      const double* const x = now + n * width;
      sum0 += x[0] * past;
      sum1 += x[1] * past;
      sum2 += x[2] * past;
      sum3 += x[3] * past;
    }
    store_lanes(sum0, out);
    store_lanes(sum1, out + lane_count);
    store_lanes(sum2, out + 2 * lane_count);
    store_lanes(sum3, out + 3 * lane_count);
  }
};

/// Adds the products of lag `lag` over n = first … T-1 to block (0, lag).
void add_first_row(const TimeMajor& x, std::int64_t channels, std::int64_t first, std::int64_t lag,
                   View<double, 2> products) {
  alignas(64) double tile[4 * lane_count];
  for (std::int64_t i = 0; i < channels; i += 4) {
    for (std::int64_t j = 0; j < channels; j += lane_count) {
      run_on<ProductKernel>(processor(), x.values.data() + first * x.width + i,
                            x.values.data() + (first - lag) * x.width + j, x.samples - first, x.width,
                            static_cast<double*>(tile));
      for (std::int64_t row = i; row < std::min(i + 4, channels); ++row) {
        for (std::int64_t column = j; column < std::min(j + lane_count, channels); ++column)
          products(row, lag * channels + column) += tile[(row - i) * lane_count + column - j];
      }
    }
  }
}

/// Block (j+1, k+1) differs from block (j, k) by one sample at each end.
void add_other_rows(Signal x, std::int64_t lags, Signal first_row, View<double, 2> products) {
  const std::int64_t channels = x.extent(0), samples = x.extent(1);
  for (std::int64_t gap = 0; gap <= lags; ++gap) {
    for (std::int64_t r = 0; r < channels; ++r) {
      for (std::int64_t c = 0; c < channels; ++c) {
        double value = first_row(r, gap * channels + c);
        products(r, gap * channels + c) += value;
        for (std::int64_t j = 0; j + gap < lags; ++j) {
          const std::int64_t k = j + gap;
          value += x(r, lags - 1 - j) * x(c, lags - 1 - k) - x(r, samples - 1 - j) * x(c, samples - 1 - k);
          products((j + 1) * channels + r, (k + 1) * channels + c) += value;
        }
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

Matrix lagged_products(Epochs x, std::int64_t lags) {
  const std::int64_t channels = x.extent(1), size = channels * (lags + 1);
  Matrix products({size, size});
  Matrix first_row({channels, size}, uninitialised);
  for (std::int64_t e = 0; e < x.extent(0); ++e) {
    const TimeMajor epoch = time_major(x[e]);
    first_row.fill(0);
    for (std::int64_t lag = 0; lag <= lags; ++lag) add_first_row(epoch, channels, lags, lag, first_row);
    add_other_rows(x[e], lags, first_row, products);
  }
  for (std::int64_t r = 0; r < size; ++r) {
    for (std::int64_t c = (r / channels + 1) * channels; c < size; ++c) products(c, r) = products(r, c);
  }
  return products;
}

Matrix regression_coefficients(const std::string& where, const Regression& regression, Signal products) {
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
  Eigen::MatrixXd normal(columns, columns), right(columns, channels);
  for (std::int64_t k = 0; k < columns; ++k) {
    const double s = scale[static_cast<std::size_t>(k)];
    for (std::int64_t l = 0; l < columns; ++l)
      normal(l, k) = products(channels + k, channels + l) * s * scale[static_cast<std::size_t>(l)];
    normal(k, k) += regression.ridge * s * s;
    for (std::int64_t c = 0; c < channels; ++c) right(k, c) = products(c, channels + k) * s;
  }
  const Eigen::LLT<Eigen::MatrixXd> factor(normal);
  if (factor.info() != Eigen::Success || !(factor.matrixLLT().diagonal().array().square().minCoeff() > safe_pivot))
    return by_singular_values(where, regression, scale);
  const Eigen::MatrixXd solution = factor.solve(right);
  Matrix result({channels, columns}, uninitialised);
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t k = 0; k < columns; ++k) result(c, k) = solution(k, c) * scale[static_cast<std::size_t>(k)];
  }
  return result;
}

Matrix residual_products(Signal products, Signal coefficients) {
  const std::int64_t channels = coefficients.extent(0), columns = coefficients.extent(1);
  const Signal past = products.slice(0, channels, columns).slice(1, channels, columns);
  const Signal cross = products.slice(0, 0, channels).slice(1, channels, columns);
  const Matrix explained = product_transposed(coefficients, cross);
  const Matrix both = product_transposed(product(coefficients, past), coefficients);
  Matrix result({channels, channels}, uninitialised);
  for (std::int64_t r = 0; r < channels; ++r) {
    for (std::int64_t c = 0; c < channels; ++c)
      result(r, c) = products(r, c) - explained(r, c) - explained(c, r) + (both(r, c) + both(c, r)) / 2;
  }
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
