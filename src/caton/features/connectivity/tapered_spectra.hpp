// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/mvar.hpp"

#include <cstdint>

namespace caton {

/// Spectra of repetitions (epochs, or samples in time) at some frequencies, real and imaginary parts apart, the
/// channels of a repetition side by side and padded with zeros to whole registers. With several tapers the power of
/// each is weighted by its window's own scale.
struct TaperedSpectra {
  TaperedSpectra(std::int64_t bins, std::int64_t repetitions, std::int64_t tapers, std::int64_t channels);

  [[nodiscard]] std::int64_t bins() const noexcept { return re.extent(0); }
  [[nodiscard]] std::int64_t width() const noexcept { return re.extent(2); }

  std::int64_t repetitions, tapers, channels;
  Array<double, 3> re, im;  ///< bins x (repetition * tapers + taper) x width; the values of channels are left open
};

/// The spectra of epochs (each channel's mean taken away) times the tapers (rows) at the bins first … last - 1.
[[nodiscard]] TaperedSpectra tapered_spectra(Epochs epochs, Signal tapers, std::int64_t first, std::int64_t last);

}  // namespace caton
