// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/pair_measures.hpp"
#include "caton/study/group_analysis.hpp"

#include <cstdint>
#include <span>

namespace caton {

/// A registered measure of a recording's windows.
struct MeasuredWindows {
  Array<double, 3> mean;      ///< bands x to x from
  Matrix course;              ///< windows x bands: total
  std::int64_t unstable = 0;  ///< windows whose model is not stable: they take no part
};

/// Measures that need repetitions: over the epochs of all windows that lie apart; others: of each window, then the
/// mean. Refuses as the measure, and (word `unstable`) when no window has a stable model.
[[nodiscard]] MeasuredWindows measure_windows(const PairMeasure& measure, Signal x,
                                              std::span<const std::int64_t> begins, std::int64_t length, double rate_hz,
                                              const GroupAnalysis& options, std::int64_t order);

/// Begins of windows that do not overlap, in order.
[[nodiscard]] std::vector<std::int64_t> windows_apart(std::span<const std::int64_t> begins, std::int64_t length);

}  // namespace caton
