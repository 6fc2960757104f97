// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/svc.hpp"
#include "caton/geometry/covariance.hpp"
#include "caton/geometry/metric.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

enum class GridScore { roc_auc, accuracy };

/// What an augmented-covariance search tries: every combination, c outermost, then kernel, lag, order (the order in
/// which scikit-learn walks parameters sorted by name).
struct AcmGrid {
  std::vector<std::int64_t> orders, lags;
  std::vector<double> c{0.5, 1, 1.5};
  std::vector<SvcKernel> kernels{SvcKernel::linear, SvcKernel::rbf};
  Estimator estimator = Estimator::cov;
  Metric metric = Metric::riemann;
  GridScore score = GridScore::roc_auc;

  [[nodiscard]] std::int64_t size() const noexcept {
    return static_cast<std::int64_t>(orders.size() * lags.size() * c.size() * kernels.size());
  }
};

struct AcmGridResult {
  Matrix inner_score;                ///< outer folds x grid: mean over inner folds
  std::vector<std::int64_t> chosen;  ///< grid place of each outer fold, the first best within 1e-9
  std::vector<double> score;         ///< of each outer fold's test samples
  std::vector<std::int64_t> label;   ///< of each sample, from the fold that tests it
};

/// Delay embedding, covariance, tangent space at the mean of training and support vectors, its parameters chosen inside
/// each outer training set and refitted there (github.com/carraraig/Augmented_Covariance_BCI). outer: fold that tests
/// each sample; inner: outer folds x samples, -1 outside that training set. Everything that learns sees training
/// samples only; covariances, which see one sample each, are made once. Refuses folds that do not fit (word `fold`), a
/// side of a fold without a class (`class`), an empty grid (`empty`), and as `delay_embedding`.
[[nodiscard]] AcmGridResult acm_nested_grid(Epochs x, std::span<const std::int64_t> y, std::int64_t classes,
                                            std::span<const std::int64_t> outer, View<const std::int64_t, 2> inner,
                                            const AcmGrid& grid);

}  // namespace caton
