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

}  // namespace caton
