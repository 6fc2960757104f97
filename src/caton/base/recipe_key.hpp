// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"

#include <string>
#include <utility>
#include <vector>

namespace caton {

/// One key of a table in a recipe (of a decoder, a feature, a data set).
struct RecipeKey {
  std::string name;
  std::string type;  ///< "number", "integer", "flag", "text", "list", "any"
  Json standard;     ///< the default; null: not given
  std::string about;
};

/// Named sets of values, taken by `preset = "…"`.
using Presets = std::vector<std::pair<std::string, Json>>;

/// Checks keys (an unknown one is refused with near names, a wrong type by name) and applies the preset, then the
/// defaults: the complete table. `name` and `preset` are known to every table.
[[nodiscard]] Json complete_options(const std::string& what, const std::vector<RecipeKey>& keys, const Presets& presets,
                                    const Json& given);

}  // namespace caton
