// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/tensors.hpp"

#include "caton/base/error.hpp"

#include <cstring>

namespace caton::nn {
namespace {

template <class T>
Tensor copied(const at::Tensor& packed) {
  return Tensor(packed.sizes().vec(),
                std::span<const T>(packed.data_ptr<T>(), static_cast<std::size_t>(packed.numel())));
}

at::Tensor filled(c10::IntArrayRef shape, at::ScalarType type, const void* values, std::size_t bytes) {
  at::Tensor result = at::empty(shape, type);
  if (bytes != 0) std::memcpy(result.data_ptr(), values, bytes);
  return result;
}

}  // namespace

at::Tensor to_torch(const Tensor& tensor) {
  switch (tensor.dtype()) {
    case Dtype::f32: return filled(tensor.shape(), at::kFloat, tensor.data(), tensor.bytes());
    case Dtype::f64: return filled(tensor.shape(), at::kDouble, tensor.data(), tensor.bytes());
    case Dtype::i64: return filled(tensor.shape(), at::kLong, tensor.data(), tensor.bytes());
    case Dtype::f16:
    case Dtype::bf16: {
      const auto values = tensor.doubles();
      return filled(tensor.shape(), at::kDouble, values.data(), values.size() * sizeof(double)).to(at::kFloat);
    }
    default: throw input_error("tensor", "networks take F32, F64 or I64, found " + tensor.about());
  }
}

Tensor from_torch(const at::Tensor& tensor) {
  const at::Tensor packed = tensor.detach().contiguous();
  switch (packed.scalar_type()) {
    case at::kFloat: return copied<float>(packed);
    case at::kDouble: return copied<double>(packed);
    case at::kLong: return copied<std::int64_t>(packed);
    default: return copied<float>(packed.to(at::kFloat).contiguous());
  }
}

std::string shape_text(c10::IntArrayRef shape) {
  std::string text = "[";
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (axis != 0) text += ", ";
    text += std::to_string(shape[axis]);
  }
  return text + "]";
}

}  // namespace caton::nn
