// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/study/group_analysis.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caton {

/// A recording with its windows: begins of those that are usable.
struct LoadedRecording {
  Prepared prepared;
  std::vector<std::int64_t> begins;
  std::int64_t dropped = 0;  ///< windows that are flat somewhere or too large
};

/// Reads, prepares and (with `cleaning`) frees the channels from what the EOG channels explain. Refuses a recording
/// without a usable window (word `short`), and without EOG channels where they are to be regressed out.
[[nodiscard]] LoadedRecording load_recording(const std::vector<std::string>& channels, const GroupRecording& recording,
                                             const GroupAnalysis& options);

/// Leaves these of the channels.
void keep_channels(const std::vector<std::size_t>& kept, LoadedRecording& loaded);

[[nodiscard]] std::int64_t window_length(const GroupAnalysis& options, double rate_hz);
/// Windows that lie apart, each channel standardised: the epochs of a recording's one model.
[[nodiscard]] Array<double, 3> standardised_epochs(const LoadedRecording& loaded, std::int64_t length);

}  // namespace caton
