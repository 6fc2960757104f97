// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Multivariate autoregressive models x[n] = sum over k = 1 … p of a[k-1] x[n-k] + e[n]. Epochs are (E, C, T); one
/// recording is one epoch.
namespace caton {

using Epochs = View<const double, 3>;        ///< epochs x channels x samples
using Coefficients = View<const double, 3>;  ///< p x to x from

/// One signal as a single epoch.
[[nodiscard]] Epochs one_epoch(Signal x);

enum class MvarMethod { least_squares, yule_walker };

struct MvarFit {
  std::int64_t order = 1;
  MvarMethod method = MvarMethod::least_squares;
  double ridge = 0;  ///< least squares: added to the diagonal of the normal equations
};

struct MvarModel {
  Array<double, 3> a;  ///< p x to x from
  Matrix noise;        ///< covariance of e
};

/// Coefficients and noise of a model of this order, as it is: the mean is not taken away. Least squares: noise with
/// ddof 1 and the mean of the residuals removed (SCoT's VAR). Yule-Walker: biased autocovariances pooled over epochs.
/// Refuses orders below 1 (word `order`), E (T - p) <= C p (`short`), flat channels (`flat`) and, without a ridge,
/// dependent ones (`rank`: smallest singular value of the scaled regressors below 1e-10 of the largest).
[[nodiscard]] MvarModel mvar_fit(Epochs x, const MvarFit& options);
/// What the model leaves of the epochs: E x C x (T - p).
[[nodiscard]] Array<double, 3> mvar_residuals(Epochs x, Coefficients a);

/// Information criteria of orders 1 … max_order on the same last T - max_order samples of each epoch, with the maximum
/// likelihood covariance of the residuals.
struct MvarOrders {
  std::vector<double> aic, bic, hq, fpe;
  std::int64_t best_aic = 0, best_bic = 0;  ///< orders, from 1 on
};
/// `ridge`: white noise of this power added to each channel.
[[nodiscard]] MvarOrders mvar_order(Epochs x, std::int64_t max_order, double ridge = 0);

/// Largest modulus among the eigenvalues of the companion matrix; the model is stable below 1.
[[nodiscard]] double mvar_radius(Coefficients a);

struct Whiteness {
  double q = 0;
  std::int64_t freedom = 0;
  double p = 1;
};
/// Adjusted portmanteau test (Hosking; Luetkepohl 2005, 4.4.23) of residuals E x C x N up to `lags`: a small p says
/// that the model leaves structure behind. Refuses lags not above the order or not below N (word `lags`).
[[nodiscard]] Whiteness mvar_whiteness(Epochs residuals, std::int64_t order, std::int64_t lags);

/// The recursion from rest, driven by innovations (C, T); the first `discard` samples are dropped.
[[nodiscard]] Matrix mvar_simulate(Coefficients a, Signal innovations, std::int64_t discard = 0);

/// Refuses (word `shape`) coefficients that are not p x C x C, `empty` ones, and noise of another size.
void require_model(const std::string& where, Coefficients a, Signal noise);
void require_coefficients(const std::string& where, Coefficients a);

}  // namespace caton
