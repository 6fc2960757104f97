// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/convolution.hpp"
#include "caton/signal/resample.hpp"

#include <optional>
#include <vector>

namespace caton {

/// A zero-phase filter and `resample_fft` after it with one pair of transforms for both: the filter is a factor on the
/// spectrum. Its convolution is circular over the padded signal, which is wrong within half a filter of the ends of the
/// padding; what that does to the kept part, far away, is a smooth function (the resampler's kernel is a cotangent
/// there) and is taken off as a polynomial in cot(pi m / M). Equal to the two steps up to rounding.
template <class T>
class FilteringResamplerOf {
 public:
  /// Nothing where the pair cannot be joined so: windows but `boxcar`, other padding than `reflect_limited`, rates that
  /// rise, odd lengths, signals that are short beside padding and filter.
  [[nodiscard]] static std::optional<FilteringResamplerOf> of(const std::vector<double>& taps, std::int64_t samples,
                                                              const FftResample& options);

  /// One channel into `output_samples()` values of the resampler.
  void apply(View<const T, 1> x, T* y) const;

 private:
  FilteringResamplerOf(const std::vector<double>& taps, FftResamplerOf<T> resampler);
  [[nodiscard]] std::vector<double> wrap_error(View<const T, 1> x) const;

  FftResamplerOf<T> resampler_;
  ConvolutionOf<double> convolution_;
  std::int64_t reach_;                           ///< of the filter to either side
  std::size_t terms_ = 0;                        ///< of the polynomial
  std::vector<double> sine_, cosine_, tangent_;  ///< of the places within reach of the wrap
  std::vector<double> cotangent_;                ///< of the kept outputs
};

extern template class FilteringResamplerOf<float>;
extern template class FilteringResamplerOf<double>;

}  // namespace caton
