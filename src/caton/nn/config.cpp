// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/config.hpp"

#include "caton/base/error.hpp"

namespace caton::nn {
namespace {

bool read_size(const std::string& name, const Json& value, const std::vector<ConfigSize>& sizes,
               const std::string& where) {
  for (const ConfigSize& size : sizes) {
    if (name != size.name) continue;
    const std::int64_t number = value.is_integer() ? value.integer() : 0;
    if (number < 1 || number > size.largest)
      throw input_error(where, name + " is " + value.dump(),
                        "a whole number from 1 to " + std::to_string(size.largest) + " is needed");
    *size.value = number;
    return true;
  }
  return false;
}

bool read_number(const std::string& name, const Json& value, const std::vector<ConfigNumber>& numbers,
                 const std::string& where) {
  for (const ConfigNumber& number : numbers) {
    if (name != number.name) continue;
    if (!value.is_number() || !(value.number() >= number.lowest && value.number() <= number.highest))
      throw input_error(where, name + " is " + value.dump(), "it is out of its range");
    *number.value = value.number();
    return true;
  }
  return false;
}

}  // namespace

void read_config(const Json& config, const std::string& network, const std::vector<ConfigSize>& sizes,
                 const std::vector<ConfigNumber>& numbers, const std::string& where) {
  if (!config.is_object()) throw input_error(where, "the configuration is no table");
  for (const auto& [name, value] : config.members()) {
    if (!read_size(name, value, sizes, where) && !read_number(name, value, numbers, where))
      throw input_error(where, "\"" + name + "\" is no argument of " + network, "it belongs to another network");
  }
}

}  // namespace caton::nn
