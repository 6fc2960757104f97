// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <optional>
#include <vector>

namespace caton {

enum class SelectionRule {
  one_per_channel,  ///< the best channels, each at its best frequency
  best_cells,       ///< the best cells, wherever they are
};

struct AutoFeatures {
  std::int64_t count = 3;
  std::vector<std::int64_t> channels = {};          ///< to choose from; empty: all
  std::optional<double> low_hz = {}, high_hz = {};  ///< inclusive; nothing: all
  SelectionRule rule = SelectionRule::one_per_channel;
};

struct Cell {
  std::int64_t channel = 0, bin = 0;

  friend bool operator==(const Cell&, const Cell&) = default;
};

/// The cells of a map (channels x frequencies) with the largest values, the largest first, the earlier of equal ones
/// first. Refuses counts below 1 or above what there is to choose from (word `count`), unknown channels (`channel`), a
/// range without a frequency (`band`).
[[nodiscard]] std::vector<Cell> auto_features(Signal r2, const std::vector<double>& freqs_hz,
                                              const AutoFeatures& options = {});

}  // namespace caton
