// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/baseline.hpp"
#include "caton/signal/checks.hpp"

namespace caton {

/// Event-related (de)synchronisation: how the power of a band changes against a reference time.
struct ErdErs {
  double rate_hz = 0;
  double start_s = 0;  ///< time of the first sample
  TimeSpan reference;  ///< both ends belong to it
  Band band;
  double smooth_s = 0.125;  ///< centred moving average of an odd number of samples, shorter at the ends
  int order = 4;            ///< of the Butterworth band-pass, applied forward and backward
};

/// 100 (A - R) / R in percent, A being the smoothed mean power over epochs (epochs x channels x samples), R its mean
/// over the reference (Pfurtscheller and Lopes da Silva 1999): channels x samples. Refuses bands that are empty (word
/// `band`) or reach Nyquist, references without a sample (`reference`), epochs too short for the filter (`short`),
/// channels without power in the reference (`flat`).
[[nodiscard]] Matrix erd_ers(View<const double, 3> epochs, const ErdErs& options);

}  // namespace caton
