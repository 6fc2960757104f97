// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/recording.hpp"

namespace caton {

/// The sample of the main rate taken at a time: times go on in gaps, samples do not; a time within a gap gives the
/// first sample behind it. Times before the first and after the last sample give numbers outside the recording.
[[nodiscard]] std::int64_t sample_at(const Recording& recording, double time_s);

/// When a sample of the main rate was taken, the inverse of `sample_at`. The sample behind the last one: the end.
[[nodiscard]] double time_at(const Recording& recording, std::int64_t sample);

}  // namespace caton
