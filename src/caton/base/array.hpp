// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/pool.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

/// Signals and matrices: `View` looks at values and owns nothing, `Array` owns them.
/// `View<const float, 2>` is how a signal (channels x samples) passes through the doors.
namespace caton {

/// Pointer, extents and strides (in elements); row major unless the strides say otherwise.
template <class T, std::size_t N>
class View {
  static_assert(N >= 1);

 public:
  using Extents = std::array<std::int64_t, N>;

  View() = default;
  View(T* data, const Extents& extents) : data_(data), extents_(extents) {
    std::int64_t step = 1;
    for (std::size_t axis = N; axis-- > 0;) {
      strides_[axis] = step;
      step *= extents_[axis];
    }
  }
  View(T* data, const Extents& extents, const Extents& strides) : data_(data), extents_(extents), strides_(strides) {}
  /// A view of values may always be looked at as a view of constant values.
  template <class U>
  requires(std::is_same_v<T, const U> && !std::is_const_v<U>) View(const View<U, N>& other)
      : data_(other.data()), extents_(other.extents()), strides_(other.strides()) {}

  [[nodiscard]] T* data() const noexcept { return data_; }
  [[nodiscard]] const Extents& extents() const noexcept { return extents_; }
  [[nodiscard]] const Extents& strides() const noexcept { return strides_; }
  [[nodiscard]] std::int64_t extent(std::size_t axis) const noexcept { return extents_[axis]; }
  [[nodiscard]] std::int64_t stride(std::size_t axis) const noexcept { return strides_[axis]; }
  [[nodiscard]] std::int64_t size() const noexcept {
    std::int64_t count = 1;
    for (const auto extent : extents_) count *= extent;
    return count;
  }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// Whether the values lie side by side in row-major order.
  [[nodiscard]] bool contiguous() const noexcept {
    std::int64_t step = 1;
    for (std::size_t axis = N; axis-- > 0;) {
      if (extents_[axis] != 1 && strides_[axis] != step) return false;
      step *= extents_[axis];
    }
    return true;
  }

  template <class... Index>
  requires(sizeof...(Index) == N) [[nodiscard]] T& operator()(Index... index) const noexcept {
    const std::array<std::int64_t, N> at{static_cast<std::int64_t>(index)...};
    std::int64_t offset = 0;
    for (std::size_t axis = 0; axis < N; ++axis) {
      assert(at[axis] >= 0 && at[axis] < extents_[axis]);
      offset += at[axis] * strides_[axis];
    }
    return data_[offset];
  }
  /// Row `index` along the first axis: a view of one axis less, or the value itself for N = 1.
  [[nodiscard]] decltype(auto) operator[](std::int64_t index) const noexcept {
    assert(index >= 0 && index < extents_[0]);
    if constexpr (N == 1) {
      return static_cast<T&>(data_[index * strides_[0]]);
    } else {
      typename View<T, N - 1>::Extents extents, strides;
      std::copy(extents_.begin() + 1, extents_.end(), extents.begin());
      std::copy(strides_.begin() + 1, strides_.end(), strides.begin());
      return View<T, N - 1>(data_ + index * strides_[0], extents, strides);
    }
  }
  /// `count` places of `axis` from `first` on.
  [[nodiscard]] View slice(std::size_t axis, std::int64_t first, std::int64_t count) const noexcept {
    assert(first >= 0 && count >= 0 && first + count <= extents_[axis]);
    Extents extents = extents_;
    extents[axis] = count;
    return View(data_ + first * strides_[axis], extents, strides_);
  }
  /// Axes in the opposite order (N = 2: the transpose), without moving a value.
  [[nodiscard]] View transposed() const noexcept {
    Extents extents = extents_, strides = strides_;
    std::reverse(extents.begin(), extents.end());
    std::reverse(strides.begin(), strides.end());
    return View(data_, extents, strides);
  }

 private:
  T* data_ = nullptr;
  Extents extents_{};
  Extents strides_{};
};

template <class T>
concept Storable = std::is_trivially_copyable_v<T>;

struct Uninitialised {};
/// Tag: leave the values of a new array as they are, because all will be written.
inline constexpr Uninitialised uninitialised{};

/// Owns row-major values in 64-byte aligned memory of the pool. Copies copy the values.
template <Storable T, std::size_t N>
class Array {
 public:
  using Extents = typename View<T, N>::Extents;

  Array() = default;
  explicit Array(const Extents& extents, T value = T{}) : Array(extents, uninitialised) { fill(value); }
  Array(const Extents& extents, Uninitialised)
      : extents_(extents), memory_(static_cast<std::size_t>(count_of(extents)) * sizeof(T)) {}
  explicit Array(View<const T, N> values) : Array(values.extents(), uninitialised) { copy_values(values, view()); }
  Array(const Array& other) : Array(other.extents_, uninitialised) {
    if (size() != 0) std::memcpy(data(), other.data(), static_cast<std::size_t>(size()) * sizeof(T));
  }
  Array(Array&& other) noexcept
      : extents_(std::exchange(other.extents_, Extents{})), memory_(std::move(other.memory_)) {}
  Array& operator=(Array other) noexcept {
    std::swap(extents_, other.extents_);
    std::swap(memory_, other.memory_);
    return *this;
  }
  ~Array() = default;

  [[nodiscard]] T* data() noexcept { return static_cast<T*>(memory_.data()); }
  [[nodiscard]] const T* data() const noexcept { return static_cast<const T*>(memory_.data()); }
  [[nodiscard]] const Extents& extents() const noexcept { return extents_; }
  [[nodiscard]] std::int64_t extent(std::size_t axis) const noexcept { return extents_[axis]; }
  [[nodiscard]] std::int64_t size() const noexcept { return memory_.data() == nullptr ? 0 : count_of(extents_); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] View<T, N> view() noexcept { return {data(), extents_}; }
  [[nodiscard]] View<const T, N> view() const noexcept { return {data(), extents_}; }
  operator View<T, N>() noexcept { return view(); }
  operator View<const T, N>() const noexcept { return view(); }
  template <class... Index>
  [[nodiscard]] T& operator()(Index... index) noexcept {
    return view()(index...);
  }
  template <class... Index>
  [[nodiscard]] const T& operator()(Index... index) const noexcept {
    return view()(index...);
  }
  [[nodiscard]] decltype(auto) operator[](std::int64_t index) noexcept { return view()[index]; }
  [[nodiscard]] decltype(auto) operator[](std::int64_t index) const noexcept { return view()[index]; }
  [[nodiscard]] T* begin() noexcept { return data(); }
  [[nodiscard]] T* end() noexcept { return data() + size(); }
  [[nodiscard]] const T* begin() const noexcept { return data(); }
  [[nodiscard]] const T* end() const noexcept { return data() + size(); }
  void fill(T value) { std::fill(begin(), end(), value); }

 private:
  static std::int64_t count_of(const Extents& extents) noexcept {
    std::int64_t count = 1;
    for (const auto extent : extents) count *= extent;
    return count;
  }
  template <class From, class To>
  static void copy_values(const From& from, const To& to) {
    if constexpr (N == 1) {
      for (std::int64_t i = 0; i < from.extent(0); ++i) to[i] = from[i];
    } else {
      for (std::int64_t i = 0; i < from.extent(0); ++i) Array<T, N - 1>::copy_into(from[i], to[i]);
    }
  }
  template <Storable U, std::size_t M>
  friend class Array;
  static void copy_into(View<const T, N> from, View<T, N> to) { copy_values(from, to); }

  Extents extents_{};
  Memory memory_;
};

using Signal = View<const double, 2>;      ///< channels x samples
using FloatSignal = View<const float, 2>;  ///< channels x samples
using Matrix = Array<double, 2>;
using Vector = Array<double, 1>;

}  // namespace caton
