// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/window_model.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/features/connectivity/free_run.hpp"
#include "caton/features/connectivity/lagged_products.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

constexpr double safe_pivot = 1e-8;
constexpr double least_singular = 1e-10;
constexpr double rounding = 1e-13;
/// A free run that has not died down after this many samples is left to the eigenvalues.
constexpr std::int64_t longest_run = 1024;
/// Share of the residuals' energy that the end of the run may have: 1 would do without rounding.
constexpr double safe_energy = 0.5;

TimeMajor prepared(const std::string& where, const TimeMajor& x, const ModelWindow& window) {
  TimeMajor y(x, window.begin, window.length);
  const ChannelMoments moments = channel_moments(y);
  for (std::int64_t c = 0; c < y.channels(); ++c) {
    const auto at = static_cast<std::size_t>(c);
    if (!(moments.deviation[at] > rounding * moments.largest[at]) || !std::isfinite(moments.deviation[at])) {
      throw input_error(where, "channel " + std::to_string(c) + " is flat in a window",
                        "leave the channel or the window out");
    }
  }
  if (window.standardize) standardize(y, moments);
  return y;
}

/// Refuses dependent channels: quickly by the pivots of their products, in doubt by their singular values.
void require_rank(const std::string& where, const TimeMajor& x, Signal products) {
  const std::int64_t channels = x.channels();
  if (surely_independent(products, channels)) return;
  Matrix rows(x.signal());
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t t = 0; t < rows.extent(1); ++t) rows(c, t) /= std::sqrt(products(c, c));
  }
  const std::int64_t rank = rank_of(svd(rows).singular, least_singular);
  if (rank == channels) return;
  throw input_error(where,
                    "the channels are linearly dependent: rank " + std::to_string(rank) + " of " +
                        std::to_string(channels) + " (average reference, interpolated channel, removed components)",
                    "drop a channel for each lost dimension, or keep the recording's own reference");
}

/// Covariance of what the model leaves: ddof 1, mean removed, out of sums alone.
Matrix noise_of(const WindowEnds& x, std::vector<double> sums, const RegressionFit& fit) {
  const std::int64_t channels = x.channels(), order = fit.coefficients.extent(1) / channels;
  const auto count = static_cast<double>(x.samples() - order);
  std::vector<double> left = sums, lagged;
  for (std::int64_t lag = 0; lag < order; ++lag) {
    for (std::int64_t c = 0; c < channels; ++c) {
      double& sum = sums[static_cast<std::size_t>(c)];
      sum += x.at(order - 1 - lag)[c] - x.at(x.samples() - 1 - lag)[c];
      lagged.push_back(sum);
    }
  }
  for (std::int64_t i = 0; i < channels; ++i) {
    const double* const row = &fit.coefficients(i, 0);
    for (std::size_t k = 0; k < lagged.size(); ++k) left[static_cast<std::size_t>(i)] -= row[k] * lagged[k];
  }
  Matrix noise(fit.left);
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t j = 0; j < channels; ++j)
      noise(i, j) =
          (noise(i, j) - left[static_cast<std::size_t>(i)] * left[static_cast<std::size_t>(j)] / count) / (count - 1);
  }
  return noise;
}

}  // namespace

bool surely_independent(Signal products, std::int64_t channels) {
  Matrix scaled({channels, channels}, uninitialised);
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t j = 0; j < channels; ++j)
      scaled(i, j) = products(i, j) / std::sqrt(products(i, i)) / std::sqrt(products(j, j));
  }
  const auto factor = cholesky(scaled);
  if (!factor) return false;
  double least = 1;
  for (std::int64_t i = 0; i < channels; ++i) least = std::min(least, (*factor)(i, i) * (*factor)(i, i));
  return least > safe_pivot;
}

WindowModel model_of(const WindowEnds& y, const std::vector<double>& sums, RegressionFit fit) {
  const std::int64_t channels = y.channels(), order = fit.coefficients.extent(1) / channels;
  WindowModel result{{Array<double, 3>({order, channels, channels}, uninitialised), noise_of(y, sums, fit)},
                     std::move(fit.left),
                     Matrix({order, channels}, uninitialised),
                     fit.well_conditioned};
  for (std::int64_t k = 0; k < order; ++k) {
    std::copy_n(y.at(y.samples() - 1 - k), channels, &result.last(k, 0));
    for (std::int64_t i = 0; i < channels; ++i)
      std::copy_n(&fit.coefficients(i, k * channels), channels, &result.model.a(k, i, 0));
  }
  return result;
}

WindowModel window_model(const std::string& where, const TimeMajor& x, const ModelWindow& window) {
  const TimeMajor y = prepared(where, x, window);
  const Matrix products = lagged_products(y, window.order);
  if (!(window.ridge > 0)) require_rank(where, y, products);
  const double ridge = window.ridge * static_cast<double>(y.samples() - window.order);
  RegressionFit fit = regress(where, {one_epoch(y.signal()), window.order, window.order, ridge}, products);
  WindowModel result =
      model_of(WindowEnds(y, window.order), channel_sums(y, window.order, y.samples()), std::move(fit));
  if (window.ridge > 0) {
    for (std::int64_t c = 0; c < y.channels(); ++c) result.model.noise(c, c) += window.ridge;
    result.well_conditioned = false;  // the normal equations are not those of these samples
  }
  return result;
}

bool surely_stable(const WindowModel& window) {
  if (!window.well_conditioned) return false;
  const Coefficients a = window.model.a.view();
  const auto factor = cholesky(window.left);
  if (!factor) return false;
  const std::int64_t order = a.extent(0);
  FreeRun free(a, window.last);
  for (std::int64_t run = 0; run <= longest_run; run = std::max<std::int64_t>(2 * run, 8)) {
    while (free.samples() < run + 2 * order - 1) free.advance();
    const double total = free.energy(run, *factor);
    if (total < safe_energy) return true;
    if (!std::isfinite(total)) return false;
  }
  return false;
}

bool is_stable(const WindowModel& window) { return surely_stable(window) || mvar_radius(window.model.a.view()) < 1; }

}  // namespace caton
