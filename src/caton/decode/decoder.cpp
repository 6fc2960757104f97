// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/decoder.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/decode/network_transform.hpp"

#include <algorithm>

namespace caton {
namespace {

/// A name and the keys given with it, whatever form the recipe chose.
struct Named {
  std::string name;
  Json keys;
};

Named named(const Json& recipe, const std::string& what) {
  if (recipe.is_text()) return {recipe.text(), Json{}};
  if (!recipe.is_object())
    throw usage_error(what, std::string("expected a name or a table, found a ") + recipe.type_name());
  if (const Json* const name = recipe.find("name")) return {name->text(what + ": name"), recipe};
  if (recipe.size() != 1) throw usage_error(what, "the table needs a key \"name\"");
  const auto& [name, keys] = recipe.members().front();
  return {name, keys};
}

template <class Entry>
const Entry& entry_named(const std::string& name, const std::string& what) {
  const auto& registry = Registry<Entry>::instance();
  const Entry* const found = registry.find(name);
  if (found == nullptr)
    throw usage_error(what, "unknown " + what + " \"" + name + "\"", suggestion(name, registry.names()));
  return *found;
}

/// A bare value stands for the first key.
Json as_table(const Json& given, const std::vector<RecipeKey>& keys, const std::string& name) {
  if (given.is_null() || given.is_object()) return given;
  if (keys.empty()) throw usage_error(name, "takes no value, found " + given.dump());
  return Json::object({{keys.front().name, given}});
}

Json with_name(const std::string& name, const Json& options) {
  Json complete = Json::object({{"name", name}});
  for (const auto& [key, value] : options.members()) complete[key] = value;
  return complete;
}

/// What libcaton_nn registered under the name of an entry that needs it.
template <class NetworkEntry>
const NetworkEntry& network_named(const std::string& name, const std::string& what) {
  open_networks();
  const auto* const network = Registry<NetworkEntry>::instance().find(name);
  if (network == nullptr) {
    throw machine_error(what + " \"" + name + "\"", "the opened libcaton_nn does not have it",
                        "install libcaton and libcaton_nn of the same version");
  }
  return *network;
}

bool is_candidates(const std::vector<RecipeKey>& keys, const std::string& name, const Json& value) {
  return value.is_list() && std::any_of(keys.begin(), keys.end(),
                                        [&](const RecipeKey& key) { return key.name == name && key.type != "list"; });
}

/// `complete_options` where a key may hold a list of candidates: each must fit, the list is kept.
Json complete_candidates(const std::string& what, const std::vector<RecipeKey>& keys, const Presets& presets,
                         const Json& given) {
  std::vector<std::pair<std::string, Json>> lists;
  Json first = given;
  if (given.is_object()) {
    for (const auto& [key, value] : given.members()) {
      if (!is_candidates(keys, key, value)) continue;
      if (value.size() == 0) throw usage_error(what + ": " + key, "the list of candidates is empty");
      lists.emplace_back(key, value);
      first[key] = value.items().front();
    }
  }
  Json complete = complete_options(what, keys, presets, first);
  for (const auto& [key, values] : lists) {
    for (const Json& value : values.items()) {
      Json one = first;
      one[key] = value;
      static_cast<void>(complete_options(what, keys, presets, one));
    }
    complete[key] = values;
  }
  return complete;
}

std::vector<std::string> candidates(const std::vector<RecipeKey>& keys, const Json& table) {
  std::vector<std::string> found;
  for (const RecipeKey& key : keys) {
    const Json* const value = table.is_object() ? table.find(key.name) : nullptr;
    if (value != nullptr && is_candidates(keys, key.name, *value)) found.push_back(key.name);
  }
  return found;
}

/// What a recipe's table names, and the keys that it gives.
template <class Entry>
struct Choice {
  const Entry* entry = nullptr;
  Json given;
};

template <class Entry>
Choice<Entry> choice_of(const Json& table, const char* kind) {
  const Named chosen = named(table, kind);
  const auto& entry = entry_named<Entry>(chosen.name, kind);
  return {&entry, as_table(chosen.keys, entry.keys, entry.name)};
}

Choice<DecoderEntry> decoder_choice(const Json& recipe) { return choice_of<DecoderEntry>(recipe, "decoder"); }

Choice<TransformEntry> transform_choice(const Json& step) { return choice_of<TransformEntry>(step, "step"); }

}  // namespace

Prediction prediction_of(Array<double, 2> probability) {
  Prediction result{std::move(probability), {}};
  const std::int64_t classes = result.probability.extent(1);
  for (std::int64_t i = 0; i < result.probability.extent(0); ++i) {
    std::int64_t best = 0;
    for (std::int64_t k = 1; k < classes; ++k) {
      if (result.probability(i, k) > result.probability(i, best)) best = k;
    }
    result.label.push_back(best);
  }
  return result;
}

std::unique_ptr<Decoder> make_decoder(const Json& recipe) {
  const auto choice = decoder_choice(recipe);
  const Json options = complete_options(choice.entry->name, choice.entry->keys, choice.entry->presets, choice.given);
  if (!choice.entry->needs_networks) return choice.entry->make(options);
  return network_named<NetworkDecoderEntry>(choice.entry->name, "decoder").make(options);
}

std::unique_ptr<Transform> make_transform(const Json& step) {
  const auto choice = transform_choice(step);
  const Json options = complete_options(choice.entry->name, choice.entry->keys, {}, choice.given);
  if (choice.entry->make != nullptr) return choice.entry->make(options);
  return network_named<NetworkTransformEntry>(choice.entry->name, "step").make(options);
}

Json complete_decoder(const Json& recipe) {
  const auto choice = decoder_choice(recipe);
  return with_name(choice.entry->name,
                   complete_candidates(choice.entry->name, choice.entry->keys, choice.entry->presets, choice.given));
}

Json complete_transform(const Json& step) {
  const auto choice = transform_choice(step);
  return with_name(choice.entry->name, complete_candidates(choice.entry->name, choice.entry->keys, {}, choice.given));
}

std::vector<std::string> decoder_candidates(const Json& recipe) {
  const auto choice = decoder_choice(recipe);
  return candidates(choice.entry->keys, choice.given);
}

std::vector<std::string> transform_candidates(const Json& step) {
  const auto choice = transform_choice(step);
  return candidates(choice.entry->keys, choice.given);
}

}  // namespace caton
