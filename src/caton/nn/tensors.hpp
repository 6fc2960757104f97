// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/tensor.hpp"
#include "caton/nn/torch.hpp"

/// Between caton's tensors and libtorch's: copies, never shared memory.
namespace caton::nn {

/// float32, float64 and int64 stay what they are; other reals become float32. Refuses whole numbers of other types.
[[nodiscard]] at::Tensor to_torch(const Tensor& tensor);
[[nodiscard]] Tensor from_torch(const at::Tensor& tensor);
/// "[3, 512]", for messages.
[[nodiscard]] std::string shape_text(c10::IntArrayRef shape);

}  // namespace caton::nn
