// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// Edges of a band-pass: what passes, and from where on nothing may.
struct BandEdges {
  double pass_low_hz = 0, pass_high_hz = 0;
  double stop_low_hz = 0, stop_high_hz = 0;
};

/// The smallest order of a Chebyshev I band-pass that loses at most `pass_db` inside and at least `stop_db` outside
/// (`scipy.signal.cheb1ord`). Refuses edges that do not enclose each other (word `band`).
[[nodiscard]] int chebyshev1_bandpass_order(const BandEdges& edges, double pass_db, double stop_db, double rate_hz);

/// `nakanishi`: ten bands from 6, 14, …, 78 Hz to 90 Hz, whose higher ones keep the harmonics only. `moabb`: one band a
/// stimulus, from 1 Hz below it to 40 or 60 Hz.
enum class SsvepBankRule { nakanishi, moabb };
[[nodiscard]] SsvepBankRule ssvep_bank_rule(const std::string& where, std::string_view name);

struct SsvepBank {
  SsvepBankRule rule = SsvepBankRule::nakanishi;
  double rate_hz = 250;
  std::vector<double> stimuli_hz;  ///< moabb: bands go by ascending frequency
};

/// How many bands there are.
[[nodiscard]] std::int64_t ssvep_bands(const SsvepBank& bank);

/// One band of a filter bank for steady-state visual potentials, ready to be applied to many epochs.
struct SsvepBand {
  int order = 0;
  std::vector<double> cutoff_hz;  ///< low and high edge
  Matrix sos;
  std::int64_t pad_samples = 0;

  /// Forward and backward with odd extension, each epoch alone. Refuses epochs not longer than the extension (`short`).
  [[nodiscard]] Matrix filter(Signal x) const;
};

/// Chebyshev I band-pass with 0.5 dB ripple (authors: github.com/mnakanishi/TRCA-SSVEP `filterbank.m`; MOABB
/// `pipelines/utils.py`), in second-order sections. `band` counts from 0. Refuses a band that the rule does not have
/// (word `band`), edges that the rate does not carry (`Nyquist`, says which band), and rule moabb without stimuli
/// (`stimuli_hz`).
[[nodiscard]] SsvepBand ssvep_band(const SsvepBank& bank, std::int64_t band);
/// The first `count` bands.
[[nodiscard]] std::vector<SsvepBand> ssvep_bands(const SsvepBank& bank, std::int64_t count);

/// Every epoch in every band: bands x epochs x channels x samples. `cascade`: a band filters what the band before it
/// left. Refuses as `SsvepBand::filter`.
[[nodiscard]] Array<double, 4> filter_bank(View<const double, 3> epochs, const std::vector<SsvepBand>& bands,
                                           bool cascade = false);

}  // namespace caton
