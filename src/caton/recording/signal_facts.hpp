// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/recording.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// What a channel's samples look like, in SI where the unit is known, else as filed.
struct ChannelFacts {
  std::int64_t looked_at = 0;    ///< samples
  std::int64_t not_numbers = 0;  ///< NaN or infinite among them
  double median = 0;
  double spread = 0;  ///< median absolute deviation from the median times 1.4826: a standard deviation without outliers
  double lowest = 0, highest = 0;
  std::int64_t clipped = 0;  ///< samples in runs of three and more at the converter's end
  bool flat = false;         ///< all looked at are equal
};

struct SignalFacts {
  std::vector<ChannelFacts> channels;
  /// signal/flat, signal/clipped, signal/not-numbers, signal/offset, signal/implausible, signal/outliers, each naming
  /// its channels.
  Findings findings;
  bool everything = true;  ///< false: only pieces, evenly spread over the recording, were looked at
};

/// Looks at all samples up to `most` of them together, else at pieces, so that the time does not grow with the file.
[[nodiscard]] SignalFacts signal_facts(const Recording& recording, const std::string& where,
                                       std::int64_t most = 150'000);

}  // namespace caton
