// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/differential_entropy.hpp"
#include "caton/features/feature.hpp"

namespace caton {

/// Differential entropy of windows while the samples come in. The recording-wide form filters forward and backward;
/// this one filters forward twice, which has the same gain at every frequency and is late instead of symmetric. Each
/// channel starts settled on its first value. Bands, order, base, length and step are those of the options; method
/// `bandpass` only. Refuses as `differential_entropy`.
[[nodiscard]] std::unique_ptr<FeatureStream> differential_entropy_stream(std::int64_t channels,
                                                                         const DifferentialEntropy& options);

}  // namespace caton
