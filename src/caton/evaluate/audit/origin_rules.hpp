// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

/// Rules that compare columns of origins with the side each sample is on (`Side` in intervals.hpp).
namespace caton::leak {

/// Units (trials, people; numbered from 0) with samples on both sides, ascending; negative numbers are no unit.
[[nodiscard]] std::vector<std::int64_t> shared_units(std::span<const std::int64_t> unit,
                                                     std::span<const std::int64_t> side);

/// All ancestors of each sample, ascending. Refuses a sample that is its own ancestor.
[[nodiscard]] std::vector<std::vector<std::int64_t>> ancestors_of(std::span<const std::array<std::int64_t, 2>> parents);

struct Resampling {
  std::vector<std::pair<std::int64_t, std::int64_t>> child_ancestor;  ///< on different sides
  /// first < second, on different sides, with a common ancestor, none the other's ancestor.
  std::vector<std::pair<std::int64_t, std::int64_t>> siblings;
  std::vector<std::int64_t> synthetic_in_test;
};
/// parents: of each sample the two it was made from, -1 for none.
[[nodiscard]] Resampling resampling_across(std::span<const std::array<std::int64_t, 2>> parents,
                                           std::span<const std::int64_t> side);

}  // namespace caton::leak
