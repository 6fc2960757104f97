// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/signal/zpk.hpp"

namespace caton {

/// Analogue low-pass prototypes with cut-off 1 rad/s, as SciPy's `buttap`, `cheb1ap`, `cheb2ap`, `ellipap`, `besselap`.
[[nodiscard]] Zpk butterworth_prototype(int order);
[[nodiscard]] Zpk chebyshev1_prototype(int order, double ripple_db);
[[nodiscard]] Zpk chebyshev2_prototype(int order, double attenuation_db);
[[nodiscard]] Zpk elliptic_prototype(int order, double ripple_db, double attenuation_db);

enum class BesselNorm { phase, delay, magnitude };
[[nodiscard]] Zpk bessel_prototype(int order, BesselNorm norm);

}  // namespace caton
