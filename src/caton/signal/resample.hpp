// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/pad.hpp"

#include <cstdint>
#include <optional>
#include <string>

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

}  // namespace caton
