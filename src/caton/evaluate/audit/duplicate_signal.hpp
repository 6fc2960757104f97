// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace caton::leak {

/// Windows of equal shape that may lie anywhere (views into recordings need no copy). `at` may be called from several
/// threads.
struct SignalWindows {
  std::int64_t count = 0, channels = 0, samples = 0;
  std::function<View<const float, 2>(std::int64_t)> at;
};

struct DuplicateOptions {
  double threshold = 0.999;       ///< smallest correlation
  std::int64_t min_overlap = 64;  ///< shortest run of time that two windows must share
};

/// A training and a test window that hold the same signal: test[t] = training[t + lag], up to gain > 0 and offsets.
struct DuplicatePair {
  std::int64_t training = 0, test = 0, lag = 0;
  double correlation = 0;  ///< over the shared run, channels centred each and summed
};

/// Pairs of windows on different sides that are copies of each other, sorted by (training, test), the best lag of each.
/// Copies at the same place are all found: windows are compared by orthonormal projections, whose distance never
/// exceeds theirs. Shifted copies are found by 64-sample runs of the signs of differences in the first channel, which
/// no gain or offset changes; noise that breaks every such run hides them. Flat windows are nobody's copy.
[[nodiscard]] std::vector<DuplicatePair> duplicate_signal(const SignalWindows& windows,
                                                          std::span<const std::int64_t> side,
                                                          const DuplicateOptions& options);

}  // namespace caton::leak
