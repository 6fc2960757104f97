// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/wavelet_set.hpp"

#include <cstdint>
#include <string>

namespace caton {

/// Time-frequency decompositions of epochs (epochs x channels x samples) by complex wavelets
/// (`mne.time_frequency.tfr_array_morlet`, `tfr_array_multitaper`). All refuse (word `short`) wavelets longer than an
/// epoch, and keep every `decimate`-th sample.
struct TimeFrequencyOptions {
  std::int64_t decimate = 1;
  std::string where = "tfr_morlet";
};

/// Epochs x channels x tapers x frequencies x samples.
[[nodiscard]] Array<Complex, 5> tfr_coefficients(View<const double, 3> epochs, const WaveletSet& set,
                                                 const TimeFrequencyOptions& options);
/// Squared magnitudes, averaged over tapers: epochs x channels x frequencies x samples.
[[nodiscard]] Array<double, 4> tfr_power(View<const double, 3> epochs, const WaveletSet& set,
                                         const TimeFrequencyOptions& options);

struct AverageTfr {
  Array<double, 3> power;  ///< channels x frequencies x samples: mean over epochs and tapers
  Array<double, 3> itc;    ///< likewise: |mean of z / |z| | over epochs, averaged over tapers; z = 0 counts as 0
};
[[nodiscard]] AverageTfr tfr_average(View<const double, 3> epochs, const WaveletSet& set,
                                     const TimeFrequencyOptions& options);

}  // namespace caton
