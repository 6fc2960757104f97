// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/signal/cleaning/tiles.hpp"

#include <string>
#include <vector>

namespace caton {

/// A signal brought to uncorrelated components of variance 1.
struct Whitening {
  Matrix matrix;                    ///< components x channels: white = matrix (x - mean)
  std::vector<double> mean;         ///< by channel [V]
  std::vector<double> eigenvalues;  ///< of the covariance (ddof 0), descending [V²]
};

/// Principal components scaled to variance 1, each signed so that the first channel's entry of its axis is positive
/// (scikit-learn's `FastICA(whiten="unit-variance", whiten_solver="svd")`). From the covariance, or where that is not
/// exact enough from the singular values of the samples. `where` names the caller in errors. Refuses more components
/// than channels or samples (word `components`) and than the rank of the data (`rank`: singular values below 1e-10 of
/// the largest).
[[nodiscard]] Whitening pca_whitening(const std::string& where, Signal x, std::int64_t components);
/// The whitened samples.
[[nodiscard]] Tiles whitened(const Whitening& whitening, Signal x);
/// Both at once.
struct WhitenedSignal {
  Whitening whitening;
  Tiles white;
};
[[nodiscard]] WhitenedSignal pca_whitened(const std::string& where, Signal x, std::int64_t components);

/// Number of singular values of the centred signal above `relative` times the largest: what an average reference or an
/// interpolation leaves.
[[nodiscard]] std::int64_t rank_of_signal(Signal x, double relative = 1e-7);

/// Mean of each row, in fixed order.
[[nodiscard]] std::vector<double> row_means(Signal x);

}  // namespace caton
