// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/lanes.hpp"

namespace caton {

/// `out` = a b (rows x inner by inner x columns; any strides of a and b, rows of `out` without gaps). Tiles of the
/// result stay in registers, eight columns side by side; every entry is summed over the inner index in order, so that
/// every processor and every division of the columns gives the same bits.
void multiply(Signal a, Signal b, View<double, 2> out, Processor target = processor());

}  // namespace caton
