// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/covariance.hpp"

#include <vector>

/// Matrices built from signals in other ways than one covariance of all channels, and changes of finished matrices.
namespace caton {

/// One estimate for each block of neighbouring channels, zeros between them (pyRiemann BlockCovariances). Refuses (word
/// `blocks`) sizes below 1 or with another sum than the channels.
[[nodiscard]] Matrices covariance_block(Epochs x, const std::vector<std::int64_t>& blocks,
                                        const CovarianceOptions& options = {});
/// Covariance of the channels beside themselves shifted by each delay in a circle, the end wrapping to the front
/// (pyRiemann TimeDelayCovariances). Delays in samples.
[[nodiscard]] Matrices covariance_time_delay(Epochs x, const std::vector<std::int64_t>& delays,
                                             const CovarianceOptions& options = {});
/// Covariance of [[x, alpha I], [alpha I, xᵀ]] / (2 alpha), x centred over channels and over time (pyRiemann
/// covariances_X): size channels + samples, which must not exceed 4096 (word `samples`).
[[nodiscard]] Matrices covariance_extended(Epochs x, double alpha = 0.2, const CovarianceOptions& options = {});

/// Every matrix scaled to unit diagonal, trace 1 or determinant 1 (pyRiemann normalize).
[[nodiscard]] Matrices spd_normalize(MatricesView c, MatrixNorm norm);
/// (1 - shrinkage) c + shrinkage tr(c) / size I (pyRiemann Shrinkage). Refuses a share outside [0, 1] (`shrinkage`).
[[nodiscard]] Matrices covariance_shrink(MatricesView c, double shrinkage = 0.1);

}  // namespace caton
