// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/signal/fft.hpp"
#include "caton/signal/padded_row.hpp"

#include <cstdint>

namespace caton {

/// The transform of a real signal of one length: an even length as half as many complex values.
template <class T>
class RealFftOf {
 public:
  explicit RealFftOf(std::int64_t length);

  [[nodiscard]] std::int64_t length() const noexcept { return length_; }
  [[nodiscard]] std::int64_t bins() const noexcept { return length_ / 2 + 1; }
  /// The first `count` bins of the `length` values that begin at place `begin` of a row.
  void forward(const PaddedRow<T>& x, std::int64_t begin, Split<T> bins, std::int64_t count) const;
  /// Values first … first + count - 1 of the signal whose bins 0 … N/2 are given; the imaginary parts of bin 0 and, for
  /// even N, of the last bin are not looked at.
  void inverse(Split<const T> bins, std::int64_t first, std::int64_t count, T* x) const;

 private:
  std::int64_t length_;
  FftOf<T> plan_;
  Array<T, 1> roots_;  ///< e^(-2 pi i k / N) for k <= N/2: real parts, then imaginary parts
};

using RealFft = RealFftOf<double>;
extern template class RealFftOf<float>;
extern template class RealFftOf<double>;

}  // namespace caton
