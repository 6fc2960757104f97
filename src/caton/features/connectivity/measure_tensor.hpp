// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/tensor.hpp"
#include "caton/signal/zpk.hpp"

namespace caton {

/// A measure as it leaves an operation: complex ones with a last axis of two, real ones as their real part.
[[nodiscard]] Tensor measure_tensor(const Array<Complex, 3>& values, bool complex);

}  // namespace caton
