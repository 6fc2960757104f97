// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/tree_ensemble.hpp"

#include "caton/base/error.hpp"

namespace caton {
namespace {

/// Trees that end: children stand behind their parent, features and roots exist.
bool sound(const TreeEnsemble& trees, std::int64_t shares_per_node, std::int64_t features) {
  const TreeNodes& nodes = trees.nodes;
  const auto count = static_cast<std::size_t>(nodes.size());
  if (trees.roots.empty() || nodes.left.size() != count || nodes.right.size() != count ||
      nodes.threshold.size() != count || nodes.share.size() != count * static_cast<std::size_t>(shares_per_node))
    return false;
  for (const std::int64_t root : trees.roots)
    if (root < 0 || root >= nodes.size()) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (nodes.feature[i] < 0) continue;
    if (nodes.feature[i] >= features) return false;
    const auto parent = static_cast<std::int64_t>(i);
    for (const std::int64_t child : {nodes.left[i], nodes.right[i]})
      if (child <= parent || child >= nodes.size()) return false;
  }
  return true;
}

}  // namespace

TreeEnsemble joined(const std::vector<TreeNodes>& trees) {
  TreeEnsemble all;
  for (const TreeNodes& tree : trees) {
    const std::int64_t first = all.nodes.size();
    all.roots.push_back(first);
    const auto child = [&](std::int32_t at) { return at < 0 ? at : static_cast<std::int32_t>(at + first); };
    for (std::size_t i = 0; i < tree.feature.size(); ++i) {
      all.nodes.feature.push_back(tree.feature[i]);
      all.nodes.left.push_back(child(tree.left[i]));
      all.nodes.right.push_back(child(tree.right[i]));
    }
    all.nodes.threshold.insert(all.nodes.threshold.end(), tree.threshold.begin(), tree.threshold.end());
    all.nodes.share.insert(all.nodes.share.end(), tree.share.begin(), tree.share.end());
  }
  return all;
}

Tensors tensors_of(const TreeEnsemble& trees) {
  return {{"roots", Tensor::vector(trees.roots)},
          {"feature", Tensor::vector(trees.nodes.feature)},
          {"left", Tensor::vector(trees.nodes.left)},
          {"right", Tensor::vector(trees.nodes.right)},
          {"threshold", Tensor::vector(trees.nodes.threshold)},
          {"share", Tensor::vector(trees.nodes.share)}};
}

TreeEnsemble trees_from(const Safetensors& state, std::int64_t shares_per_node, std::int64_t features,
                        const std::string& who) {
  const auto places = [&](const char* key) {
    const auto wide = state.at(key, who).integers(key);
    return std::vector<std::int32_t>(wide.begin(), wide.end());
  };
  const auto values = [&](const char* key) {
    const auto stored = state.at(key, who).values<float>();
    return std::vector<float>(stored.begin(), stored.end());
  };
  TreeEnsemble trees{{places("feature"), places("left"), places("right"), values("threshold"), values("share")},
                     state.at("roots", who).integers("roots")};
  if (!sound(trees, shares_per_node, features)) throw input_error(who, "the saved trees are damaged");
  return trees;
}

}  // namespace caton
