// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/matrices.hpp"

namespace caton {

/// Trials x channels x samples stacked with their delayed copies, as the augmented covariance method publishes it: row
/// block p is x[:, p lag : T - (order - p) lag]; order 1 leaves x as it is. Refuses order < 1 (word `order`), lag < 1
/// (`lag`), order times lag >= samples (`samples`).
[[nodiscard]] Array<double, 3> delay_embedding(Epochs x, std::int64_t order, std::int64_t lag);

}  // namespace caton
