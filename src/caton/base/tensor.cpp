// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/tensor.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <bit>
#include <cmath>
#include <cstring>

namespace caton {
namespace {

double from_half(std::uint16_t bits) noexcept {
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  const int exponent = (bits >> 10) & 31;
  const int fraction = bits & 1023;
  if (exponent == 0) return sign * fraction * 0x1p-24;
  if (exponent == 31)
    return fraction != 0 ? std::bit_cast<double>(0x7FF8000000000000ULL)
                         : sign * std::bit_cast<double>(0x7FF0000000000000ULL);
  return sign * (1024 + fraction) * std::bit_cast<double>(static_cast<std::uint64_t>(exponent - 25 + 1023) << 52);
}
double from_bfloat(std::uint16_t bits) noexcept {
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16));
}

template <class Stored, class Convert>
void convert_all(const void* data, std::vector<double>& out, Convert convert) {
  const auto* const from = static_cast<const Stored*>(data);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = convert(from[i]);
}
template <class Stored>
void widen_all(const void* data, std::vector<double>& out) {
  convert_all<Stored>(data, out, [](Stored value) { return static_cast<double>(value); });
}

std::int64_t count_of(const Tensor::Shape& shape) {
  std::int64_t count = 1;
  for (const auto extent : shape) {
    if (extent < 0 || __builtin_mul_overflow(count, extent, &count)) throw usage_error("tensor", "its shape overflows");
  }
  return count;
}

}  // namespace

std::size_t dtype_bytes(Dtype dtype) noexcept {
  switch (dtype) {
    case Dtype::f64:
    case Dtype::i64:
    case Dtype::u64: return 8;
    case Dtype::f32:
    case Dtype::i32:
    case Dtype::u32: return 4;
    case Dtype::f16:
    case Dtype::bf16:
    case Dtype::i16:
    case Dtype::u16: return 2;
    default: return 1;
  }
}

const char* dtype_name(Dtype dtype) noexcept {
  switch (dtype) {
    case Dtype::f64: return "F64";
    case Dtype::f32: return "F32";
    case Dtype::f16: return "F16";
    case Dtype::bf16: return "BF16";
    case Dtype::i64: return "I64";
    case Dtype::i32: return "I32";
    case Dtype::i16: return "I16";
    case Dtype::i8: return "I8";
    case Dtype::u64: return "U64";
    case Dtype::u32: return "U32";
    case Dtype::u16: return "U16";
    case Dtype::u8: return "U8";
    case Dtype::boolean: return "BOOL";
  }
  return "F64";
}

Tensor::Tensor(Dtype dtype, Shape shape)
    : dtype_(dtype),
      shape_(std::move(shape)),
      memory_(static_cast<std::size_t>(count_of(shape_)) * dtype_bytes(dtype)) {
  if (bytes() != 0) std::memset(memory_.data(), 0, bytes());
}

Tensor::Tensor(const Tensor& other) : dtype_(other.dtype_), shape_(other.shape_), memory_(other.bytes()) {
  if (bytes() != 0) std::memcpy(memory_.data(), other.memory_.data(), bytes());
}

std::int64_t Tensor::size() const noexcept {
  std::int64_t count = 1;
  for (const auto extent : shape_) count *= extent;
  return count;
}

std::vector<double> Tensor::doubles() const {
  std::vector<double> out(static_cast<std::size_t>(size()));
  const void* const from = memory_.data();
  switch (dtype_) {
    case Dtype::f64: widen_all<double>(from, out); break;
    case Dtype::f32: widen_all<float>(from, out); break;
    case Dtype::f16: convert_all<std::uint16_t>(from, out, from_half); break;
    case Dtype::bf16: convert_all<std::uint16_t>(from, out, from_bfloat); break;
    case Dtype::i64: widen_all<std::int64_t>(from, out); break;
    case Dtype::i32: widen_all<std::int32_t>(from, out); break;
    case Dtype::i16: widen_all<std::int16_t>(from, out); break;
    case Dtype::i8: widen_all<std::int8_t>(from, out); break;
    case Dtype::u64: widen_all<std::uint64_t>(from, out); break;
    case Dtype::u32: widen_all<std::uint32_t>(from, out); break;
    case Dtype::u16: widen_all<std::uint16_t>(from, out); break;
    case Dtype::u8:
    case Dtype::boolean: widen_all<std::uint8_t>(from, out); break;
  }
  return out;
}

std::vector<std::int64_t> Tensor::integers(std::string_view what) const {
  if (dtype_ == Dtype::i64) {
    const auto stored = values<std::int64_t>(what);
    return {stored.begin(), stored.end()};
  }
  if (dtype_ == Dtype::u64) throw input_error(std::string(what), "whole numbers are needed, found " + about());
  constexpr double largest = 9007199254740992;  // 2^53: up to here every whole number is a double
  std::vector<std::int64_t> out;
  for (const double value : doubles()) {
    if (!(std::abs(value) <= largest) || value != std::trunc(value))
      throw input_error(std::string(what),
                        "whole numbers are needed, found " + about() + " with " + number_text(value));
    out.push_back(static_cast<std::int64_t>(value));
  }
  return out;
}

Tensor Tensor::reshaped(Shape shape) const {
  Tensor result(*this);
  if (count_of(shape) != size()) throw usage_error("tensor", "shape: " + about() + " cannot be reshaped");
  result.shape_ = std::move(shape);
  return result;
}

std::string Tensor::about() const {
  std::string text = std::string(dtype_name(dtype_)) + "[";
  for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
    if (axis != 0) text += ", ";
    text += std::to_string(shape_[axis]);
  }
  return text + "]";
}

void Tensor::check_count(std::size_t count) const {
  if (count != static_cast<std::size_t>(size())) {
    throw usage_error("tensor", "shape: " + about() + " does not hold " + std::to_string(count) + " values");
  }
}
void Tensor::check_dtype(Dtype wanted, std::string_view what) const {
  if (dtype_ != wanted) {
    throw input_error(std::string(what),
                      std::string("values of type ") + dtype_name(wanted) + " are needed, found " + about());
  }
}
void Tensor::check_rank(std::size_t wanted, std::string_view what) const {
  if (rank() != wanted) {
    throw input_error(std::string(what), "shape: " + std::to_string(wanted) + " axes are needed, found " + about());
  }
}

}  // namespace caton
