// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/safetensors.hpp"
#include "caton/decode/classical/decision_tree.hpp"

#include <string>
#include <vector>

namespace caton {

/// Many trees in one list of nodes.
struct TreeEnsemble {
  TreeNodes nodes;
  std::vector<std::int64_t> roots;  ///< of each tree
};
/// The trees one after another, children counted through.
[[nodiscard]] TreeEnsemble joined(const std::vector<TreeNodes>& trees);

/// What a fitted decoder saves of its trees, and the way back. Refuses (kind `input`, word `damaged`) trees that do not
/// end or ask for features that are not there.
[[nodiscard]] Tensors tensors_of(const TreeEnsemble& trees);
[[nodiscard]] TreeEnsemble trees_from(const Safetensors& state, std::int64_t shares_per_node, std::int64_t features,
                                      const std::string& who);

}  // namespace caton
