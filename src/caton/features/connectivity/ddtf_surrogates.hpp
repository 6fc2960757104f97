// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/ddtf_windows.hpp"

#include <cstdint>
#include <functional>

namespace caton {

/// Mean dDTF over stable windows, and how often surrogates reach it.
struct DdtfTest {
  Array<double, 3> mean;     ///< bands x to x from
  Array<double, 3> p_value;  ///< (1 + surrogates that reach it) / (1 + all); the diagonal too
};

/// Surrogate `index` of the signal.
using SurrogateMaker = std::function<Matrix(Signal x, std::int64_t index)>;
/// Each channel's spectrum with random phases of its own: its power stays, what couples the channels goes.
[[nodiscard]] SurrogateMaker phase_surrogates(std::uint64_t seed);
/// Each channel moved round by a random number of samples of its own.
[[nodiscard]] SurrogateMaker shift_surrogates(std::uint64_t seed);

/// Tests the mean dDTF over windows against `count` surrogates. Refuses what `ddtf_windows` refuses, and a count that
/// is not positive (word `surrogates`).
[[nodiscard]] DdtfTest ddtf_surrogates(Signal x, const DdtfWindows& options, std::int64_t count,
                                       const SurrogateMaker& surrogate);

}  // namespace caton
