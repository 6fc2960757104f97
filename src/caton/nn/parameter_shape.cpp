// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/parameter_shape.hpp"

#include "caton/base/bytes.hpp"
#include "caton/base/error.hpp"

#include <algorithm>

namespace caton::nn {
namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const auto extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

}  // namespace

void check_parameters(const std::vector<ParameterShape>& shapes, const Tensors& tensors, const std::string& where) {
  for (const auto& parameter : shapes) {
    const auto found = tensors.find(parameter.name);
    if (found == tensors.end()) {
      throw input_error(where, "the parameter \"" + parameter.name + "\" is missing",
                        "the checkpoint belongs to another network");
    }
    if (found->second.shape() != parameter.shape) {
      throw input_error(where,
                        "the parameter \"" + parameter.name + "\" is " + found->second.about() + " where the shape " +
                            shape_text(parameter.shape) + " is needed",
                        "the configuration belongs to another network");
    }
  }
  if (tensors.size() == shapes.size()) return;
  for (const auto& [name, tensor] : tensors) {
    const bool known =
        std::any_of(shapes.begin(), shapes.end(), [&](const auto& parameter) { return parameter.name == name; });
    if (!known) {
      throw input_error(where, "the parameter \"" + name + "\" is surplus: this network has none of that name",
                        "the checkpoint belongs to another network");
    }
  }
}

std::int64_t parameter_count(const std::vector<ParameterShape>& shapes) {
  std::int64_t total = 0;
  for (const auto& [name, shape] : shapes) {
    std::int64_t size = 1;
    for (const auto extent : shape) size = checked_product(size, extent, name, "its shape");
    total = checked_sum(total, size, name, "the parameters");
  }
  return total;
}

}  // namespace caton::nn
