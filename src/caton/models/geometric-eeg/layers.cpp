// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/models/geometric-eeg/layers.hpp"

#include "caton/nn/functions.hpp"

#include <cmath>

namespace caton::geometric_eeg {
namespace {

bool has(const std::string& name, const char* part) { return name.find(part) != std::string::npos; }

std::int64_t inputs_of(const std::vector<std::int64_t>& shape) {
  std::int64_t inputs = 1;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) inputs *= shape[axis];
  return inputs;
}

/// The half-width of a parameter's uniform distribution; `before` is that of the weight it follows.
double bound_of(const nn::ParameterShape& parameter, double before) {
  if (has(parameter.name, "in_proj_weight"))
    return std::sqrt(6.0 / static_cast<double>(parameter.shape[0] + parameter.shape[1]));
  if (has(parameter.name, "in_proj_bias") || has(parameter.name, "out_proj.bias") || parameter.name == "position")
    return 0;
  if (parameter.shape.size() == 1) return before;
  return 1 / std::sqrt(static_cast<double>(inputs_of(parameter.shape)));
}

}  // namespace

void add_layer(std::vector<nn::ParameterShape>& shapes, const std::string& name, std::vector<std::int64_t> weight) {
  const std::int64_t outputs = weight.front();
  shapes.push_back({name + ".weight", std::move(weight)});
  shapes.push_back({name + ".bias", {outputs}});
}

at::Tensor layer(const nn::Parameters& parameters, const std::string& name, const at::Tensor& x) {
  return nn::linear(x, parameters.at(name + ".weight"), parameters.at(name + ".bias"));
}

at::Tensor normalised(const nn::Parameters& parameters, const std::string& name, const at::Tensor& x) {
  return nn::layer_norm(x, parameters.at(name + ".weight"), parameters.at(name + ".bias"));
}

at::Tensor convolution(const nn::Parameters& parameters, const std::string& name, const at::Tensor& x,
                       std::int64_t stride, std::int64_t padding) {
  return at::conv1d(x, parameters.at(name + ".weight"), parameters.at(name + ".bias"), {stride}, {padding});
}

void initialise_as_pytorch(nn::Parameters& parameters, const RandomStream& random) {
  const auto all = parameters.values();
  std::size_t place = 0;
  double bound = 0;
  for (const auto& parameter : parameters.shapes()) {
    const auto count = static_cast<std::size_t>(parameters.at(parameter.name).numel());
    const bool norm = has(parameter.name, "norm");
    RandomStream stream = random.derive(parameter.name);
    bound = norm ? 0 : bound_of(parameter, bound);
    const double centre = norm && parameter.name.ends_with("weight") ? 1 : 0;
    for (std::size_t i = 0; i < count; ++i)
      all[place++] = static_cast<float>(centre + bound * (2 * stream.uniform() - 1));
  }
}

}  // namespace caton::geometric_eeg
