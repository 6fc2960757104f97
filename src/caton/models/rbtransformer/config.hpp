// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"

#include <cstdint>
#include <string>

namespace caton::rbtransformer {

/// The authors' constructor arguments (their defaults), and which parts an ablation leaves out.
struct Config {
  std::int64_t num_electrodes = 14, bde_dim = 4, embed_dim = 64, depth = 3, heads = 4, head_dim = 16;
  std::int64_t mlp_hidden_dim = 128, num_classes = 2;
  double dropout = 0.1;
  bool electrode_identity = true;       ///< off: no electrode embedding
  bool intercortical_attention = true;  ///< off: no blocks at all, feed-forward parts too

  friend bool operator==(const Config&, const Config&) = default;
};

/// Reads the authors' names; what is missing keeps its default. Refuses (kind `input`) unknown names, sizes below 1 or
/// beyond what a checkpoint may ask for, and a dropout outside [0, 1).
[[nodiscard]] Config config_from(const Json& config, const std::string& where);
/// The authors' names and nothing else: `config.json` of a checkpoint folder.
[[nodiscard]] Json to_json(const Config& config);

/// "RBTransformer", or the name of the ablation.
[[nodiscard]] std::string network_name(const Config& config);
/// Sets the two switches by the network's name; refuses other names.
void apply_network_name(Config& config, const std::string& name, const std::string& where);

}  // namespace caton::rbtransformer
