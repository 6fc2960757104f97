// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/ssvep/cca.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// Multiset canonical correlation: what the training epochs of one class (epochs x channels x samples) have in common,
/// epochs times `filters` rows of samples. Every epoch is whitened by its shrunken covariance (`sch`); the stacked
/// epochs' covariance between epochs is maximised against that within. Refuses fewer than 2 epochs (word `trials`).
[[nodiscard]] Matrix msetcca_reference(Epochs x, std::int64_t filters = 1);

/// Largest canonical correlation of each epoch with each class' common signals.
[[nodiscard]] SsvepScores msetcca_scores(const std::vector<Matrix>& references, Epochs x);

}  // namespace caton
