// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/mvar.hpp"

#include <cstdint>
#include <memory>

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

/// `tapered_spectra` of one set of epochs after the other, all of one shape: asks for no memory after the beginning.
class RepeatedSpectra {
 public:
  RepeatedSpectra(const Epochs::Extents& extents, Matrix tapers, std::int64_t first, std::int64_t last);
  ~RepeatedSpectra();
  /// Epochs whose samples lie side by side; valid until the next call.
  [[nodiscard]] const TaperedSpectra& run(Epochs epochs);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace caton
