// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

namespace caton {

struct TrialWindows {
  double trial_s = 3, window_s = 0.25, shift_s = 0.161;
  std::int64_t channels = 0, bins = 0;
};

struct TrialPower {
  Array<double, 3> power;           ///< trials x channels x bins: mean over the windows
  Array<double, 4> time_frequency;  ///< trials x channels x windows x bins
};

/// How many windows a trial holds: floor((trial - window)/shift) + 1. Refuses windows longer than the trial (word
/// `window`), shifts and windows that are not above 0 (`positive`).
[[nodiscard]] std::int64_t windows_in_trial(const TrialWindows& options);

/// Rows of an extraction (windows x (channel, bin)) as trials; rows of an unfinished last trial are left out. Refuses
/// other numbers of columns (`shape`), fewer rows than a trial has windows (`short`).
[[nodiscard]] TrialPower windows_to_trials(Signal rows, const TrialWindows& options);

/// Event-related change in percent: 100 (mean over trials - mean baseline) / mean baseline, channels x windows x bins.
/// time_frequency: trials x channels x windows x bins; baseline: trials x channels x bins. Refuses a baseline of 0
/// (`flat`), other shapes (`shape`).
[[nodiscard]] Array<double, 3> erd_percent_map(View<const double, 4> time_frequency, View<const double, 3> baseline);

}  // namespace caton
