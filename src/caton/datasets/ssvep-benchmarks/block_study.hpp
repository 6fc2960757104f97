// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/datasets/study.hpp"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Spelling studies that publish one array a person: electrodes, times, targets and blocks in some order of axes.
namespace caton {

struct BlockLayout {
  std::string study;
  double rate_hz = 0;
  double onset_s = 0;  ///< of the flicker within an epoch
  std::vector<std::string> electrodes;
  std::string variable;
  std::vector<std::string> part = {};  ///< fields within the variable
  std::array<std::size_t, 4> axes{};   ///< which axis of the array is electrode, time, target, block
  std::vector<double> frequencies_hz;  ///< of the targets
  /// Instead of them: reads the frequencies out of a person's file.
  std::function<std::vector<double>(const Path& file)> read_frequencies = {};
};

/// Keys `classes`, `from_s` (after the flicker's onset) and `trial_s`.
[[nodiscard]] std::vector<RecipeKey> block_keys(double latency_s, double trial_s);

/// One recording for each block of each person (`s<n>.mat`, `S<n>.mat`), an epoch for each target: nothing is computed
/// across epochs. Refuses (word `shape`) arrays of other extents.
[[nodiscard]] Study open_blocks(const BlockLayout& layout, const Path& folder, const Json& options);

}  // namespace caton
