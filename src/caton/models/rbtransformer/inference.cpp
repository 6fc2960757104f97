// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/models/rbtransformer/inference.hpp"

#include "caton/base/error.hpp"
#include "caton/models/rbtransformer/parameter_shapes.hpp"

#include <algorithm>

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
  std::vector<float> h, normal, qkv, attended, hidden, out, pooled, features, next, weights;

  Workspace(const Config& c, std::size_t windows, bool keep_weights) {
    const auto size = [](std::int64_t count) { return static_cast<std::size_t>(count); };
    const std::size_t rows = windows * size(c.num_electrodes), width = size(c.embed_dim);
    h.resize(rows * width);
    normal.resize(rows * width);
    out.resize(rows * width);
    qkv.resize(rows * 3 * size(c.heads * c.head_dim));
    attended.resize(rows * size(c.heads * c.head_dim));
    hidden.resize(rows * size(c.mlp_hidden_dim));
    pooled.resize(windows * width);
    features.resize(windows * 2 * width);
    next.resize(windows * std::max(2 * width, size(c.num_classes)));
    if (keep_weights) weights.resize(windows * size(c.heads * c.num_electrodes * c.num_electrodes));
  }
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

void Inference::embed(const float* tokens, std::size_t windows, Workspace& space) const {
  projection_.apply(tokens, windows * electrodes(), space.h.data());
  for (std::size_t window = 0; window < windows && !identity_.empty(); ++window) {
    float* const h = space.h.data() + window * electrodes() * width();
    nn::add_scaled(h, identity_.data(), nullptr, h, electrodes() * width());
  }
}

void Inference::run_block(const Block& block, std::size_t windows, Workspace& space) const {
  const std::size_t rows = windows * electrodes();
  const auto normalise = [&](const Norm& norm) {
    nn::layer_norm_forward({.rows = rows, .width = width()}, space.h.data(), norm.weight.data(), norm.bias.data(),
                           space.normal.data(), nullptr, nullptr);
  };
  const auto add_layer = [&](const nn::PackedLinear& layer, const std::vector<float>& x) {
    layer.apply(x.data(), rows, space.out.data());
    nn::add_scaled(space.h.data(), space.out.data(), nullptr, space.h.data(), rows * width());
  };
  normalise(block.attention_norm);
  block.qkv.apply(space.normal.data(), rows, space.qkv.data());
  nn::attention_forward({.batch = static_cast<std::int64_t>(windows),
                         .tokens = config_.num_electrodes,
                         .heads = config_.heads,
                         .head_dim = config_.head_dim},
                        space.qkv.data(), nullptr, space.weights.empty() ? nullptr : space.weights.data(),
                        space.attended.data());
  add_layer(block.out, space.attended);
  normalise(block.feed_forward_norm);
  block.first.apply(space.normal.data(), rows, space.hidden.data());
  nn::gelu_forward(space.hidden.data(), nullptr, space.hidden.data(), rows * block.first.outputs());
  add_layer(block.second, space.hidden);
}

void Inference::pool(std::size_t windows, Workspace& space) const {
  for (std::size_t window = 0; window < windows; ++window) {
    float* const pooled = space.pooled.data() + window * width();
    nn::sum_rows(space.h.data() + window * electrodes() * width(), electrodes(), width(), pooled);
    for (std::size_t j = 0; j < width(); ++j) pooled[j] /= static_cast<float>(electrodes());
  }
}

void Inference::classify(std::size_t windows, Workspace& space) const {
  nn::layer_norm_forward({.rows = windows, .width = width()}, space.pooled.data(), head_norm_.weight.data(),
                         head_norm_.bias.data(), space.features.data(), nullptr, nullptr);
  for (std::size_t index = 0; index < head_.size(); ++index) {
    head_[index].apply(space.features.data(), windows, space.next.data());
    if (index + 1 == head_.size()) return;
    nn::gelu_forward(space.next.data(), nullptr, space.features.data(), windows * head_[index].outputs());
  }
}

void Inference::run(View<const float, 2> tokens, View<float, 2> logits, const Observer& observer) const {
  const auto total = static_cast<std::size_t>(tokens.extent(0));
  if (total == 0) return;
  const std::size_t at_a_time = std::min(std::max<std::size_t>(1, rows_at_a_time / electrodes()), total);
  Workspace space(config_, at_a_time, static_cast<bool>(observer.attention));
  for (std::size_t first = 0; first < total; first += at_a_time) {
    const std::size_t windows = std::min(at_a_time, total - first);
    const auto number = [&](std::size_t window) { return static_cast<std::int64_t>(first + window); };
    embed(tokens[number(0)].data(), windows, space);
    for (std::size_t block = 0; block < blocks_.size(); ++block) {
      run_block(blocks_[block], windows, space);
      for (std::size_t window = 0; window < windows && observer.attention; ++window) {
        observer.attention(number(window), static_cast<std::int64_t>(block),
                           {space.weights.data() + window * map_size(), map_size()});
      }
    }
    pool(windows, space);
    for (std::size_t window = 0; window < windows && observer.pooled; ++window)
      observer.pooled(number(window), {space.pooled.data() + window * width(), width()});
    classify(windows, space);
    for (std::size_t window = 0; window < windows; ++window) {
      const float* const from = space.next.data() + window * static_cast<std::size_t>(config_.num_classes);
      std::copy(from, from + config_.num_classes, logits[number(window)].data());
    }
  }
}

}  // namespace caton::rbtransformer
