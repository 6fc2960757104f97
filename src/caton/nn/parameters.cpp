// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/parameters.hpp"

#include "caton/base/error.hpp"
#include "caton/nn/tensors.hpp"

#include <algorithm>

namespace caton::nn {
Parameters::Parameters(std::vector<ParameterShape> shapes) : shapes_(std::move(shapes)) {
  const std::int64_t total = parameter_count(shapes_);
  values_ = at::zeros({total}, at::kFloat);
  gradients_ = at::zeros({total}, at::kFloat);
  std::int64_t offset = 0;
  for (const auto& parameter : shapes_) {
    const std::int64_t size = parameter_count({parameter});
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
