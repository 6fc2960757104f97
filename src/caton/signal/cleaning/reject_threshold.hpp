// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <vector>

namespace caton {

enum class ThresholdScope { global, channel };
struct RejectThreshold {
  std::vector<double> threshold;  ///< one, or one a channel: peak to peak [V]
  Matrix loss;                    ///< scopes x candidates: mean RMSE over the folds [V]
  Matrix candidates;              ///< scopes x candidates, ascending [V]
};

/// The peak-to-peak limit above which epochs are best left out: the mean of the epochs kept in the training folds comes
/// nearest to the median of the test fold (Jas et al. 2017, autoreject), all peak-to-peak values tried. Folds are
/// contiguous. epochs: epochs x channels x samples [V]. Refuses fewer than two folds or more than epochs (word
/// `folds`).
[[nodiscard]] RejectThreshold reject_threshold(View<const double, 3> epochs, int folds = 5,
                                               ThresholdScope scope = ThresholdScope::global);

}  // namespace caton
