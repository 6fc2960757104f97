// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// Types of numbers in files and at the ports of operations.
enum class Dtype { f64, f32, f16, bf16, i64, i32, i16, i8, u64, u32, u16, u8, boolean };

[[nodiscard]] std::size_t dtype_bytes(Dtype dtype) noexcept;
/// The safetensors name: "F32", "I64", "BOOL".
[[nodiscard]] const char* dtype_name(Dtype dtype) noexcept;

template <class T>
inline constexpr Dtype dtype_of = [] {
  if constexpr (std::is_same_v<T, double>)
    return Dtype::f64;
  else if constexpr (std::is_same_v<T, float>)
    return Dtype::f32;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return Dtype::i64;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return Dtype::i32;
  else if constexpr (std::is_same_v<T, std::int16_t>)
    return Dtype::i16;
  else if constexpr (std::is_same_v<T, std::int8_t>)
    return Dtype::i8;
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    return Dtype::u64;
  else if constexpr (std::is_same_v<T, std::uint32_t>)
    return Dtype::u32;
  else if constexpr (std::is_same_v<T, std::uint16_t>)
    return Dtype::u16;
  else
    return Dtype::u8;
}();

/// Row-major numbers whose type and rank are known only at run time: what passes between files, operations and
/// networks.
class Tensor {
 public:
  using Shape = std::vector<std::int64_t>;

  Tensor() = default;
  Tensor(Dtype dtype, Shape shape);  ///< zeros
  template <class T>
  Tensor(Shape shape, std::span<const T> values) : Tensor(dtype_of<T>, std::move(shape)) {
    check_count(values.size());
    if (!values.empty()) std::memcpy(memory_.data(), values.data(), values.size_bytes());
  }
  template <class T>
  Tensor(Shape shape, const std::vector<T>& values) : Tensor(std::move(shape), std::span<const T>(values)) {}
  template <class T>
  [[nodiscard]] static Tensor vector(const std::vector<T>& values) {
    return Tensor({static_cast<std::int64_t>(values.size())}, values);
  }
  [[nodiscard]] static Tensor scalar(double value) { return Tensor({}, std::vector<double>{value}); }
  template <class T, std::size_t N>
  [[nodiscard]] static Tensor of(View<const T, N> values) {
    Tensor tensor(dtype_of<T>, Shape(values.extents().begin(), values.extents().end()));
    const Array<T, N> packed(values);
    if (packed.size() != 0)
      std::memcpy(tensor.memory_.data(), packed.data(), static_cast<std::size_t>(packed.size()) * sizeof(T));
    return tensor;
  }
  template <class T, std::size_t N>
  [[nodiscard]] static Tensor of(const Array<T, N>& values) {
    return of(values.view());
  }

  Tensor(const Tensor& other);
  Tensor(Tensor&& other) noexcept = default;
  Tensor& operator=(Tensor other) noexcept {
    std::swap(dtype_, other.dtype_);
    std::swap(shape_, other.shape_);
    std::swap(memory_, other.memory_);
    return *this;
  }
  ~Tensor() = default;

  [[nodiscard]] Dtype dtype() const noexcept { return dtype_; }
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] std::size_t rank() const noexcept { return shape_.size(); }
  [[nodiscard]] std::int64_t extent(std::size_t axis) const { return shape_.at(axis); }
  [[nodiscard]] std::int64_t size() const noexcept;
  [[nodiscard]] std::size_t bytes() const noexcept { return static_cast<std::size_t>(size()) * dtype_bytes(dtype_); }
  [[nodiscard]] void* data() noexcept { return memory_.data(); }
  [[nodiscard]] const void* data() const noexcept { return memory_.data(); }

  /// The values as they are stored; an `Error` of kind `input` naming `what` when they are of another type.
  template <class T>
  [[nodiscard]] std::span<const T> values(std::string_view what = "tensor") const {
    check_dtype(dtype_of<T>, what);
    return {static_cast<const T*>(memory_.data()), static_cast<std::size_t>(size())};
  }
  template <class T>
  [[nodiscard]] std::span<T> values(std::string_view what = "tensor") {
    check_dtype(dtype_of<T>, what);
    return {static_cast<T*>(memory_.data()), static_cast<std::size_t>(size())};
  }
  /// A view of rank N; refuses (word `shape`) another rank.
  template <class T, std::size_t N>
  [[nodiscard]] View<const T, N> view(std::string_view what = "tensor") const {
    check_rank(N, what);
    typename View<const T, N>::Extents extents;
    std::copy(shape_.begin(), shape_.end(), extents.begin());
    return {values<T>(what).data(), extents};
  }
  /// Converted copies, whatever the stored type (reals to whole numbers are refused).
  [[nodiscard]] std::vector<double> doubles() const;
  [[nodiscard]] std::vector<std::int64_t> integers(std::string_view what = "tensor") const;
  template <std::size_t N>
  [[nodiscard]] Array<double, N> array(std::string_view what = "tensor") const {
    check_rank(N, what);
    typename Array<double, N>::Extents extents;
    std::copy(shape_.begin(), shape_.end(), extents.begin());
    Array<double, N> result(extents, uninitialised);
    const auto all = doubles();
    std::copy(all.begin(), all.end(), result.begin());
    return result;
  }
  [[nodiscard]] Tensor reshaped(Shape shape) const;
  /// "F64[3, 512]".
  [[nodiscard]] std::string about() const;

 private:
  void check_count(std::size_t count) const;
  void check_dtype(Dtype wanted, std::string_view what) const;
  void check_rank(std::size_t wanted, std::string_view what) const;

  Dtype dtype_ = Dtype::f64;
  Shape shape_{0};
  Memory memory_;
};

using Tensors = std::map<std::string, Tensor>;

}  // namespace caton
