// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/tensor.hpp"
#include "caton/models/rbtransformer/config.hpp"
#include "caton/nn/kernels.hpp"

#include <functional>
#include <vector>

namespace caton::rbtransformer {

/// What may be looked at on the way: called for every window in order.
struct Observer {
  /// Softmax weights (heads, electrodes, electrodes) of one block.
  std::function<void(std::int64_t window, std::int64_t block, std::span<const float> weights)> attention = {};
  /// Mean over electrodes (embed_dim).
  std::function<void(std::int64_t window, std::span<const float> pooled)> pooled = {};
};

/// The trained network without gradients and without libtorch: weights packed once, windows in blocks that stay in the
/// cache. A window's result is the same bits whatever other windows are beside it.
class Inference {
 public:
  Inference() = default;
  /// `parameters` under the authors' keys; refused (kind `input`) naming the key when they are not this network's.
  Inference(const Config& config, const Tensors& parameters, const std::string& where);

  [[nodiscard]] const Config& config() const noexcept { return config_; }

  /// Logits (windows x classes) of tokens (windows x electrodes·features), one thread.
  void run(View<const float, 2> tokens, View<float, 2> logits, const Observer& observer = {}) const;

 private:
  struct Norm {
    std::vector<float> weight, bias;
  };
  struct Block {
    Norm attention_norm, feed_forward_norm;
    nn::PackedLinear qkv, out, first, second;
  };
  struct Workspace;
  void embed(const float* tokens, std::size_t windows, Workspace& space) const;
  void run_block(const Block& block, std::size_t windows, Workspace& space) const;
  void pool(std::size_t windows, Workspace& space) const;
  void classify(std::size_t windows, Workspace& space) const;
  [[nodiscard]] std::size_t electrodes() const noexcept { return static_cast<std::size_t>(config_.num_electrodes); }
  [[nodiscard]] std::size_t width() const noexcept { return static_cast<std::size_t>(config_.embed_dim); }
  /// Softmax weights of one window and block.
  [[nodiscard]] std::size_t map_size() const noexcept {
    return static_cast<std::size_t>(config_.heads) * electrodes() * electrodes();
  }

  Config config_;
  nn::PackedLinear projection_;
  std::vector<float> identity_;
  std::vector<Block> blocks_;
  Norm head_norm_;
  std::vector<nn::PackedLinear> head_;
};

}  // namespace caton::rbtransformer
