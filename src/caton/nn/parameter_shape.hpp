// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/tensor.hpp"

#include <string>
#include <vector>

namespace caton::nn {

/// One parameter of a network, under the authors' state_dict key.
struct ParameterShape {
  std::string name;
  std::vector<std::int64_t> shape;
};

/// Refuses (kind `input`) tensors that are not exactly these parameters, naming the key that is missing, surplus or of
/// another shape; before anything is allocated for them.
void check_parameters(const std::vector<ParameterShape>& shapes, const Tensors& tensors, const std::string& where);

/// How many numbers they are; refused when they overflow.
[[nodiscard]] std::int64_t parameter_count(const std::vector<ParameterShape>& shapes);

}  // namespace caton::nn
