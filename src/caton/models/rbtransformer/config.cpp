// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/models/rbtransformer/config.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"

#include <array>

namespace caton::rbtransformer {
namespace {

constexpr const char* full_name = "RBTransformer";
constexpr const char* without_identity = "RBTransformer-without-electrode-identity-embedding";
constexpr const char* without_attention = "RBTransformer-without-intercortical-attention";
/// No dimension of a network of this kind comes near; a hostile configuration must not ask for more.
constexpr std::int64_t largest_width = 1 << 16, largest_depth = 256;

struct Size {
  const char* name;
  std::int64_t Config::*value;
  std::int64_t largest;
  bool of_blocks;  ///< absent where there are no blocks
};
constexpr std::array<Size, 8> sizes{{{"num_electrodes", &Config::num_electrodes, limits::channels, false},
                                     {"bde_dim", &Config::bde_dim, largest_width, false},
                                     {"embed_dim", &Config::embed_dim, largest_width, false},
                                     {"depth", &Config::depth, largest_depth, true},
                                     {"heads", &Config::heads, largest_width, true},
                                     {"head_dim", &Config::head_dim, largest_width, true},
                                     {"mlp_hidden_dim", &Config::mlp_hidden_dim, largest_width, true},
                                     {"num_classes", &Config::num_classes, largest_width, false}}};

std::int64_t checked_size(const Size& size, const Json& value, const std::string& where) {
  const std::int64_t number = value.is_integer() ? value.integer() : 0;
  if (number < 1 || number > size.largest) {
    throw input_error(where, std::string(size.name) + " is " + value.dump(),
                      "a whole number from 1 to " + std::to_string(size.largest) + " is needed");
  }
  return number;
}

}  // namespace

Config config_from(const Json& config, const std::string& where) {
  if (!config.is_object()) throw input_error(where, "the configuration is no table");
  Config result;
  for (const auto& [name, value] : config.members()) {
    bool known = name == "dropout";
    if (known) {
      result.dropout = value.is_number() ? value.number() : -1;
      if (!(result.dropout >= 0 && result.dropout < 1))
        throw input_error(where, "dropout is " + value.dump(), "a number from 0 to below 1 is needed");
    }
    for (const Size& size : sizes) {
      if (name != size.name) continue;
      result.*size.value = checked_size(size, value, where);
      known = true;
    }
    if (!known)
      throw input_error(where, "\"" + name + "\" is no argument of RBTransformer", "it belongs to another network");
  }
  return result;
}

Json to_json(const Config& config) {
  Json result = Json::object();
  for (const Size& size : sizes) {
    if (config.intercortical_attention || !size.of_blocks) result[size.name] = config.*size.value;
  }
  result["dropout"] = config.dropout;
  return result;
}

std::string network_name(const Config& config) {
  if (!config.intercortical_attention) return without_attention;
  return config.electrode_identity ? full_name : without_identity;
}

void apply_network_name(Config& config, const std::string& name, const std::string& where) {
  if (name != full_name && name != without_identity && name != without_attention)
    throw input_error(where, "the network \"" + name + "\" is not RBTransformer nor one of its ablations");
  config.electrode_identity = name != without_identity;
  config.intercortical_attention = name != without_attention;
}

}  // namespace caton::rbtransformer
