// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/prepare/cleaning/clean.hpp"
#include "caton/recording/recording.hpp"

#include <span>

namespace caton {

/// A recording's channels with all that cleaning asks about them: `input.signal` shows into `samples`.
struct CleanSource {
  Matrix samples;
  CleanInput input;
};

/// Reads these channels whole [V], with the places of the electrodes (filed, else by their 10-05 names; none where one
/// is not known), the lengths of the stretches without a gap, and the eye and heart channels of the same rate.
[[nodiscard]] CleanSource clean_source(const Recording& recording, std::span<const std::int64_t> channels);

/// Refuses a channel whose unit is no voltage: cleaning must know how large a brain's signal is. `name` is told.
void require_voltage(const Channel& channel, const std::string& name);

/// The EEG channels of the rate that most of them have. Refuses recordings without one, unknown rates, and units that
/// are no voltages.
[[nodiscard]] std::vector<std::int64_t> channels_to_clean(const Recording& recording, const std::string& name);

}  // namespace caton
