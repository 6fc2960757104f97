// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/welch.hpp"

#include <optional>
#include <span>
#include <vector>

namespace caton {

enum class Integral { simpson, trapezoid, mean, sum };

struct BandPower {
  std::vector<Band> bands;
  std::optional<Band> relative_to = {};  ///< nothing: all frequencies
  Integral integral = Integral::simpson;
};

struct BandPowers {
  Matrix power;     ///< channels x bands
  Matrix relative;  ///< divided by the integral over the whole range
};

/// The integrals of one channel's density after the other, on one grid of frequencies; asks for no memory.
class BandIntegrals {
 public:
  /// Refuses as `band_power`.
  BandIntegrals(const std::vector<double>& freqs_hz, const BandPower& options);
  /// A value for each band; false where there is no power in the whole range.
  [[nodiscard]] bool run(std::span<const double> psd, std::span<double> power, std::span<double> relative) const;

 private:
  std::vector<BinRange> ranges_;
  BinRange whole_;
  double step_hz_ = 0;
  Integral integral_;
};

/// Power in bands from a spectral density (channels x frequencies, evenly spaced): bins low <= f <= high. Refuses bands
/// without a bin (word `band`), other shapes (`shape`), no power in the whole range (`flat`).
[[nodiscard]] BandPowers band_power(Signal psd, const std::vector<double>& freqs_hz, const BandPower& options);

}  // namespace caton
