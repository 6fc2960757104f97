// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// N / (K · n_c) for each class c of K, 0 for a class without samples. Refuses labels outside 0 … classes-1 (word
/// `class`).
[[nodiscard]] std::vector<double> inverse_frequency_weights(std::span<const std::int64_t> label, std::int64_t classes);

}  // namespace caton
