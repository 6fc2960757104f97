// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/lagged_products.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton {

/// Where the windows of a model lie, and how they are prepared.
struct ModelWindow {
  std::int64_t begin = 0, length = 0;
  std::int64_t order = 1;
  bool standardize = true;  ///< mean taken away, divided by the deviation (ddof 0)
};

/// A window's model by least squares, with what else the fit knows.
struct WindowModel {
  MvarModel model;               ///< noise: ddof 1, mean of the residuals removed
  Matrix left;                   ///< C x C: sums of squares and products of the residuals
  Matrix last;                   ///< order x C: the window's last samples, newest first
  bool well_conditioned = true;  ///< the normal equations gave it, with digits to spare
};

/// Refuses flat channels (word `flat`) and dependent ones (`rank`).
[[nodiscard]] WindowModel window_model(const std::string& where, const TimeMajor& x, const ModelWindow& window);

/// The same out of a fit: `sums` of the channels over the samples from `order` on.
[[nodiscard]] WindowModel model_of(const WindowEnds& y, const std::vector<double>& sums, RegressionFit fit);
/// Whether the first `channels` of the products are far from linear dependence. False says nothing.
[[nodiscard]] bool surely_independent(Signal products, std::int64_t channels);

/// True when the model is surely stable (radius below 1), without its eigenvalues: least squares leave P - F P Fᵀ = Q +
/// s sᵀ - z zᵀ, with F the companion matrix, P the products of the regressors, Q those of the residuals, s and z the
/// first and last states. Adding the states F^k z, k < K, to P moves z to v = F^K z; F is stable as soon as the free
/// run v, F v … F^(p-1) v has less energy, measured by what p steps of the residuals can reach, than these have: a
/// Lyapunov function. False says nothing.
[[nodiscard]] bool surely_stable(const WindowModel& window);
/// Whether the radius is below 1: by its eigenvalues only where nothing else says so.
[[nodiscard]] bool is_stable(const WindowModel& window);

}  // namespace caton
