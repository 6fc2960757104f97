// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/operation.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// How a signal goes on beyond its ends. `reflect_limited` mirrors through the end value, 2 x[0] - x[k]; what is asked
/// for beyond T - 1 samples is 0 (MNE). `constant` adds zeros, `edge` repeats the end value, the others are numpy's.
enum class Pad { reflect_limited, edge, constant, reflect, symmetric, wrap };

[[nodiscard]] Pad pad_argument(const Arguments& args, std::string_view name = "pad");

/// The signal with `left` and `right` samples more.
[[nodiscard]] std::vector<double> padded(View<const double, 1> x, std::int64_t left, std::int64_t right, Pad pad);

}  // namespace caton
