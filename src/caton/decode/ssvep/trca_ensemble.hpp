// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/fused_product.hpp"
#include "caton/decode/ssvep/trca_training.hpp"

#include <optional>
#include <span>

namespace caton {

/// Working memory that correlations of the same shape share.
struct EnsembleMemory {
  Array<double, 3> weighted;
  std::optional<PackedFactor> factor;
};

/// Correlation of the chosen epochs with every template (classes x channels x samples) under the filters `w` (classes x
/// channels): of all filters at once (`ensemble`), or of each class' own. Chosen epochs x classes; 0 where one of them
/// is flat.
[[nodiscard]] Matrix trca_correlations(const SummedEpochs& epochs, std::span<const std::int64_t> chosen, Signal w,
                                       Epochs templates, bool ensemble, EnsembleMemory& memory);

}  // namespace caton
