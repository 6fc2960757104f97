// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/models/rbtransformer/inference.hpp"

#include "caton/base/error.hpp"
#include "caton/models/rbtransformer/parameter_shapes.hpp"

#include <algorithm>
#include <cstring>

namespace caton::rbtransformer {
namespace {

std::vector<float> floats(const Tensors& parameters, const std::string& name) {
  const auto values = parameters.at(name).doubles();
  return {values.begin(), values.end()};
}

nn::PackedLinear packed(const Tensors& parameters, const std::string& name, bool bias = true) {
  const auto weight = floats(parameters, name + ".weight");
  const auto& shape = parameters.at(name + ".weight").shape();
  const auto start = bias ? floats(parameters, name + ".bias") : std::vector<float>();
  return {weight.data(), bias ? start.data() : nullptr, static_cast<std::size_t>(shape[0]),
          static_cast<std::size_t>(shape[1])};
}

/// Rows of tokens treated together.
constexpr std::size_t rows_at_a_time = 224;

}  // namespace

struct Inference::Workspace {
  std::vector<float> h, normal, qkv, attended, hidden, out, pooled, features, next;
};

Inference::Inference(const Config& config, const Tensors& parameters, const std::string& where) : config_(config) {
  nn::check_parameters(parameter_shapes(config), parameters, where);
  const auto norm = [&](const std::string& name) {
    return Norm{floats(parameters, name + ".weight"), floats(parameters, name + ".bias")};
  };
  projection_ = packed(parameters, projection_key);
  if (config.electrode_identity) identity_ = floats(parameters, identity_key);
  for (std::int64_t block = 0; config.intercortical_attention && block < config.depth; ++block) {
    const std::string key = block_key(block);
    blocks_.push_back({.attention_norm = norm(key + "attention.norm"),
                       .feed_forward_norm = norm(key + "feed_forward.norm"),
                       .qkv = packed(parameters, key + "attention.fn.to_qkv", false),
                       .out = packed(parameters, key + "attention.fn.to_out.0"),
                       .first = packed(parameters, key + "feed_forward.fn.net.0"),
                       .second = packed(parameters, key + "feed_forward.fn.net.3")});
  }
  head_norm_ = norm(head_norm_key);
  for (int index = 0; index < 4; ++index) head_.push_back(packed(parameters, head_layer_key(index)));
}

void Inference::run_block(const Block& block, std::size_t windows, Workspace& space, float* weights) const {
  const auto electrodes = static_cast<std::size_t>(config_.num_electrodes),
             width = static_cast<std::size_t>(config_.embed_dim);
  const std::size_t rows = windows * electrodes;
  const nn::NormShape shape{.rows = rows, .width = width};
  const auto add_layer = [&](const nn::PackedLinear& layer, const std::vector<float>& x) {
    layer.apply(x.data(), rows, space.out.data());
    nn::add_scaled(space.h.data(), space.out.data(), nullptr, space.h.data(), rows * width);
  };
  const auto normalise = [&](const Norm& norm) {
    nn::layer_norm_forward(shape, space.h.data(), norm.weight.data(), norm.bias.data(), space.normal.data(), nullptr,
                           nullptr);
  };
  normalise(block.attention_norm);
  block.qkv.apply(space.normal.data(), rows, space.qkv.data());
  nn::attention_forward({.batch = static_cast<std::int64_t>(windows),
                         .tokens = config_.num_electrodes,
                         .heads = config_.heads,
                         .head_dim = config_.head_dim},
                        space.qkv.data(), nullptr, weights, space.attended.data());
  add_layer(block.out, space.attended);
  normalise(block.feed_forward_norm);
  block.first.apply(space.normal.data(), rows, space.hidden.data());
  nn::gelu_forward(space.hidden.data(), nullptr, space.hidden.data(), rows * block.first.outputs());
  add_layer(block.second, space.hidden);
}

void Inference::run(View<const float, 2> tokens, View<float, 2> logits, const Observer& observer) const {
  const auto electrodes = static_cast<std::size_t>(config_.num_electrodes),
             width = static_cast<std::size_t>(config_.embed_dim);
  const auto features = static_cast<std::size_t>(config_.bde_dim),
             classes = static_cast<std::size_t>(config_.num_classes);
  const auto total = static_cast<std::size_t>(tokens.extent(0));
  const std::size_t at_a_time =
      std::min(std::max<std::size_t>(1, rows_at_a_time / electrodes), std::max<std::size_t>(1, total));
  const std::size_t rows = at_a_time * electrodes;
  const std::size_t inner = static_cast<std::size_t>(config_.heads * config_.head_dim);
  const std::size_t map = static_cast<std::size_t>(config_.heads) * electrodes * electrodes;
  Workspace space{.h = std::vector<float>(rows * width),
                  .normal = std::vector<float>(rows * width),
                  .qkv = std::vector<float>(rows * 3 * inner),
                  .attended = std::vector<float>(rows * inner),
                  .hidden = std::vector<float>(rows * static_cast<std::size_t>(config_.mlp_hidden_dim)),
                  .out = std::vector<float>(rows * width),
                  .pooled = std::vector<float>(at_a_time * width),
                  .features = std::vector<float>(at_a_time * 2 * width),
                  .next = std::vector<float>(at_a_time * std::max(2 * width, classes))};
  std::vector<float> weights(observer.attention ? at_a_time * map : 0);
  for (std::size_t first = 0; first < total; first += at_a_time) {
    const std::size_t windows = std::min(at_a_time, total - first);
    projection_.apply(tokens.data() + first * electrodes * features, windows * electrodes, space.h.data());
    for (std::size_t window = 0; window < windows && !identity_.empty(); ++window) {
      float* const h = space.h.data() + window * electrodes * width;
      nn::add_scaled(h, identity_.data(), nullptr, h, electrodes * width);
    }
    for (std::size_t block = 0; block < blocks_.size(); ++block) {
      run_block(blocks_[block], windows, space, weights.empty() ? nullptr : weights.data());
      for (std::size_t window = 0; window < windows && observer.attention; ++window) {
        observer.attention(static_cast<std::int64_t>(first + window), static_cast<std::int64_t>(block),
                           {weights.data() + window * map, map});
      }
    }
    for (std::size_t window = 0; window < windows; ++window) {
      float* const pooled = space.pooled.data() + window * width;
      nn::sum_rows(space.h.data() + window * electrodes * width, electrodes, width, pooled);
      for (std::size_t j = 0; j < width; ++j) pooled[j] /= static_cast<float>(electrodes);
      if (observer.pooled) observer.pooled(static_cast<std::int64_t>(first + window), {pooled, width});
    }
    nn::layer_norm_forward({.rows = windows, .width = width}, space.pooled.data(), head_norm_.weight.data(),
                           head_norm_.bias.data(), space.features.data(), nullptr, nullptr);
    for (std::size_t index = 0; index < head_.size(); ++index) {
      head_[index].apply(space.features.data(), windows, space.next.data());
      if (index + 1 < head_.size())
        nn::gelu_forward(space.next.data(), nullptr, space.features.data(), windows * head_[index].outputs());
    }
    for (std::size_t window = 0; window < windows; ++window) {
      for (std::size_t k = 0; k < classes; ++k) logits(first + window, k) = space.next[window * classes + k];
    }
  }
}

}  // namespace caton::rbtransformer
