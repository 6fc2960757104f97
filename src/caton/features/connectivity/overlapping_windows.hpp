// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/window_model.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caton {

/// Models of standardised windows of one recording. The lagged products of a stretch that several windows hold are
/// summed once; means and deviations are taken out of the sums.
class OverlappingWindows {
 public:
  OverlappingWindows(const TimeMajor& x, std::span<const std::int64_t> begins, std::int64_t length, std::int64_t order);

  /// The model of the window that begins there (one of `begins`). Nothing in doubt, where the sums might have lost
  /// digits (a mean far from zero) or the channels depend on each other: `window_model` decides then.
  [[nodiscard]] std::optional<WindowModel> model(std::int64_t begin) const;

 private:
  /// Of the samples first … last - 1: products with the samples up to `order` lags before, and sums.
  struct Stretch {
    std::int64_t last;
    Matrix products;
    std::vector<double> sums;
  };

  /// Of each channel of a window, padded with zeros: the sum from sample `order` on, the mean, one by the deviation.
  struct Moments {
    std::vector<double> sums, mean, scale;
  };

  /// Sums of the window's stretches, of the samples as they are.
  [[nodiscard]] Matrix raw_products(std::int64_t begin, std::vector<double>& sums) const;
  /// False where a deviation is lost beside its mean.
  [[nodiscard]] bool find_moments(std::int64_t begin, Signal products, Moments& moments) const;
  /// Makes the products those of the standardised samples.
  void standardize(std::int64_t begin, const Moments& moments, Matrix& products) const;
  [[nodiscard]] WindowEnds ends(std::int64_t begin, const Moments& moments) const;

  const TimeMajor& x_;
  std::int64_t length_, order_;
  std::map<std::int64_t, Stretch> stretches_;  ///< by their first sample
};

}  // namespace caton
