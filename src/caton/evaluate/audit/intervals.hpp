// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace caton::audit {

/// Which side of a split a sample is on.
enum Side : std::int64_t { training = 0, test = 1, unused = -1 };

/// Windows [begin, end) of recordings.
struct Windows {
  std::span<const std::int64_t> recording, begin, end;
};

/// Calls `found(training, test, shared)` for each pair of windows of one recording on different sides that share
/// samples of time (touching is no overlap), in no particular order. A margin counts windows as sharing that are
/// closer than so many samples (`shared` is then 0 or less). Windows without a recording (< 0) are left out.
/// O(n log n + pairs).
void for_each_overlap(const Windows& windows, std::span<const std::int64_t> side, std::int64_t margin,
                      const std::function<void(std::int64_t, std::int64_t, std::int64_t)>& found);

/// How much of each test window's time is touched by training, without listing pairs.
struct OverlapCount {
  std::int64_t pairs = 0;         ///< overlapping pairs, counted in full
  std::int64_t test_windows = 0;  ///< of them distinct test windows
  std::int64_t largest = 0;       ///< samples that the closest pair shares
  std::int64_t example_training = -1, example_test = -1;
};
/// The same as counting `for_each_overlap`, in O(n log n) whatever the number of pairs.
[[nodiscard]] OverlapCount count_overlaps(const Windows& windows, std::span<const std::int64_t> side,
                                          std::int64_t margin);

}  // namespace caton::audit
