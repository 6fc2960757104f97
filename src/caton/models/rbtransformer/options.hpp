// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/models/rbtransformer/config.hpp"
#include "caton/nn/trainer.hpp"
#include "caton/samples/oversampling.hpp"

#include <string>

namespace caton::rbtransformer {

/// A recipe's table, checked: the network (without the sizes that the samples decide) and how it is trained.
struct Options {
  Config config;
  nn::TrainingRecipe recipe;
  bool class_weights = false;
  std::string oversampling = "smote";
  OversamplingOptions made;
  Json table;  ///< as given, complete
};

/// Refuses (kind `usage`) impossible values and keys that contradict each other, naming the key.
[[nodiscard]] Options options_from(const Json& table);

}  // namespace caton::rbtransformer
