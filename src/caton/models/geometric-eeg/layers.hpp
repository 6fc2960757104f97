// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/random.hpp"
#include "caton/nn/parameters.hpp"

#include <string>
#include <vector>

/// Layers by the names of their parameters: `<name>.weight` and `<name>.bias`.
namespace caton::geometric_eeg {

/// Adds a weight of this shape and a bias as long as its first axis.
void add_layer(std::vector<nn::ParameterShape>& shapes, const std::string& name, std::vector<std::int64_t> weight);

[[nodiscard]] at::Tensor layer(const nn::Parameters& parameters, const std::string& name, const at::Tensor& x);
[[nodiscard]] at::Tensor normalised(const nn::Parameters& parameters, const std::string& name, const at::Tensor& x);
/// x: (batch, channels, samples).
[[nodiscard]] at::Tensor convolution(const nn::Parameters& parameters, const std::string& name, const at::Tensor& x,
                                     std::int64_t stride, std::int64_t padding);

/// PyTorch's defaults: weights and biases uniform on ±1/√inputs, an attention's input weight Xavier uniform and its
/// biases 0, norms 1 and 0, positions 0. Every parameter draws from a stream of its own.
void initialise_as_pytorch(nn::Parameters& parameters, const RandomStream& random);

}  // namespace caton::geometric_eeg
