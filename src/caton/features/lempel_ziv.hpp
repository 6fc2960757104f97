// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace caton {

enum class BinaryThreshold { median, mean };

/// Number of phrases of Lempel and Ziv's exhaustive history (1976) of 0 and 1: each is the shortest stretch that did
/// not begin earlier; an unfinished last one counts. Linear in the length.
[[nodiscard]] std::int64_t lempel_ziv_phrases(const std::vector<std::uint8_t>& symbols);

/// A state of the smallest automaton that knows every stretch of a binary text, with the place where each first ends.
struct StretchState {
  std::array<std::int64_t, 2> next{-1, -1};
  std::int64_t link = -1, length = 0, first_end = 0;
};
/// The same; the states' memory is used again.
[[nodiscard]] std::int64_t lempel_ziv_phrases(std::span<const std::uint8_t> symbols, std::vector<StretchState>& states);

/// Complexity of x > threshold (`antropy.lziv_complexity`); `normalize` multiplies by log2(T) / T. Refuses fewer than 2
/// samples (word `short`).
[[nodiscard]] std::vector<double> lempel_ziv(Signal x, BinaryThreshold threshold = BinaryThreshold::median,
                                             bool normalize = true);

/// The complexity of one window after the other, all of one length; asks for no memory after the beginning.
class LempelZivRow {
 public:
  /// Refuses as `lempel_ziv`.
  LempelZivRow(std::int64_t samples, BinaryThreshold threshold = BinaryThreshold::median, bool normalize = true);
  [[nodiscard]] double run(std::span<const double> x);

 private:
  BinaryThreshold threshold_;
  bool normalize_;
  std::vector<double> sorted_;
  std::vector<std::uint8_t> symbols_;
  std::vector<StretchState> states_;
};

}  // namespace caton
