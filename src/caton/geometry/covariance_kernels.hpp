// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"
#include "caton/geometry/covariance.hpp"

#include <span>

/// What estimators of covariance share, here and among the decoders.
namespace caton {

/// The mean of each row.
[[nodiscard]] std::vector<double> channel_means(Signal x, Processor target = processor());
/// x with the mean of each row taken away.
[[nodiscard]] Matrix centred(Signal x);
/// factor x xᵀ, both triangles.
void scatter(Signal x, double factor, View<double, 2> out, Processor target = processor());
/// x xᵀ, both triangles.
[[nodiscard]] Matrix scatter(Signal x, Processor target = processor());
/// Mean of the squares of each channel; refuses (word `flat`) a channel without variance.
[[nodiscard]] std::vector<double> variances(const std::string& where, Signal centred);
/// Huber's, Student's or Tyler's estimator of a centred signal.
[[nodiscard]] Matrix robust_covariance(Signal centred, const CovarianceOptions& options);
/// One matrix scaled to unit diagonal, trace 1 or determinant 1.
[[nodiscard]] Matrix normalised(const std::string& where, Signal c, MatrixNorm norm);

}  // namespace caton
