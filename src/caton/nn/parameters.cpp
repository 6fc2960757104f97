// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/parameters.hpp"

#include "caton/base/bytes.hpp"
#include "caton/base/error.hpp"
#include "caton/nn/tensors.hpp"

#include <algorithm>
#include <cstring>

namespace caton::nn {
namespace {

std::int64_t size_of(const ParameterShape& parameter) {
  std::int64_t size = 1;
  for (const auto extent : parameter.shape) size = checked_product(size, extent, parameter.name, "its shape");
  return size;
}

}  // namespace

Parameters::Parameters(std::vector<ParameterShape> shapes) : shapes_(std::move(shapes)) {
  std::int64_t total = 0;
  for (const auto& parameter : shapes_)
    total = checked_sum(total, size_of(parameter), parameter.name, "the parameters");
  values_ = at::zeros({total}, at::kFloat);
  gradients_ = at::zeros({total}, at::kFloat);
  std::int64_t offset = 0;
  for (const auto& parameter : shapes_) {
    const std::int64_t size = size_of(parameter);
    at::Tensor leaf = values_.narrow(0, offset, size).view(parameter.shape).detach().requires_grad_();
    leaf.mutable_grad() = gradients_.narrow(0, offset, size).view(parameter.shape);
    leaves_.emplace(parameter.name, std::move(leaf));
    offset += size;
  }
}

const at::Tensor& Parameters::at(const std::string& name) const {
  const auto found = leaves_.find(name);
  if (found == leaves_.end()) throw usage_error("network", "it has no parameter \"" + name + "\"");
  return found->second;
}

std::span<float> Parameters::values() const {
  return {values_.data_ptr<float>(), static_cast<std::size_t>(values_.numel())};
}
std::span<float> Parameters::gradients() const {
  return {gradients_.data_ptr<float>(), static_cast<std::size_t>(gradients_.numel())};
}
void Parameters::clear_gradients() const {
  const auto all = gradients();
  std::fill(all.begin(), all.end(), 0.0F);
}

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

void Parameters::load(const Tensors& tensors, const std::string& where) const {
  check_parameters(shapes_, tensors, where);
  const auto all = values();
  std::size_t offset = 0;
  for (const auto& parameter : shapes_) {
    const auto from = tensors.at(parameter.name).doubles();
    for (const double value : from) all[offset++] = static_cast<float>(value);
  }
}

Tensors Parameters::tensors() const {
  Tensors result;
  for (const auto& [name, leaf] : leaves_) result.emplace(name, from_torch(leaf));
  return result;
}

Tensors Parameters::gradient_tensors() const {
  Tensors result;
  for (const auto& [name, leaf] : leaves_) result.emplace(name, from_torch(leaf.grad()));
  return result;
}

}  // namespace caton::nn
