// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caton::nn {

/// AdamW (Loshchilov and Hutter 2019) as PyTorch computes it; `decoupled` off: Adam with decay in the gradient.
struct AdamOptions {
  double learning_rate = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  bool decoupled = true;
};
/// PyTorch's names (`optimizer`, `lr` or `learning_rate`, `betas`, `eps`, `weight_decay`); refuses other optimisers by
/// name.
[[nodiscard]] AdamOptions adam_from(const Json& training, const std::string& where);

/// One pass over flat parameters, gradients and both moments a step.
class Adam {
 public:
  Adam(const AdamOptions& options, std::int64_t parameters);
  void step(std::span<float> parameters, std::span<const float> gradients, double learning_rate);

  /// What must be kept to go on later.
  struct State {
    std::int64_t steps = 0;
    std::vector<float> first_moment, second_moment;
  };
  [[nodiscard]] const State& state() const noexcept { return state_; }
  /// Refuses (kind `input`) moments of another length.
  void restore(State state);

 private:
  AdamOptions options_;
  State state_;
};

/// minimum + (start - minimum)(1 + cos(pi e / period))/2, as PyTorch's CosineAnnealingLR at epoch e.
struct CosineSchedule {
  double start = 1e-3, minimum = 0;
  std::int64_t period = 1;
  [[nodiscard]] double at(std::int64_t epoch) const noexcept;
};

/// Scales gradients so that their Euclidean norm is at most `largest`; gives the norm before.
double clip_gradients(std::span<float> gradients, double largest) noexcept;

}  // namespace caton::nn
