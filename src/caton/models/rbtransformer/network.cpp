// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/models/rbtransformer/network.hpp"

#include "caton/base/error.hpp"
#include "caton/base/golden_case.hpp"
#include "caton/models/rbtransformer/parameter_shapes.hpp"
#include "caton/nn/tensors.hpp"

#include <cmath>

namespace caton::rbtransformer {
namespace {

/// Tokens as (batch, electrodes, features) float32.
at::Tensor checked_tokens(const at::Tensor& tokens, const Config& config) {
  if (tokens.dim() < 3) {
    throw usage_error("RBTransformer", "electrodes: tokens (batch, electrodes, features) are needed, found " +
                                           nn::shape_text(tokens.sizes()));
  }
  if (tokens.size(-1) != config.bde_dim) {
    throw usage_error("RBTransformer", "electrodes with " + std::to_string(tokens.size(-1)) +
                                           " features each where the network takes " + std::to_string(config.bde_dim));
  }
  const at::Tensor flat = tokens.dim() == 3 ? tokens : tokens.reshape({tokens.size(0), -1, config.bde_dim});
  if (flat.size(1) != config.num_electrodes) {
    throw usage_error("RBTransformer",
                      "tokens of " + std::to_string(flat.size(1)) + " electrodes where the network knows " +
                          std::to_string(config.num_electrodes),
                      "select or order the channels as in training");
  }
  return flat.to(at::kFloat).contiguous();
}

}  // namespace

Network::Network(const Config& config) : config_(config), parameters_(parameter_shapes(config)) {
  projection_ = layer(projection_key);
  if (config.electrode_identity) identity_ = parameters_.at(identity_key);
  for (std::int64_t block = 0; config.intercortical_attention && block < config.depth; ++block) {
    const std::string key = block_key(block);
    blocks_.push_back({.attention_norm = norm(key + "attention.norm"),
                       .feed_forward_norm = norm(key + "feed_forward.norm"),
                       .qkv = layer(key + "attention.fn.to_qkv", false),
                       .out = layer(key + "attention.fn.to_out.0"),
                       .first = layer(key + "feed_forward.fn.net.0"),
                       .second = layer(key + "feed_forward.fn.net.3")});
  }
  head_norm_ = norm(head_norm_key);
  for (int index = 0; index < 4; ++index) head_.push_back(layer(head_layer_key(index)));
}

Network::Layer Network::layer(const std::string& name, bool bias) const {
  return {parameters_.at(name + ".weight"), bias ? parameters_.at(name + ".bias") : at::Tensor()};
}
Network::Norm Network::norm(const std::string& name) const {
  return {parameters_.at(name + ".weight"), parameters_.at(name + ".bias")};
}

void Network::initialise(const RandomStream& random) {
  const auto all = parameters_.values();
  std::size_t place = 0;
  double bound = 0;
  for (const auto& [name, shape] : parameters_.shapes()) {
    const auto count = static_cast<std::size_t>(parameters_.at(name).numel());
    RandomStream stream = random.derive(name);
    const bool norm = name.find("norm.") != std::string::npos;
    // A bias follows its weight and takes the weight's bound.
    if (shape.size() == 2) bound = 1 / std::sqrt(static_cast<double>(shape[1]));
    for (std::size_t i = 0; i < count; ++i) {
      double value = 0;
      if (norm)
        value = name.ends_with("weight") ? 1 : 0;
      else if (name == identity_key)
        value = stream.normal();
      else
        value = bound * (2 * stream.uniform() - 1);
      all[place++] = static_cast<float>(value);
    }
  }
}

at::Tensor Network::apply(const Block& block, at::Tensor h, std::int64_t batch, const nn::Dropout& dropout,
                          at::Tensor* weights) const {
  const nn::AttentionShape shape{
      .batch = batch, .tokens = config_.num_electrodes, .heads = config_.heads, .head_dim = config_.head_dim};
  const at::Tensor qkv =
      nn::linear(nn::layer_norm(h, block.attention_norm.weight, block.attention_norm.bias), block.qkv.weight);
  const at::Tensor attended = nn::attention(qkv, shape, dropout.at("attention"), weights);
  h = nn::add_dropped(h, nn::linear(attended, block.out.weight, block.out.bias), dropout.at("attention out"));
  const at::Tensor normal = nn::layer_norm(h, block.feed_forward_norm.weight, block.feed_forward_norm.bias);
  const at::Tensor hidden = nn::gelu(nn::linear(normal, block.first.weight, block.first.bias), dropout.at("hidden"));
  return nn::add_dropped(h, nn::linear(hidden, block.second.weight, block.second.bias), dropout.at("feed-forward out"));
}

at::Tensor Network::forward(const at::Tensor& tokens, const std::optional<RandomStream>& random,
                            nn::Trace* trace) const {
  const at::Tensor x = checked_tokens(tokens, config_);
  const std::int64_t batch = x.size(0), electrodes = config_.num_electrodes, width = config_.embed_dim;
  const nn::Dropout dropout{config_.dropout, random};
  const auto note = [&](const std::string& name, const at::Tensor& value) {
    if (trace != nullptr) (*trace)[name] = value.detach();
  };
  const auto by_sample = [&](const at::Tensor& rows) { return rows.view({batch, electrodes, width}); };

  at::Tensor h = nn::linear(x.view({batch * electrodes, config_.bde_dim}), projection_.weight, projection_.bias);
  note("projected", by_sample(h));
  if (identity_.defined()) h = (by_sample(h) + identity_).view({batch * electrodes, width});
  if (identity_.defined()) note("embedded", by_sample(h));
  h = nn::drop(h, dropout.at("embedded"));
  for (std::size_t index = 0; index < blocks_.size(); ++index) {
    at::Tensor weights;
    const std::string number = std::to_string(index);
    h = apply(blocks_[index], h, batch, dropout.at("block " + number), trace != nullptr ? &weights : nullptr);
    note("attention." + number, weights);
    note("block." + number, by_sample(h));
  }
  const at::Tensor pooled = by_sample(h).mean(1);
  note("pooled", pooled);
  at::Tensor features = nn::layer_norm(pooled, head_norm_.weight, head_norm_.bias);
  note("features", features);
  for (std::size_t index = 0; index + 1 < head_.size(); ++index) {
    features = nn::gelu(nn::linear(features, head_[index].weight, head_[index].bias),
                        dropout.at("head " + std::to_string(index)));
  }
  return nn::linear(features, head_.back().weight, head_.back().bias);
}

namespace {

Tensors replay(const GoldenCase& golden) {
  Config config = config_from(golden.json("config"), golden.path.string() + ": config");
  apply_network_name(config, golden.metadata("network"), golden.path.string());
  nn::check_parameters(
      parameter_shapes(config),
      [&] {
        Tensors parameters;
        for (const auto& [name, tensor] : golden.content.tensors) {
          if (name.starts_with("param.")) parameters.emplace(name.substr(6), tensor);
        }
        return parameters;
      }(),
      golden.path.string());
  Network network(config);
  return nn::replay_network(golden, {network.parameters(), [&](const nn::Trace& inputs, nn::Trace* trace) {
                                          const auto x = inputs.find("x");
                                          if (x == inputs.end())
                                            throw input_error(golden.path.string(), "the tensor \"in.x\" is missing");
                                          return network.forward(x->second, {}, trace);
                                        }});
}

const NetworkEntry full{.name = "RBTransformer", .replay = replay};
const NetworkEntry without_identity{.name = "RBTransformer-without-electrode-identity-embedding", .replay = replay};
const NetworkEntry without_attention{.name = "RBTransformer-without-intercortical-attention", .replay = replay};
CATON_REGISTER(NetworkEntry, full);
CATON_REGISTER(NetworkEntry, without_identity);
CATON_REGISTER(NetworkEntry, without_attention);

}  // namespace
}  // namespace caton::rbtransformer
