// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/operation.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// When the samples of a reference are: 1/rate, 2/rate, … (authors), evenly from 0 to samples/rate, whose steps are
/// slightly too long (MOABB, MetaBCI), or 0, 1/rate, … (what a clock started with the epoch reads).
enum class ReferenceTime { from_one_sample, linspace, from_zero };

/// The targets of a speller, as flickers that the brain repeats.
struct SsvepStimuli {
  std::vector<double> frequency_hz;
  double rate_hz = 250;
  std::int64_t harmonics = 3;
  ReferenceTime time = ReferenceTime::from_one_sample;
  std::vector<double> phases_pi;  ///< phase of each in units of pi; none: 0

  [[nodiscard]] std::int64_t count() const noexcept { return static_cast<std::int64_t>(frequency_hz.size()); }
};

/// Sine and cosine of harmonic 1, then of harmonic 2, …: stimuli x (2 harmonics) x samples. Refuses a harmonic at half
/// the rate or above (word `Nyquist`, names it), frequencies with phases given twice (`duplicate`), another number of
/// phases than of frequencies (`phases_pi`), no stimulus (`stimuli_hz`), no sample (`samples`).
[[nodiscard]] Array<double, 3> ssvep_reference(const SsvepStimuli& stimuli, std::int64_t samples);

/// Refuses what `ssvep_reference` refuses.
void require_ssvep_reference(const SsvepStimuli& stimuli, std::int64_t samples);
/// From one sample of a reference to the next, in seconds.
[[nodiscard]] double ssvep_reference_step_s(const SsvepStimuli& stimuli, std::int64_t samples);

/// The arguments `stimuli_hz`, `rate_hz`, `harmonics`, `time`, `phases_pi`, and their declarations.
[[nodiscard]] SsvepStimuli ssvep_stimuli(const Arguments& args);
[[nodiscard]] std::vector<Argument> ssvep_stimuli_arguments();

}  // namespace caton
