// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/mvar.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/text.hpp"
#include "caton/features/connectivity/lagged_products.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

Array<double, 3> by_lag(Signal coefficients) {
  const std::int64_t channels = coefficients.extent(0), order = coefficients.extent(1) / channels;
  Array<double, 3> a({order, channels, channels}, uninitialised);
  for (std::int64_t k = 0; k < order; ++k) {
    for (std::int64_t i = 0; i < channels; ++i) {
      for (std::int64_t j = 0; j < channels; ++j) a(k, i, j) = coefficients(i, k * channels + j);
    }
  }
  return a;
}

/// Covariance over all epochs, ddof 1, the mean over all removed.
Matrix covariance_of(Epochs residuals) {
  const std::int64_t channels = residuals.extent(1), count = residuals.extent(0) * residuals.extent(2);
  Matrix all({channels, count}, uninitialised);
  for (std::int64_t c = 0; c < channels; ++c) {
    double mean = 0;
    for (std::int64_t n = 0; n < count; ++n) {
      all(c, n) = residuals(n / residuals.extent(2), c, n % residuals.extent(2));
      mean += all(c, n);
    }
    mean /= static_cast<double>(count);
    for (std::int64_t n = 0; n < count; ++n) all(c, n) -= mean;
  }
  Matrix covariance = product_transposed(all, all);
  for (double& value : covariance) value /= static_cast<double>(std::max<std::int64_t>(count - 1, 1));
  return covariance;
}

/// Biased autocovariances of lags 0 … order, pooled over epochs.
std::vector<Matrix> autocovariances(Epochs x, std::int64_t order) {
  const std::int64_t channels = x.extent(1), samples = x.extent(2);
  const double count = static_cast<double>(x.extent(0) * samples);
  std::vector<Matrix> result;
  for (std::int64_t lag = 0; lag <= order; ++lag) {
    Matrix sum({channels, channels});
    for (std::int64_t e = 0; e < x.extent(0); ++e) {
      const Matrix one = product_transposed(x[e].slice(1, lag, samples - lag), x[e].slice(1, 0, samples - lag));
      for (std::int64_t i = 0; i < sum.size(); ++i) sum.data()[i] += one.data()[i] / count;
    }
    result.push_back(std::move(sum));
  }
  return result;
}

MvarModel yule_walker(const std::string& where, Epochs x, std::int64_t order) {
  const std::int64_t channels = x.extent(1), size = channels * order;
  const auto r = autocovariances(x, order);
  const auto at = [&](std::int64_t lag, std::int64_t i, std::int64_t j) {
    return lag >= 0 ? r[static_cast<std::size_t>(lag)](i, j) : r[static_cast<std::size_t>(-lag)](j, i);
  };
  std::vector<double> scale;
  for (std::int64_t c = 0; c < channels; ++c) {
    if (!(r[0](c, c) > 0)) throw input_error(where, "channel " + std::to_string(c) + " is flat");
    scale.push_back(1 / std::sqrt(r[0](c, c)));
  }
  Matrix toeplitz({size, size}, uninitialised), right({size, channels}, uninitialised);
  for (std::int64_t row = 0; row < size; ++row) {
    const std::int64_t j = row % channels, k = row / channels + 1;
    const double s = scale[static_cast<std::size_t>(j)];
    for (std::int64_t column = 0; column < size; ++column) {
      const std::int64_t m = column % channels, l = column / channels + 1;
      toeplitz(column, row) = at(l - k, j, m) * s * scale[static_cast<std::size_t>(m)];
    }
    for (std::int64_t i = 0; i < channels; ++i) right(row, i) = at(k, i, j) * s;
  }
  const auto solution = solve(toeplitz, right);
  if (!solution)
    throw input_error(where, "the channels are linearly dependent: their autocovariances have not full rank",
                      "drop a channel, or keep the recording's own reference");
  Matrix coefficients({channels, size}, uninitialised);
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t k = 0; k < size; ++k)
      coefficients(i, k) = (*solution)(k, i) * scale[static_cast<std::size_t>(k % channels)];
  }
  MvarModel model{by_lag(coefficients), r[0]};
  for (std::int64_t k = 0; k < order; ++k) {
    const Matrix explained = product_transposed(model.a.view()[k], r[static_cast<std::size_t>(k + 1)]);
    for (std::int64_t i = 0; i < explained.size(); ++i) model.noise.data()[i] -= explained.data()[i];
  }
  return model;
}

double log_determinant(const std::string& where, Signal covariance) {
  const auto factor = cholesky(covariance);
  if (!factor)
    throw input_error(where, "what is left of the channels is linearly dependent: no full rank", "drop a channel");
  double sum = 0;
  for (std::int64_t c = 0; c < covariance.extent(0); ++c) sum += 2 * std::log((*factor)(c, c));
  return sum;
}

std::int64_t least_of(const std::vector<double>& values) {
  return std::min_element(values.begin(), values.end()) - values.begin() + 1;
}

/// C_h: pooled over epochs, mean not removed.
Matrix residual_covariance(Epochs e, std::int64_t lag) {
  const std::int64_t samples = e.extent(2);
  Matrix sum({e.extent(1), e.extent(1)});
  for (std::int64_t k = 0; k < e.extent(0); ++k) {
    const Matrix one = product_transposed(e[k].slice(1, lag, samples - lag), e[k].slice(1, 0, samples - lag));
    for (std::int64_t i = 0; i < sum.size(); ++i) sum.data()[i] += one.data()[i];
  }
  for (double& value : sum) value /= static_cast<double>(e.extent(0) * samples);
  return sum;
}

}  // namespace

Epochs one_epoch(Signal x) {
  return {x.data(), {1, x.extent(0), x.extent(1)}, {x.stride(0) * x.extent(0), x.stride(0), x.stride(1)}};
}

void require_coefficients(const std::string& where, Coefficients a) {
  if (a.empty()) throw usage_error(where, "the model is empty");
  if (a.extent(1) != a.extent(2)) {
    throw usage_error(where, "shape: coefficients are order x channels x channels, got " + std::to_string(a.extent(0)) +
                                 " x " + std::to_string(a.extent(1)) + " x " + std::to_string(a.extent(2)));
  }
}

void require_model(const std::string& where, Coefficients a, Signal noise) {
  require_coefficients(where, a);
  if (noise.extent(0) != a.extent(1) || noise.extent(1) != a.extent(1)) {
    throw usage_error(where, "shape: the noise is " + std::to_string(noise.extent(0)) + " x " +
                                 std::to_string(noise.extent(1)) + ", the model has " + std::to_string(a.extent(1)) +
                                 " channels");
  }
}

MvarModel mvar_fit(Epochs x, const MvarFit& options) {
  const std::string where = "mvar_fit";
  require_samples(where, x, options.order);
  if (!(options.ridge >= 0) || !std::isfinite(options.ridge)) throw usage_error(where, "ridge must not be negative");
  require_variation(where, x);
  if (options.method == MvarMethod::yule_walker) {
    if (options.ridge > 0) throw usage_error(where, "ridge belongs to least-squares, not to yule-walker");
    return yule_walker(where, x, options.order);
  }
  const Matrix products = lagged_products(x, options.order);
  MvarModel model{by_lag(regress(where, {x, options.order, options.order, options.ridge}, products).coefficients), {}};
  model.noise = covariance_of(mvar_residuals(x, model.a));
  return model;
}

Array<double, 3> mvar_residuals(Epochs x, Coefficients a) {
  const std::int64_t order = a.extent(0), samples = x.extent(2) - order;
  Array<double, 3> left({x.extent(0), x.extent(1), samples}, uninitialised);
  for (std::int64_t e = 0; e < x.extent(0); ++e) {
    for (std::int64_t i = 0; i < x.extent(1); ++i) {
      for (std::int64_t n = 0; n < samples; ++n) left(e, i, n) = x(e, i, n + order);
      for (std::int64_t k = 0; k < order; ++k) {
        for (std::int64_t j = 0; j < x.extent(1); ++j) {
          const double weight = a(k, i, j);
          for (std::int64_t n = 0; n < samples; ++n) left(e, i, n) -= weight * x(e, j, n + order - 1 - k);
        }
      }
    }
  }
  return left;
}

MvarOrders mvar_order(Epochs x, std::int64_t max_order, double ridge) {
  const std::string where = "mvar_order";
  require_samples(where, x, max_order);
  require_variation(where, x);
  const std::int64_t channels = x.extent(1);
  const auto n = static_cast<double>(x.extent(0) * (x.extent(2) - max_order)), c = static_cast<double>(channels);
  const Matrix all = lagged_products(x, max_order);
  MvarOrders result;
  for (std::int64_t order = 1; order <= max_order; ++order) {
    const std::int64_t size = channels * (order + 1);
    const Signal products = all.view().slice(0, 0, size).slice(1, 0, size);
    Matrix covariance = regress(where, {x, order, max_order, ridge * n}, products).left;
    for (double& value : covariance) value /= n;
    for (std::int64_t i = 0; i < channels; ++i) covariance(i, i) += ridge;
    const double fit = log_determinant(where, covariance), p = static_cast<double>(order), cost = p * c * c / n;
    result.aic.push_back(fit + 2 * cost);
    result.bic.push_back(fit + std::log(n) * cost);
    result.hq.push_back(fit + 2 * std::log(std::log(n)) * cost);
    result.fpe.push_back(std::exp(fit) * std::pow((n + c * p) / (n - c * p), c));
  }
  result.best_aic = least_of(result.aic);
  result.best_bic = least_of(result.bic);
  return result;
}

Whiteness mvar_whiteness(Epochs residuals, std::int64_t order, std::int64_t lags) {
  const std::string where = "mvar_whiteness";
  if (residuals.empty()) throw input_error(where, "the residuals are empty");
  if (order < 1) throw usage_error(where, "order must be at least 1");
  if (lags <= order || lags >= residuals.extent(2)) {
    throw usage_error(where, "lags must be above the order " + std::to_string(order) + " and below the " +
                                 std::to_string(residuals.extent(2)) + " samples, got " + std::to_string(lags));
  }
  require_variation(where, residuals);
  const std::int64_t channels = residuals.extent(1);
  const Matrix zero = residual_covariance(residuals, 0);
  const auto n = static_cast<double>(residuals.extent(2) * residuals.extent(0));
  Whiteness result{.freedom = channels * channels * (lags - order)};
  for (std::int64_t lag = 1; lag <= lags; ++lag) {
    const Matrix one = residual_covariance(residuals, lag);
    const auto left = solve(zero, one), right = solve(zero, Matrix(one.view().transposed()));
    if (!left || !right) throw input_error(where, "the residuals are linearly dependent: no full rank");
    const Matrix both = product(*right, *left);
    double trace = 0;
    for (std::int64_t c = 0; c < channels; ++c) trace += both(c, c);
    result.q += n * n * trace / (n - static_cast<double>(lag * residuals.extent(0)));
  }
  result.p = chi_square_sf(result.q, static_cast<double>(result.freedom));
  return result;
}

Matrix mvar_simulate(Coefficients a, Signal innovations, std::int64_t discard) {
  const std::string where = "mvar_simulate";
  require_coefficients(where, a);
  const std::int64_t channels = a.extent(1), samples = innovations.extent(1), order = a.extent(0);
  if (innovations.extent(0) != channels) {
    throw usage_error(where, "shape: innovations of " + std::to_string(innovations.extent(0)) +
                                 " channels, a model of " + std::to_string(channels));
  }
  if (discard < 0 || discard >= samples)
    throw usage_error(where,
                      "discard must leave samples, got " + std::to_string(discard) + " of " + std::to_string(samples));
  Matrix x(innovations);
  for (std::int64_t n = 0; n < samples; ++n) {
    for (std::int64_t k = 0; k < std::min(order, n); ++k) {
      for (std::int64_t i = 0; i < channels; ++i) {
        double sum = 0;
        for (std::int64_t j = 0; j < channels; ++j) sum += a(k, i, j) * x(j, n - 1 - k);
        x(i, n) += sum;
      }
    }
    for (std::int64_t i = 0; i < channels; ++i) {
      if (!std::isfinite(x(i, n)))
        throw input_error(where, "the model is unstable: sample " + std::to_string(n) + " is not finite any more");
    }
  }
  return Matrix(Signal(x.view()).slice(1, discard, samples - discard));
}

}  // namespace caton
