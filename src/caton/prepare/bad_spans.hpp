// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/features/feature.hpp"
#include "caton/recording/recording.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton {

/// A stretch that nothing shall be learned from or said of.
struct BadSpan {
  std::int64_t begin = 0, end = 0;  ///< samples
  std::string what;                 ///< "BAD_peak"
};

/// The annotations of a recording that begin with "bad", whatever the case, and last: MNE's convention. In samples of
/// the recording, sorted.
[[nodiscard]] std::vector<BadSpan> marked_bad(const Recording& recording);

/// Whether a window shares a sample with one of them.
[[nodiscard]] bool touches_bad(const std::vector<BadSpan>& spans, std::int64_t begin, std::int64_t end) noexcept;

/// Takes the windows out that share a sample with a span, and adds a finding (`prepare/bad-windows`) that tells how
/// many and of which. Returns how many.
std::int64_t leave_out_bad(FeatureWindows& windows, const std::vector<BadSpan>& spans);

}  // namespace caton
