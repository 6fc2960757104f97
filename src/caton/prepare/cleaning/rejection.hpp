// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caton {

/// A stretch that cleaning could not make usable. Its samples stay; it is marked.
struct RejectedSpan {
  std::int64_t begin = 0, end = 0;  ///< samples
  bool flat = false;                ///< nothing was recorded; else too large
  std::int64_t channel = 0;         ///< the flat one, or the one that is largest
  double largest_v = 0;             ///< peak to peak within an epoch; of a flat one 0
};

struct RejectionOptions {
  double rate_hz = 0;
  std::optional<double> limit_v;         ///< peak to peak; none: found from the recording
  std::vector<std::int64_t> channels;    ///< that are looked at
  std::span<const std::int64_t> pieces;  ///< lengths of the stretches without a gap; empty: one
};

struct Rejection {
  std::vector<RejectedSpan> spans;  ///< sorted, neighbouring epochs together where the same is wrong with them
  double limit_v = 0;               ///< peak to peak; 0: not looked for
  bool limit_found = false;         ///< from the recording, not given
  std::int64_t epochs = 0, rejected = 0, too_large = 0, flat = 0;
};

/// Epochs of one second of the cleaned signal in which some channel exceeds the limit peak to peak, and those in which
/// some channel of the recorded one stands still. The limit is that of `reject_threshold` over the recording's own
/// epochs, and at least three times their middle size: a recording without outliers loses nothing. Too few epochs to
/// find one (10): only flat ones are marked.
[[nodiscard]] Rejection reject_epochs(Signal recorded, Signal cleaned, const RejectionOptions& options);

/// "BAD_peak" or "BAD_flat": what the stretch is called in annotations.
[[nodiscard]] const char* annotation_of(const RejectedSpan& span) noexcept;

}  // namespace caton
