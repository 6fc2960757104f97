// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/lanes.hpp"

namespace caton {

/// sums += a bᵀ (rows of a x rows of b), both with the samples of a row side by side; `lower`: only entries (i, j) with
/// j <= i. Fused multiply-adds into eight partial sums over stretches of 512 samples, added in one order, so that every
/// processor gives the same bits (one without the instruction computes the same sums, slowly).
void add_row_products(Signal a, Signal b, bool lower, View<double, 2> sums, Processor target = processor());

}  // namespace caton
