// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/models/geometric-eeg/filtration.hpp"

#include "caton/base/error.hpp"
#include "caton/models/geometric-eeg/layers.hpp"
#include "caton/nn/config.hpp"
#include "caton/nn/tensors.hpp"

#include <limits>

namespace caton::geometric_eeg {
namespace {

constexpr std::int64_t largest_width = 4096, largest_segment = 1 << 20;
constexpr std::int64_t kernel = 7, wide = 16, narrow = 8;

std::string block_key(std::int64_t index) { return "blocks." + std::to_string(index) + "."; }

at::Tensor up(const at::Tensor& x) { return at::upsample_nearest1d(x, {2 * x.size(-1)}); }

/// Pearson's correlation of each row of x with the same row of y.
at::Tensor row_correlation(const at::Tensor& x, const at::Tensor& y) {
  const at::Tensor a = x - x.mean(1, true), b = y - y.mean(1, true);
  return (a * b).sum(1) / at::sqrt((a * a).sum(1) * (b * b).sum(1) + 1e-12);
}

}  // namespace

FiltrationConfig filtration_config(const Json& config, const std::string& where) {
  FiltrationConfig c;
  nn::read_config(config, "AttentionFiltration",
                  {{"samples", &c.samples, largest_segment},
                   {"patch", &c.patch, largest_segment},
                   {"dim", &c.dim, largest_width},
                   {"heads", &c.heads, largest_width},
                   {"layers", &c.layers, 256},
                   {"ff", &c.ff, largest_width}},
                  {{"threshold", &c.threshold, -std::numeric_limits<double>::max(), std::numeric_limits<double>::max()},
                   {"dropout", &c.dropout, 0, 0.999}},
                  where);
  if (c.dim % c.heads != 0)
    throw input_error(where, "heads: " + std::to_string(c.heads) + " do not divide dim " + std::to_string(c.dim));
  if (c.samples % c.patch != 0 || c.samples % 4 != 0)
    throw input_error(where, "samples: " + std::to_string(c.samples) + " are no multiple of the patch " +
                                 std::to_string(c.patch) + " and of 4");
  return c;
}

std::vector<nn::ParameterShape> filtration_shapes(const FiltrationConfig& c) {
  std::vector<nn::ParameterShape> shapes{{"position", {1, c.samples / c.patch, c.dim}}};
  add_layer(shapes, "enc1", {wide, 1, kernel});
  add_layer(shapes, "enc2", {narrow, wide, kernel});
  add_layer(shapes, "dec1", {wide, narrow, kernel});
  add_layer(shapes, "dec2", {1, wide, kernel});
  add_layer(shapes, "embed", {c.dim, 2 * c.patch});
  for (std::int64_t i = 0; i < c.layers; ++i) {
    const std::string key = block_key(i);
    shapes.push_back({key + "self_attn.in_proj_weight", {3 * c.dim, c.dim}});
    shapes.push_back({key + "self_attn.in_proj_bias", {3 * c.dim}});
    add_layer(shapes, key + "self_attn.out_proj", {c.dim, c.dim});
    add_layer(shapes, key + "linear1", {c.ff, c.dim});
    add_layer(shapes, key + "linear2", {c.dim, c.ff});
    add_layer(shapes, key + "norm1", {c.dim});
    add_layer(shapes, key + "norm2", {c.dim});
  }
  add_layer(shapes, "norm", {c.dim});
  add_layer(shapes, "head", {c.patch, c.dim});
  return shapes;
}

AttentionFiltration::AttentionFiltration(const FiltrationConfig& config)
    : config_(config), parameters_(filtration_shapes(config)) {}

void AttentionFiltration::initialise(const RandomStream& random) { initialise_as_pytorch(parameters_, random); }

at::Tensor AttentionFiltration::autoencoder(const at::Tensor& x) const {
  at::Tensor h = at::max_pool1d(at::relu(convolution(parameters_, "enc1", x.unsqueeze(1), 1, kernel / 2)), 2);
  h = at::max_pool1d(at::relu(convolution(parameters_, "enc2", h, 1, kernel / 2)), 2);
  h = at::relu(convolution(parameters_, "dec1", up(h), 1, kernel / 2));
  return convolution(parameters_, "dec2", up(h), 1, kernel / 2).squeeze(1);
}

at::Tensor AttentionFiltration::block(const at::Tensor& h, std::int64_t index, std::int64_t segments,
                                      const nn::Dropout& dropout) const {
  const std::string key = block_key(index);
  const nn::AttentionShape shape{.batch = segments,
                                 .tokens = config_.samples / config_.patch,
                                 .heads = config_.heads,
                                 .head_dim = config_.dim / config_.heads};
  const at::Tensor qkv =
      nn::linear(normalised(parameters_, key + "norm1", h), parameters_.at(key + "self_attn.in_proj_weight"),
                 parameters_.at(key + "self_attn.in_proj_bias"));
  const at::Tensor attended = nn::attention(qkv, shape, dropout.at("attention"));
  const at::Tensor middle =
      nn::add_dropped(h, layer(parameters_, key + "self_attn.out_proj", attended), dropout.at("attention out"));
  const at::Tensor hidden = nn::gelu(
      layer(parameters_, key + "linear1", normalised(parameters_, key + "norm2", middle)), dropout.at("hidden"));
  return nn::add_dropped(middle, layer(parameters_, key + "linear2", hidden), dropout.at("feed-forward out"));
}

at::Tensor AttentionFiltration::corrected(const at::Tensor& x, const at::Tensor& estimate,
                                          const nn::Dropout& dropout) const {
  const std::int64_t segments = x.size(0), patches = config_.samples / config_.patch;
  const at::Tensor tokens =
      at::cat({x.view({segments, patches, config_.patch}), estimate.reshape({segments, patches, config_.patch})}, 2);
  at::Tensor h = layer(parameters_, "embed", tokens.reshape({segments * patches, 2 * config_.patch}));
  h = (h.view({segments, patches, config_.dim}) + parameters_.at("position"))
          .reshape({segments * patches, config_.dim});
  for (std::int64_t i = 0; i < config_.layers; ++i) h = block(h, i, segments, dropout.at("block " + std::to_string(i)));
  const at::Tensor correction = layer(parameters_, "head", normalised(parameters_, "norm", h));
  return estimate + correction.view({segments, config_.samples});
}

AttentionFiltration::Estimate AttentionFiltration::forward(const at::Tensor& x,
                                                           const std::optional<RandomStream>& random) const {
  if (x.dim() != 2 || x.size(1) != config_.samples)
    throw usage_error("AttentionFiltration", "samples: segments (segments, " + std::to_string(config_.samples) +
                                                 ") are needed, found " + nn::shape_text(x.sizes()));
  Estimate estimate;
  const at::Tensor noisy_input = x.to(at::kFloat).contiguous();
  estimate.autoencoder = autoencoder(noisy_input);
  estimate.correlation = row_correlation(noisy_input, estimate.autoencoder);
  estimate.transformer = corrected(noisy_input, estimate.autoencoder, nn::Dropout{config_.dropout, random});
  const at::Tensor constant = noisy_input.amax(1) == noisy_input.amin(1);
  const at::Tensor noisy = (estimate.correlation.detach() < config_.threshold).logical_or(constant).unsqueeze(1);
  estimate.denoised = at::where(noisy, estimate.transformer, estimate.autoencoder);
  return estimate;
}

namespace {

std::vector<nn::ParameterShape> discriminator_shapes() {
  std::vector<nn::ParameterShape> shapes;
  add_layer(shapes, "conv1", {16, 1, 9});
  add_layer(shapes, "conv2", {32, 16, 9});
  add_layer(shapes, "out", {1, 32});
  return shapes;
}

}  // namespace

FiltrationDiscriminator::FiltrationDiscriminator() : parameters_(discriminator_shapes()) {}

void FiltrationDiscriminator::initialise(const RandomStream& random) { initialise_as_pytorch(parameters_, random); }

at::Tensor FiltrationDiscriminator::forward(const at::Tensor& x) const {
  constexpr std::int64_t stride = 4, padding = 4;
  constexpr double slope = 0.2;
  at::Tensor h =
      at::leaky_relu(convolution(parameters_, "conv1", x.to(at::kFloat).unsqueeze(1), stride, padding), slope);
  h = at::leaky_relu(convolution(parameters_, "conv2", h, stride, padding), slope);
  return layer(parameters_, "out", h.mean(2)).squeeze(1);
}

}  // namespace caton::geometric_eeg
