// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/models/rbtransformer/config.hpp"
#include "caton/nn/functions.hpp"
#include "caton/nn/parameters.hpp"
#include "caton/nn/replay.hpp"

#include <vector>

namespace caton::rbtransformer {

/// RBTransformer: tokens of electrodes attend to each other (arXiv 2511.13954; code effdad2).
class Network {
 public:
  explicit Network(const Config& config);

  [[nodiscard]] const Config& config() const noexcept { return config_; }
  [[nodiscard]] nn::Parameters& parameters() noexcept { return parameters_; }
  [[nodiscard]] const nn::Parameters& parameters() const noexcept { return parameters_; }

  /// PyTorch's defaults: linear layers uniform on ±1/√inputs, norms 1 and 0, embedding standard normal. Every
  /// parameter draws from a stream of its own.
  void initialise(const RandomStream& random);

  /// Logits (batch, classes) of tokens (batch, …, electrodes, features); more than three axes are flattened to
  /// (batch, electrodes, features). Refuses (word `electrodes`) another number of electrodes or features.
  /// Differentiable; `dropout` is drawn where `random` is given; the trace gets every intermediate tensor.
  [[nodiscard]] at::Tensor forward(const at::Tensor& tokens, const std::optional<RandomStream>& random = {},
                                   nn::Trace* trace = nullptr) const;

 private:
  struct Norm {
    at::Tensor weight, bias;
  };
  struct Layer {
    at::Tensor weight, bias;
  };
  struct Block {
    Norm attention_norm, feed_forward_norm;
    Layer qkv, out, first, second;
  };
  [[nodiscard]] Layer layer(const std::string& name, bool bias = true) const;
  [[nodiscard]] Norm norm(const std::string& name) const;
  [[nodiscard]] at::Tensor apply(const Block& block, at::Tensor h, std::int64_t batch, const nn::Dropout& dropout,
                                 at::Tensor* weights) const;

  Config config_;
  nn::Parameters parameters_;
  Layer projection_;
  at::Tensor identity_;
  std::vector<Block> blocks_;
  Norm head_norm_;
  std::vector<Layer> head_;
};

}  // namespace caton::rbtransformer
