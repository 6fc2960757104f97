// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>

namespace caton {

/// Sum of side-by-side values: eight partial sums, added up in order. The same bits on every processor.
[[nodiscard]] double lane_sum(const double* x, std::int64_t count);
/// out[t] = (x[t] - mean) window[t].
void taper(const double* x, double mean, const double* window, std::int64_t count, double* out);

}  // namespace caton
