// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <vector>

namespace caton {

enum class BinaryThreshold { median, mean };

/// Number of phrases of Lempel and Ziv's exhaustive history (1976) of 0 and 1: each is the shortest stretch that did
/// not begin earlier; an unfinished last one counts. Linear in the length.
[[nodiscard]] std::int64_t lempel_ziv_phrases(const std::vector<std::uint8_t>& symbols);

/// Complexity of x > threshold (`antropy.lziv_complexity`); `normalize` multiplies by log2(T) / T. Refuses fewer than 2
/// samples (word `short`).
[[nodiscard]] std::vector<double> lempel_ziv(Signal x, BinaryThreshold threshold = BinaryThreshold::median,
                                             bool normalize = true);

}  // namespace caton
