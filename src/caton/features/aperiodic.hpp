// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/checks.hpp"

#include <vector>

namespace caton {

enum class AperiodicMethod { ols, robust };

struct AperiodicFit {
  std::vector<double> offset, exponent, r_squared;  ///< one a channel
};

/// log10 P = offset - exponent log10 f over the bins of `range`, by least squares. `robust` fits once more through the
/// points on which no peak stands: residuals below 0 set to 0, those up to their 2.5th percentile kept (specparam's
/// first fit). Refuses fewer than 3 bins or an empty range (word `band`), densities or frequencies that have no
/// logarithm
/// (`positive`), other shapes (`shape`), a density without any slope or spread (`flat`).
[[nodiscard]] AperiodicFit aperiodic_fit(Signal psd, const std::vector<double>& freqs_hz, const Band& range,
                                         AperiodicMethod method = AperiodicMethod::robust);

struct AlphaPeakOptions {
  Band range = {7, 13};
  int smooth_bins = 0;            ///< width of a centred moving mean, made odd, shrinking at the ends; 0: none
  bool remove_aperiodic = false;  ///< divide by the robust 1/f fit over all frequencies above 0 first
};

struct AlphaPeak {
  std::vector<double> peak_hz;     ///< NaN where the range holds no strict local maximum
  std::vector<double> gravity_hz;  ///< sum f P / sum P over the range
  std::vector<double> prominence;  ///< log10 P at the peak's bin minus log10 of the mean of the range's two edge bins
};

/// The largest strict local maximum of each channel's density in `range`, refined by a parabola through three log10
/// values. Refuses as `aperiodic_fit` does.
[[nodiscard]] AlphaPeak peak_alpha(Signal psd, const std::vector<double>& freqs_hz,
                                   const AlphaPeakOptions& options = {});

}  // namespace caton
