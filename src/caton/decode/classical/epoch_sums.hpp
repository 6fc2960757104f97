// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Sums over epochs that several decoders share.
namespace caton {

/// Refuses (word `shape`) epochs that differ in channels or samples from what is wanted.
void require_epochs(const std::string& where, Epochs x, std::int64_t channels, std::int64_t samples);
/// sum += more, entry by entry.
void add_to(Matrix& sum, Signal more);
/// Mean of the epochs whose class is `k`. There must be one.
[[nodiscard]] Matrix class_mean(Epochs x, std::span<const std::int64_t> y, std::int64_t k);
/// The epochs whose class is `k`.
[[nodiscard]] Array<double, 3> class_epochs(Epochs x, std::span<const std::int64_t> y, std::int64_t k);
/// Pearson's correlation of all entries of two matrices of the same shape; 0 where one of them is constant.
[[nodiscard]] double correlation(Signal a, Signal b);
/// The place of the largest of each row, the first of equals.
[[nodiscard]] std::vector<std::int64_t> largest_of_rows(Signal score);

}  // namespace caton
