// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/models/rbtransformer/parameter_shapes.hpp"

namespace caton::rbtransformer {
namespace {

using Shapes = std::vector<nn::ParameterShape>;
void add_layer(Shapes& shapes, const std::string& name, std::int64_t outputs, std::int64_t inputs) {
  shapes.push_back({name + ".weight", {outputs, inputs}});
  shapes.push_back({name + ".bias", {outputs}});
}
void add_norm(Shapes& shapes, const std::string& name, std::int64_t width) {
  shapes.push_back({name + ".weight", {width}});
  shapes.push_back({name + ".bias", {width}});
}

}  // namespace

std::string block_key(std::int64_t block) { return "intercortical_attention_blocks." + std::to_string(block) + "."; }
std::string head_layer_key(int layer) { return "classification_head.mlp." + std::to_string(3 * layer); }

std::vector<nn::ParameterShape> parameter_shapes(const Config& c) {
  Shapes shapes;
  add_layer(shapes, projection_key, c.embed_dim, c.bde_dim);
  if (c.electrode_identity) shapes.push_back({identity_key, {1, c.num_electrodes, c.embed_dim}});
  const std::int64_t inner = c.heads * c.head_dim;
  for (std::int64_t block = 0; c.intercortical_attention && block < c.depth; ++block) {
    const std::string key = block_key(block);
    add_norm(shapes, key + "attention.norm", c.embed_dim);
    shapes.push_back({key + "attention.fn.to_qkv.weight", {3 * inner, c.embed_dim}});
    add_layer(shapes, key + "attention.fn.to_out.0", c.embed_dim, inner);
    add_norm(shapes, key + "feed_forward.norm", c.embed_dim);
    add_layer(shapes, key + "feed_forward.fn.net.0", c.mlp_hidden_dim, c.embed_dim);
    add_layer(shapes, key + "feed_forward.fn.net.3", c.embed_dim, c.mlp_hidden_dim);
  }
  add_norm(shapes, head_norm_key, c.embed_dim);
  add_layer(shapes, head_layer_key(0), 2 * c.embed_dim, c.embed_dim);
  add_layer(shapes, head_layer_key(1), 2 * c.embed_dim, 2 * c.embed_dim);
  add_layer(shapes, head_layer_key(2), c.embed_dim, 2 * c.embed_dim);
  add_layer(shapes, head_layer_key(3), c.num_classes, c.embed_dim);
  return shapes;
}

}  // namespace caton::rbtransformer
