// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/random.hpp"
#include "caton/nn/parameters.hpp"
#include "caton/nn/replay.hpp"

#include <cstdint>
#include <vector>

namespace caton::geometric_eeg {

struct RicciGcnConfig {
  std::int64_t features = 46, hidden = 32, out = 16, classes = 2;
};
/// Refuses (kind `input`) unknown names and sizes out of range.
[[nodiscard]] RicciGcnConfig ricci_gcn_config(const Json& config, const std::string& where);
[[nodiscard]] std::vector<nn::ParameterShape> ricci_gcn_shapes(const RicciGcnConfig& config);

/// Edge lengths (graphs, V, V; 0: no edge) to the normalised adjacency D^-1/2 (A + I) D^-1/2 with
/// A = exp(-(w / mean length of that graph)^2) on edges. Refuses (words `symmetric`, `negative`, `finite`) lengths that
/// are none.
[[nodiscard]] at::Tensor normalised_adjacency(const at::Tensor& lengths);

/// Two graph convolutions over electrodes joined by Ricci-flown lengths, the mean node classified. Our reading of
/// "Geometric Machine Learning on EEG Signals" (no public code).
class RicciGcn {
 public:
  explicit RicciGcn(const RicciGcnConfig& config);

  [[nodiscard]] nn::Parameters& parameters() noexcept { return parameters_; }
  void initialise(const RandomStream& random);
  /// Logits (graphs, classes) of node features x (graphs, V, features) and lengths (graphs, V, V). Refuses (word
  /// `shape`) other shapes. The trace gets adjacency, nodes and embedding.
  [[nodiscard]] at::Tensor forward(const at::Tensor& x, const at::Tensor& lengths, nn::Trace* trace = nullptr) const;

 private:
  [[nodiscard]] at::Tensor propagated(const at::Tensor& adjacency, const std::string& name, const at::Tensor& x) const;

  RicciGcnConfig config_;
  nn::Parameters parameters_;
};

}  // namespace caton::geometric_eeg
