// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <complex>
#include <vector>

namespace caton {

using Complex = std::complex<double>;

/// A filter as zeros, poles and gain.
struct Zpk {
  std::vector<Complex> zeros, poles;
  double gain = 1;
};

/// A filter as a ratio of polynomials in z^-1.
struct TransferFunction {
  std::vector<double> b, a;
};

/// Analogue low-pass with cut-off 1 to low-pass, high-pass, band-pass, band-stop (SciPy `lp2lp_zpk` and its kin);
/// frequencies in rad/s.
[[nodiscard]] Zpk to_lowpass(const Zpk& prototype, double cut);
[[nodiscard]] Zpk to_highpass(const Zpk& prototype, double cut);
[[nodiscard]] Zpk to_bandpass(const Zpk& prototype, double centre, double width);
[[nodiscard]] Zpk to_bandstop(const Zpk& prototype, double centre, double width);
/// The digital filter of an analogue one by the bilinear transform at the rate of 2.
[[nodiscard]] Zpk bilinear(const Zpk& analogue);

[[nodiscard]] TransferFunction to_transfer_function(const Zpk& zpk);
/// Second-order sections (S x 6: b0 b1 b2 1 a1 a2) paired and ordered as SciPy `zpk2sos(pairing="nearest")`.
[[nodiscard]] Matrix to_sections(const Zpk& zpk);

}  // namespace caton
