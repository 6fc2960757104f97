// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/pad.hpp"
#include "caton/signal/real_fft.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caton {

/// Another sampling rate by cutting or padding the spectrum: new rate = old rate up / down.
struct FftResample {
  double up = 1, down = 1;
  std::optional<std::int64_t> pad_samples = {};  ///< at each end; nothing: up to the next power of two
  std::string window = "boxcar";                 ///< over the spectrum; boxcar is a brick wall at the new Nyquist
  Pad pad = Pad::reflect_limited;
};

/// Samples of the result for so many samples: round(samples up / down), at least 1.
[[nodiscard]] std::int64_t resampled_length(std::int64_t samples, double up, double down);

/// `mne.filter.resample`. Refuses `up` or `down` not above 0 (word `positive`) and unknown windows (`unknown`).
[[nodiscard]] Matrix resample_fft(Signal x, const FftResample& options);
/// The same in float throughout: within 1e-5 of a channel's largest value.
[[nodiscard]] Array<float, 2> resample_fft(FloatSignal x, const FftResample& options);

/// What becomes of a signal's length.
struct ResampledLengths {
  std::int64_t left = 0, right = 0;    ///< padding
  std::int64_t before = 0, after = 0;  ///< of the padded signal at the old and at the new rate
  std::int64_t drop = 0, keep = 0;     ///< of the result
};

/// The resampling of channels of one length, one after the other.
template <class T>
class FftResamplerOf {
 public:
  /// Refuses as `resample_fft`.
  FftResamplerOf(std::int64_t samples, const FftResample& options);

  [[nodiscard]] std::int64_t output_samples() const noexcept { return lengths_.keep; }
  [[nodiscard]] const ResampledLengths& lengths() const noexcept { return lengths_; }
  /// More factors on the bins that both rates have (a filter's response).
  void multiply_gains(const std::vector<double>& gains);
  /// One channel into `output_samples()` values.
  void apply(View<const T, 1> x, T* y) const;

 private:
  Pad pad_;
  ResampledLengths lengths_;
  std::shared_ptr<const RealFftOf<T>> before_, after_;
  std::vector<T> gains_;  ///< of the bins that both rates have
};
extern template class FftResamplerOf<float>;
extern template class FftResamplerOf<double>;

}  // namespace caton
