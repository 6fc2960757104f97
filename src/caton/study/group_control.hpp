// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/study/group_load.hpp"

namespace caton {

/// The recording played backwards, with the same windows in the same order.
[[nodiscard]] LoadedRecording reversed_in_time(const LoadedRecording& loaded, std::int64_t length);

/// Correlation over pairs, for each band, of the asymmetry of a measure with that of the same windows played backwards:
/// below 0 where directions come from time, above 0 where they come from unequal noise. 0 with fewer than three
/// channels. forward, backward: bands x to x from.
[[nodiscard]] std::vector<double> reversal(const Array<double, 3>& forward, const Array<double, 3>& backward);

}  // namespace caton
