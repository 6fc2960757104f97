// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/fft.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// Convolution with one filter by overlap-add: the filter's transform is made once and may be used by several threads.
class Convolution {
 public:
  /// For signals of about `samples` samples.
  Convolution(std::span<const double> h, std::int64_t samples);

  /// y[t] = (h * x)[t + shift] for the places of `y`.
  void apply(std::span<const double> x, std::int64_t shift, std::span<double> y) const;

 private:
  std::int64_t taps_, block_;
  std::shared_ptr<const Fft> plan_;
  std::vector<double> re_, im_;
};

}  // namespace caton
