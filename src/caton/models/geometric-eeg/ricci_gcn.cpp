// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/models/geometric-eeg/ricci_gcn.hpp"

#include "caton/base/error.hpp"
#include "caton/models/geometric-eeg/layers.hpp"
#include "caton/nn/config.hpp"
#include "caton/nn/tensors.hpp"

namespace caton::geometric_eeg {
namespace {

constexpr std::int64_t largest_width = 1 << 16;
const char* const name = "RicciGCN";

void check_lengths(const at::Tensor& w) {
  if (w.dim() != 3 || w.size(1) != w.size(2))
    throw usage_error(name, "shape: lengths (graphs, nodes, nodes) are needed, found " + nn::shape_text(w.sizes()));
  if (!at::isfinite(w).all().item<bool>()) throw input_error(name, "lengths must be finite");
  if ((w < 0).any().item<bool>()) throw input_error(name, "negative lengths", "use 0 where there is no edge");
  const at::Tensor largest = w.abs().amax({1, 2}, true);
  if (((w - w.transpose(1, 2)).abs() > 1e-6 * largest).any().item<bool>())
    throw input_error(name, "lengths are not symmetric");
}

}  // namespace

RicciGcnConfig ricci_gcn_config(const Json& config, const std::string& where) {
  RicciGcnConfig c;
  nn::read_config(config, name,
                  {{"features", &c.features, largest_width},
                   {"hidden", &c.hidden, largest_width},
                   {"out", &c.out, largest_width},
                   {"classes", &c.classes, largest_width}},
                  {}, where);
  return c;
}

std::vector<nn::ParameterShape> ricci_gcn_shapes(const RicciGcnConfig& c) {
  std::vector<nn::ParameterShape> shapes;
  add_layer(shapes, "gc1", {c.hidden, c.features});
  add_layer(shapes, "gc2", {c.out, c.hidden});
  add_layer(shapes, "classifier", {c.classes, c.out});
  return shapes;
}

at::Tensor normalised_adjacency(const at::Tensor& lengths) {
  const at::Tensor w = lengths.to(at::kFloat);
  check_lengths(w);
  const at::Tensor edge = w > 0;
  const at::Tensor mean = w.sum({1, 2}, true) / edge.sum({1, 2}, true).clamp_min(1);
  const at::Tensor scaled = w / mean.clamp_min(1e-30);
  const at::Tensor affinity = at::where(edge, at::exp(-scaled * scaled), at::zeros_like(w));
  const at::Tensor with_self = affinity + at::eye(w.size(1));
  const at::Tensor root = at::rsqrt(with_self.sum(2));
  return root.unsqueeze(2) * with_self * root.unsqueeze(1);
}

RicciGcn::RicciGcn(const RicciGcnConfig& config) : config_(config), parameters_(ricci_gcn_shapes(config)) {}

void RicciGcn::initialise(const RandomStream& random) { initialise_as_pytorch(parameters_, random); }

/// The layer with its bias first, then over the graph.
at::Tensor RicciGcn::propagated(const at::Tensor& adjacency, const std::string& layer_name, const at::Tensor& x) const {
  const std::int64_t graphs = x.size(0), nodes = x.size(1);
  const at::Tensor rows = layer(parameters_, layer_name, x.reshape({graphs * nodes, x.size(2)}));
  return at::bmm(adjacency, rows.view({graphs, nodes, rows.size(1)}));
}

at::Tensor RicciGcn::forward(const at::Tensor& x, const at::Tensor& lengths, nn::Trace* trace) const {
  const at::Tensor adjacency = normalised_adjacency(lengths);
  if (x.dim() != 3 || x.size(0) != adjacency.size(0) || x.size(1) != adjacency.size(1) || x.size(2) != config_.features)
    throw usage_error(name, "shape: features (graphs, nodes, " + std::to_string(config_.features) +
                                ") are needed for lengths " + nn::shape_text(lengths.sizes()) + ", found " +
                                nn::shape_text(x.sizes()));
  const at::Tensor hidden = at::relu(propagated(adjacency, "gc1", x.to(at::kFloat)));
  const at::Tensor nodes = propagated(adjacency, "gc2", hidden);
  const at::Tensor embedding = nodes.mean(1);
  if (trace != nullptr) {
    (*trace)["adjacency"] = adjacency;
    (*trace)["nodes"] = nodes;
    (*trace)["embedding"] = embedding;
  }
  return layer(parameters_, "classifier", embedding);
}

}  // namespace caton::geometric_eeg
