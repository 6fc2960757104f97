// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace caton::leak {

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

/// Windows in the order of recording and begin, sorted once for all folds.
class WindowOrder {
 public:
  explicit WindowOrder(const Windows& windows);
  [[nodiscard]] const Windows& windows() const noexcept { return windows_; }
  /// The windows of one recording, by begin.
  [[nodiscard]] std::span<const std::int64_t> of(std::int64_t recording) const;

 private:
  Windows windows_;
  std::vector<std::int64_t> order_, recordings_, first_;
};

/// How much of the test windows' time is touched by training, without listing pairs.
struct OverlapCount {
  std::int64_t pairs = 0;         ///< overlapping pairs, counted in full
  std::int64_t test_windows = 0;  ///< of them distinct test windows
  std::int64_t largest = 0;       ///< samples that the closest pair shares
  std::int64_t example_training = -1, example_test = -1;
};
/// The same as counting `for_each_overlap`, in O(n log n) whatever the number of pairs, and only in recordings that
/// hold windows of `tested`.
[[nodiscard]] OverlapCount count_overlaps(const WindowOrder& order, std::span<const std::int64_t> side,
                                          std::span<const std::int64_t> tested, std::int64_t margin);

}  // namespace caton::leak
