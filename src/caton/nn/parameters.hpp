// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/nn/parameter_shape.hpp"
#include "caton/nn/torch.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace caton::nn {

/// All parameters of a network: views into one flat buffer, their gradients into another, so that an optimiser is one
/// loop and a saved state one tensor. Moving keeps the buffers where they are.
class Parameters {
 public:
  explicit Parameters(std::vector<ParameterShape> shapes);

  /// The leaf tensor of this name; its gradient adds up in the flat buffer.
  [[nodiscard]] const at::Tensor& at(const std::string& name) const;
  [[nodiscard]] const std::vector<ParameterShape>& shapes() const noexcept { return shapes_; }
  [[nodiscard]] std::int64_t count() const noexcept { return values_.numel(); }
  [[nodiscard]] std::span<float> values() const;
  [[nodiscard]] std::span<float> gradients() const;
  void clear_gradients() const;

  /// Takes values over. Every key must be there, no other one, each with its shape: else refused (kind `input`),
  /// naming the key.
  void load(const Tensors& tensors, const std::string& where) const;
  [[nodiscard]] Tensors tensors() const;
  [[nodiscard]] Tensors gradient_tensors() const;

 private:
  std::vector<ParameterShape> shapes_;
  std::map<std::string, at::Tensor> leaves_;
  at::Tensor values_, gradients_;
};

}  // namespace caton::nn
