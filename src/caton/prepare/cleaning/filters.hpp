// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/prepare/cleaning/clean.hpp"

namespace caton {

/// Begins and ends of the stretches without a gap; each is filtered on its own.
using FilterPieces = std::vector<std::pair<std::int64_t, std::int64_t>>;
/// Refuses lengths that do not add up to the samples (word `shape`).
[[nodiscard]] FilterPieces filter_pieces(const CleanInput& input);

/// Zero-phase FIR high-pass of every piece; the mean alone is taken away for 0 Hz.
[[nodiscard]] Matrix high_passed(Signal x, double hz, double rate_hz, const FilterPieces& pieces);

/// The mains and those of its harmonics that stand 3 dB above their surroundings in the middle channel's spectrum.
/// `wanted`: 50 or 60 Hz where the region is known; 0: none; nothing: whichever is there.
[[nodiscard]] std::vector<double> find_line(Signal x, std::optional<double> wanted, double rate_hz);

[[nodiscard]] Matrix line_removed(Signal x, const std::vector<double>& line_hz, double rate_hz,
                                  const FilterPieces& pieces);

}  // namespace caton
