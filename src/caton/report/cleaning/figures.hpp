// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/cleaning/facts.hpp"

#include <string>

namespace caton::report {

/// Ten seconds around the largest change: each channel as recorded and as cleaned, one above the other.
[[nodiscard]] std::string before_and_after(const CleaningFacts& facts);
/// Middle of the channels' spectra before and after, in dB.
[[nodiscard]] std::string spectra(const CleaningFacts& facts);
/// Where in the recording something was taken away.
[[nodiscard]] std::string timeline(const CleaningFacts& facts);
/// How much was taken away at each electrode [µV]; empty without positions.
[[nodiscard]] std::string removed_map(const CleaningFacts& facts);
/// One component: its map, ten seconds of its course, its spectrum.
[[nodiscard]] std::string component_card(const CleaningFacts& facts, std::int64_t k);

/// The ten seconds that `before_and_after` shows: the largest change, away from what is marked as bad where possible.
struct Excerpt {
  std::int64_t begin = 0, count = 0;
};
[[nodiscard]] Excerpt excerpt_of(const CleaningFacts& facts);

}  // namespace caton::report
