// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

namespace caton {

/// `out` = x xᵀ of a short signal of few channels less the mean of each row; `sums`: of each row. Level signals (whose
/// means weigh little beside what varies) are not copied: the means are taken away from the sums of products. Gives
/// whether x is level.
bool centred_scatter(Signal x, View<double, 2> out, double* sums);

}  // namespace caton
