// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <span>

namespace caton {

/// Mean focal loss of a batch, and its gradient.
struct FocalLoss {
  double loss = 0;
  Array<double, 2> gradient;  ///< samples x classes: of the loss with respect to the logits
};

/// (1-p)^gamma · CE, plain mean over samples, where CE is the cross-entropy times the class's weight and p = exp(-CE).
/// logits: samples x classes; `weight`: one a class. As RBTransformer's leave-one-subject-out trainer. Refuses labels
/// that are no class (word `class`), no samples (`empty`), gamma below 0 and weights below 0.
[[nodiscard]] FocalLoss focal_loss(View<const double, 2> logits, std::span<const std::int64_t> label,
                                   std::span<const double> weight, double gamma);

}  // namespace caton
