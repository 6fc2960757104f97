// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/recipe_key.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>

namespace caton {
namespace {

bool fits(const Json& value, const std::string& type) {
  if (type == "any") return true;
  if (type == "number") return value.is_number();
  if (type == "integer") return value.is_integer();
  if (type == "flag") return value.is_flag();
  if (type == "text") return value.is_text();
  return type == "list" && value.is_list();
}

const RecipeKey* key_named(const std::vector<RecipeKey>& keys, const std::string& name) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const RecipeKey& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

void put(const std::string& what, const std::vector<RecipeKey>& keys, const std::string& name, const Json& value,
         Json& into) {
  const RecipeKey* const key = key_named(keys, name);
  if (key == nullptr) {
    std::vector<std::string> known{"name", "preset"};
    for (const auto& other : keys) known.push_back(other.name);
    throw usage_error(what, "unknown key \"" + name + "\"", suggestion(name, known));
  }
  if (!(value.is_null() && key->standard.is_null()) && !fits(value, key->type)) {
    throw usage_error(what + ": " + name, "expected a " + key->type + ", found " + value.dump());
  }
  into[name] = value;
}

}  // namespace

Json complete_options(const std::string& what, const std::vector<RecipeKey>& keys, const Presets& presets,
                      const Json& given) {
  Json complete = Json::object();
  for (const auto& key : keys) complete[key.name] = key.standard;
  if (given.is_null()) return complete;
  if (const Json* const preset = given.find("preset")) {
    const std::string& name = preset->text(what + ": preset");
    const auto found =
        std::find_if(presets.begin(), presets.end(), [&](const auto& entry) { return entry.first == name; });
    if (found == presets.end()) {
      std::vector<std::string> known;
      for (const auto& entry : presets) known.push_back(entry.first);
      throw usage_error(what, "unknown preset \"" + name + "\"", suggestion(name, known));
    }
    for (const auto& [key, value] : found->second.members()) put(what, keys, key, value, complete);
  }
  for (const auto& [key, value] : given.members(what)) {
    if (key != "name" && key != "preset") put(what, keys, key, value, complete);
  }
  return complete;
}

}  // namespace caton
