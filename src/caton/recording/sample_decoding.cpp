// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/sample_decoding.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "caton/recording/sample_decoding.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace caton::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// One sample: the scalar form that the vectors are held to, and the end of every row.
template <class Number, class T>
T one(const std::uint8_t* from, int width, Number gain, Number offset) {
  std::uint32_t bits = 0;
  for (int byte = 0; byte < width; ++byte) bits |= std::uint32_t{from[byte]} << (8 * (4 - width + byte));
  const std::int32_t number = static_cast<std::int32_t>(bits) >> (8 * (4 - width));
  return static_cast<T>(static_cast<Number>(number) * gain + offset);
}

#if HWY_TARGET != HWY_SCALAR
/// Stored numbers as float32 or float64.
template <class D, class Stored>
HWY_INLINE hn::Vec<D> as_reals(D d, Stored stored) {
  const auto whole = hn::PromoteTo(hn::Rebind<std::int32_t, D>(), stored);
  if constexpr (sizeof(hn::TFromD<D>) == sizeof(std::int32_t))
    return hn::ConvertTo(d, whole);
  else
    return hn::PromoteTo(d, whole);
}
#endif

template <class T>
HWY_INLINE void from_int16(const std::uint8_t* from, std::size_t count, T gain, T offset, T* to) {
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<T> d;
  const hn::Rebind<std::int16_t, decltype(d)> d16;
  const hn::Repartition<std::uint8_t, decltype(d16)> d8;
  const auto scale = hn::Set(d, gain), shift = hn::Set(d, offset);
  const std::size_t lanes = hn::Lanes(d);
  for (; i + lanes <= count; i += lanes) {
    const auto value = as_reals(d, hn::BitCast(d16, hn::LoadU(d8, from + 2 * i)));
    hn::StoreU(hn::Add(hn::Mul(value, scale), shift), d, to + i);
  }
#endif
  for (; i < count; ++i) to[i] = one<T, T>(from + 2 * i, 2, gain, offset);
}

void int16_to_float(const std::uint8_t* from, std::size_t count, float gain, float offset, float* to) {
  from_int16(from, count, gain, offset, to);
}

void int16_to_double(const std::uint8_t* from, std::size_t count, double gain, double offset, double* to) {
  from_int16(from, count, gain, offset, to);
}

void int24_to_float(const std::uint8_t* from, std::size_t count, double gain, double offset, float* to) {
  for (std::size_t i = 0; i < count; ++i) to[i] = one<double, float>(from + 3 * i, 3, gain, offset);
}

void int24_to_double(const std::uint8_t* from, std::size_t count, double gain, double offset, double* to) {
  for (std::size_t i = 0; i < count; ++i) to[i] = one<double, double>(from + 3 * i, 3, gain, offset);
}

}  // namespace caton::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace caton {
namespace {

HWY_EXPORT(int16_to_float);
HWY_EXPORT(int16_to_double);
HWY_EXPORT(int24_to_float);
HWY_EXPORT(int24_to_double);

const std::uint8_t* first_of(Bytes bytes) {
  return static_cast<const std::uint8_t*>(static_cast<const void*>(bytes.data()));
}

}  // namespace

void decode_samples(Bytes from, int width, const Gain& gain, std::span<float> to) {
  assert(from.size() >= to.size() * static_cast<std::size_t>(width));
  if (width == 2) {
    HWY_DYNAMIC_DISPATCH(int16_to_float)
    (first_of(from), to.size(), static_cast<float>(gain.gain), static_cast<float>(gain.offset), to.data());
  } else {
    HWY_DYNAMIC_DISPATCH(int24_to_float)(first_of(from), to.size(), gain.gain, gain.offset, to.data());
  }
}

void decode_samples(Bytes from, int width, const Gain& gain, std::span<double> to) {
  assert(from.size() >= to.size() * static_cast<std::size_t>(width));
  if (width == 2) {
    HWY_DYNAMIC_DISPATCH(int16_to_double)(first_of(from), to.size(), gain.gain, gain.offset, to.data());
  } else {
    HWY_DYNAMIC_DISPATCH(int24_to_double)(first_of(from), to.size(), gain.gain, gain.offset, to.data());
  }
}

}  // namespace caton
#endif
