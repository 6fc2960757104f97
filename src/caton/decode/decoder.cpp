// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/decoder.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/decode/network_transform.hpp"

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

struct DecoderChoice {
  const DecoderEntry* entry = nullptr;
  Json options;
};

DecoderChoice decoder_choice(const Json& recipe) {
  const Named chosen = named(recipe, "decoder");
  const auto& entry = entry_named<DecoderEntry>(chosen.name, "decoder");
  const Json given = as_table(chosen.keys, entry.keys, entry.name);
  return {&entry, complete_options(entry.name, entry.keys, entry.presets, given)};
}

struct TransformChoice {
  const TransformEntry* entry = nullptr;
  Json options;
};

TransformChoice transform_choice(const Json& step) {
  const Named chosen = named(step, "step");
  const auto& entry = entry_named<TransformEntry>(chosen.name, "step");
  const Json given = as_table(chosen.keys, entry.keys, entry.name);
  return {&entry, complete_options(entry.name, entry.keys, {}, given)};
}

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
  if (!choice.entry->needs_networks) return choice.entry->make(choice.options);
  return network_named<NetworkDecoderEntry>(choice.entry->name, "decoder").make(choice.options);
}

std::unique_ptr<Transform> make_transform(const Json& step) {
  const auto choice = transform_choice(step);
  if (choice.entry->make != nullptr) return choice.entry->make(choice.options);
  return network_named<NetworkTransformEntry>(choice.entry->name, "step").make(choice.options);
}

Json complete_decoder(const Json& recipe) {
  const auto choice = decoder_choice(recipe);
  return with_name(choice.entry->name, choice.options);
}

Json complete_transform(const Json& step) {
  const auto choice = transform_choice(step);
  return with_name(choice.entry->name, choice.options);
}

}  // namespace caton
