// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/signal/prototype.hpp"
#include "caton/signal/zpk.hpp"

#include <optional>
#include <vector>

namespace caton {

enum class IirKind { butterworth, chebyshev1, chebyshev2, elliptic, bessel };
enum class BandKind { lowpass, highpass, bandpass, bandstop };

/// What a recursive filter shall do. `cut_hz` holds one edge, or two for band-pass and band-stop.
struct IirDesign {
  double rate_hz = 0;
  IirKind kind = IirKind::butterworth;
  BandKind band = BandKind::lowpass;
  int order = 4;
  std::vector<double> cut_hz;
  std::optional<double> ripple_db;       ///< in the pass band: Chebyshev I, elliptic
  std::optional<double> attenuation_db;  ///< in the stop band: Chebyshev II, elliptic
  BesselNorm bessel_norm = BesselNorm::phase;
};

/// Zeros, poles and gain as `scipy.signal.iirfilter(output="zpk")`. Refuses with the words `positive`, `order`, `band`,
/// `Nyquist`, `ripple_db`, `attenuation_db`, `cut_hz`.
[[nodiscard]] Zpk iir_zpk(const IirDesign& design);
/// Second-order sections (S x 6) as `scipy.signal.iirfilter(output="sos")`.
[[nodiscard]] Matrix iir_design(const IirDesign& design);
/// A notch of one section as `scipy.signal.iirnotch`: -3 dB width = notch_hz / quality.
[[nodiscard]] Matrix iir_notch_design(double rate_hz, double notch_hz, double quality = 30);
/// A Butterworth band-pass as one ratio of polynomials (2 order + 1 coefficients each), as
/// `scipy.signal.butter(order, …, "band")`. Ill-conditioned for narrow bands: sections are the better form.
[[nodiscard]] TransferFunction butter_bandpass_ba(int order, double low_hz, double high_hz, double rate_hz);

}  // namespace caton
