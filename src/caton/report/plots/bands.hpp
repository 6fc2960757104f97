// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/plots/plot_signals.hpp"
#include "caton/signal/welch.hpp"

#include <string>
#include <vector>

namespace caton::report {

struct NamedBand {
  std::string name;  ///< "alpha", or its edges where they were given
  Band band;

  [[nodiscard]] std::string edges() const;  ///< "8 to 13 Hz"
};

/// The bands of a request, else delta to gamma as far as the rate reaches.
[[nodiscard]] std::vector<NamedBand> bands_of(const PlotRequest& request, double rate_hz);

/// Density by Welch's method: Hann windows of 2 s (the whole signal where it is shorter), half overlapping.
[[nodiscard]] Spectrum density_of(const PlotSignals& signals);
/// How `density_of` computed, in words.
[[nodiscard]] std::string density_text(const PlotSignals& signals);

}  // namespace caton::report
