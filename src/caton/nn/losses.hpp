// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/nn/torch.hpp"

#include <string>
#include <vector>

namespace caton::nn {

/// What a classifier is trained to make small.
struct Loss {
  std::string kind = "cross_entropy";      ///< or "focal_loss"
  double label_smoothing = 0;              ///< cross-entropy: target (1-s)·onehot + s/K
  double gamma = 2;                        ///< focal loss: (1-p)^gamma·CE, p = exp(-CE) of the weighted cross-entropy
  std::vector<double> class_weights = {};  ///< focal loss; empty: all 1
  bool mean = true;                        ///< over the batch; otherwise the sum
};

/// From a table with PyTorch's names (`loss`, `label_smoothing`, `gamma`, `reduction`); refuses unknown losses by name.
[[nodiscard]] Loss loss_from(const Json& training, const std::string& where);
/// The loss of every sample (n), for logits (n, K) and labels (n) int64.
[[nodiscard]] at::Tensor losses_of(const Loss& loss, const at::Tensor& logits, const at::Tensor& labels);
/// Their mean or sum.
[[nodiscard]] at::Tensor loss_of(const Loss& loss, const at::Tensor& logits, const at::Tensor& labels);

}  // namespace caton::nn
