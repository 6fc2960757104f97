// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/random.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace caton {

/// A network of one hidden layer: features - hidden (GELU) - classes (softmax), float32.
struct SmallNetwork {
  Array<float, 2> inner;       ///< features x hidden
  Array<float, 1> inner_bias;  ///< hidden
  Array<float, 2> outer;       ///< hidden x classes
  Array<float, 1> outer_bias;  ///< classes

  /// Uniform in ±1/√inputs, as PyTorch's Linear; numbers depend on the stream's key only.
  [[nodiscard]] static SmallNetwork drawn(std::int64_t features, std::int64_t hidden, std::int64_t classes,
                                          const RandomStream& random);
  /// Class probabilities of one sample.
  void probability(std::span<const float> features, std::span<double> result) const;
};

struct SmallNetworkTraining {
  std::int64_t epochs = 20;
  std::int64_t batch = 128;
  double learning_rate = 3e-3;  ///< Adam with betas 0.9 and 0.999, epsilon 1e-8
};

/// Trains on weighted cross-entropy, batches reshuffled every epoch, the last short one kept. `told` gets epoch (from
/// 1) and mean loss. x: samples x features; y: class of each; weight: one a sample or none. One thread, the same bits
/// everywhere.
void train(SmallNetwork& network, View<const float, 2> x, std::span<const std::int64_t> y,
           std::span<const double> weight, const SmallNetworkTraining& training, const RandomStream& random,
           const std::function<void(std::int64_t, double)>& told);

}  // namespace caton
