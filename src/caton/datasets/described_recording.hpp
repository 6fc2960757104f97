// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/recording.hpp"

#include <memory>
#include <vector>

namespace caton {

/// A recording of which a study knows more than the file itself: other names, types and positions of its channels. As
/// many channels as the file has, in its order; rates, lengths and units stay the file's.
[[nodiscard]] std::shared_ptr<const Recording> described_recording(std::unique_ptr<Recording> inner,
                                                                   std::vector<Channel> channels, Findings findings);

/// A recording as if its samples followed one another without a gap: one segment. A recording that has gaps says so by
/// a finding (`study/gaps-ignored`); windows then hold pieces that were recorded at different times.
[[nodiscard]] std::shared_ptr<const Recording> recording_without_gaps(std::unique_ptr<Recording> inner);

}  // namespace caton
