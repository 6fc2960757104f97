// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/tensor.hpp"
#include "caton/models/rbtransformer/config.hpp"
#include "caton/nn/parameter_shape.hpp"

#include <string>
#include <vector>

/// The authors' state_dict keys and what stands behind them.
namespace caton::rbtransformer {

inline constexpr const char* projection_key = "bde_proj_layer.linear";
inline constexpr const char* identity_key = "electrode_id_embedding.embedding";
inline constexpr const char* head_norm_key = "classification_head.norm";
[[nodiscard]] std::string block_key(std::int64_t block);  ///< "intercortical_attention_blocks.0."
[[nodiscard]] std::string head_layer_key(int layer);      ///< "classification_head.mlp.3" for layer 1 of 0 … 3

/// Every parameter in the order of the network.
[[nodiscard]] std::vector<nn::ParameterShape> parameter_shapes(const Config& config);

}  // namespace caton::rbtransformer
