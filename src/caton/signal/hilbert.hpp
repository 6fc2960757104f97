// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/zpk.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace caton {

/// The analytic signal of each channel (`scipy.signal.hilbert`): the signal itself plus i times its Hilbert transform,
/// by one Fourier transform of `fft_samples` (nothing: as many as the signal has; more: zeros follow it and are cut off
/// again). Both ends ring: whoever needs them clean cuts them off. Refuses fewer `fft_samples` than samples (word
/// `fft_samples`), no samples (`empty`), values that are not finite (`finite`).
[[nodiscard]] Array<Complex, 2> analytic_signal(Signal x, std::optional<std::int64_t> fft_samples = {},
                                                const std::string& where = "hilbert");

/// `analytic_signal` of one window after the other, all of one shape: its bits, and no memory after the beginning where
/// `fft_samples` has no large prime factor.
class RepeatedAnalytic {
 public:
  /// Refuses as `analytic_signal`.
  RepeatedAnalytic(std::int64_t channels, std::int64_t samples, std::int64_t fft_samples, std::string where);
  ~RepeatedAnalytic();
  /// Valid until the next call.
  [[nodiscard]] const Array<Complex, 2>& run(Signal x);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The smallest length at least `length` without prime factors above 5: MNE pads to it where it takes the analytic
/// signal at "the next fast length" (scipy.fft.next_fast_len, which knows the factors 7 and 11 too, gives others).
[[nodiscard]] std::int64_t next_hilbert_length(std::int64_t length);

/// Magnitude of each value.
[[nodiscard]] Matrix envelope(View<const Complex, 2> analytic);
/// Angle of each value, -pi to pi.
[[nodiscard]] Matrix phase(View<const Complex, 2> analytic);
/// Phases without jumps of more than pi from sample to sample (`numpy.unwrap`).
[[nodiscard]] Matrix unwrapped(Signal phase);

}  // namespace caton
