// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/padded_row.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// Convolution with one real filter by overlap-save, in blocks that fit the cache; two
/// blocks ride in one transform. The filter's transform is made once and may be used by several threads.
template <class T>
class ConvolutionOf {
 public:
  /// For signals of about `samples` samples.
  ConvolutionOf(std::span<const double> h, std::int64_t samples);

  /// y[t] = (h * x)[t + shift] for the places of `y`.
  void apply(View<const T, 1> x, std::int64_t shift, std::span<T> y) const;
  /// The same in memory of the caller, as long as `work_values`.
  void apply(View<const T, 1> x, std::int64_t shift, std::span<T> y, std::span<T> work) const;
  [[nodiscard]] std::int64_t work_values() const noexcept { return 4 * block_; }
  /// The same of a signal that goes on at both ends as `pad` says: for -edge <= t < samples + edge, zeros beyond.
  void apply_padded(View<const T, 1> x, Pad pad, std::int64_t edge, std::int64_t shift, std::span<T> y) const;

 private:
  void run(const PaddedRow<T>& source, std::int64_t shift, std::span<T> y, T* work) const;

  std::int64_t taps_, block_;
  std::shared_ptr<const FftOf<T>> plan_;
  std::vector<T> spectrum_;  ///< real parts, then imaginary parts, over the length
};

using Convolution = ConvolutionOf<double>;
extern template class ConvolutionOf<float>;
extern template class ConvolutionOf<double>;

}  // namespace caton
