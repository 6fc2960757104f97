// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/feature.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

namespace caton {

FeatureChoice feature_choice(const Json& input) {
  const std::string name = input.is_text() ? input.text() : input.at("name", "pipeline: input").text("pipeline: input");
  const auto& registry = Registry<FeatureEntry>::instance();
  const FeatureEntry* const entry = registry.find(name);
  if (entry == nullptr)
    throw usage_error("pipeline: input", "unknown input \"" + name + "\"", suggestion(name, registry.names()));
  return {entry,
          complete_options("input " + name, entry->keys, entry->presets, input.is_text() ? Json::object() : input)};
}

std::vector<std::string> feature_names(const FeatureChoice& choice, const std::vector<std::string>& channels) {
  return choice.entry->names_with != nullptr ? choice.entry->names_with(choice.options, channels)
                                             : choice.entry->names(choice.options);
}

}  // namespace caton
