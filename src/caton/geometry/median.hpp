// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"
#include "caton/geometry/metric.hpp"

#include <span>

namespace caton {

/// Geometric median of a set, riemann or euclid, as pyRiemann `median_riemann` and `median_euclid`: at most 50 rounds,
/// ends at a change of 1e-5 (absolute: give microvolts). Refuses as `spd_mean`.
[[nodiscard]] Matrix spd_median(MatricesView c, Metric metric = Metric::riemann, std::span<const double> weights = {});

}  // namespace caton
