// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/zpk.hpp"

namespace caton {

/// The causal filter b/a from rest along time, direct form II transposed, as `scipy.signal.lfilter`. Refuses a[0] = 0
/// (word `positive`: nothing can be divided by it) and no coefficients (word `empty`).
[[nodiscard]] Matrix lfilter(const TransferFunction& filter, Signal x);
/// The same going on from `state` (channels x order), which is left as the filter ends (lfilter's `zi` and `zf`).
[[nodiscard]] Matrix lfilter(const TransferFunction& filter, Signal x, View<double, 2> state);

}  // namespace caton
