// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/kernels.hpp"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "caton/nn/kernels.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace caton::nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using V = hn::Vec<Floats>;

/// Applies `body(vector tag, first)` to all values: whole vectors, then one value at a time.
template <class Body>
HWY_INLINE void for_all(std::size_t count, const Body& body) {
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) body(d, i);
  const hn::CappedTag<float, 1> one;
  for (; i < count; ++i) body(one, i);
}

/// Sixteen words make 32 factors: first from their low halves, then from their high halves.
void factors_from_bits(const std::uint32_t* bits, std::uint32_t threshold, float scale, float* out,
                       std::size_t blocks) {
  const hn::CappedTag<std::uint32_t, 16> d;
  const hn::Rebind<float, decltype(d)> df;
  const std::size_t lanes = hn::Lanes(d);
  const hn::RebindToSigned<decltype(d)> di;
  const auto below = hn::Set(di, static_cast<std::int32_t>(threshold) - 1);
  const auto kept = hn::Set(df, scale);
  const auto factor = [&](auto half) HWY_ATTR {
    return hn::IfThenElseZero(hn::RebindMask(df, hn::Gt(hn::BitCast(di, half), below)), kept);
  };
  for (std::size_t block = 0; block < blocks; ++block) {
    for (std::size_t i = 0; i < 16; i += lanes) {
      const auto words = hn::LoadU(d, bits + 16 * block + i);
      hn::StoreU(factor(hn::And(words, hn::Set(d, 0xFFFFU))), df, out + 32 * block + i);
      hn::StoreU(factor(hn::ShiftRight<16>(words)), df, out + 32 * block + 16 + i);
    }
  }
}

void add_scaled_chunk(const float* h, const float* x, const float* factors, float* out, std::size_t count) {
  for_all(count, [&](auto d, std::size_t i) HWY_ATTR {
    auto value = hn::LoadU(d, x + i);
    if (factors != nullptr) value = hn::Mul(value, hn::LoadU(d, factors + i));
    if (h != nullptr) value = hn::Add(value, hn::LoadU(d, h + i));
    hn::StoreU(value, d, out + i);
  });
}

/// erf as a quotient of polynomials on [-4, 4] (the coefficients of Eigen's generic_fast_erf_float).
template <class D, class X>
HWY_INLINE X error_function(D d, X argument) {
  const auto x = hn::Min(hn::Max(argument, hn::Set(d, -4.0F)), hn::Set(d, 4.0F));
  const auto x2 = hn::Mul(x, x);
  auto p = hn::MulAdd(x2, hn::Set(d, -2.72614225801306e-10F), hn::Set(d, 2.77068142495902e-08F));
  p = hn::MulAdd(x2, p, hn::Set(d, -2.10102402082508e-06F));
  p = hn::MulAdd(x2, p, hn::Set(d, -5.69250639462346e-05F));
  p = hn::MulAdd(x2, p, hn::Set(d, -7.34990630326855e-04F));
  p = hn::MulAdd(x2, p, hn::Set(d, -2.95459980854025e-03F));
  p = hn::MulAdd(x2, p, hn::Set(d, -1.60960333262415e-02F));
  auto q = hn::MulAdd(x2, hn::Set(d, -1.45660718464996e-05F), hn::Set(d, -2.13374055278905e-04F));
  q = hn::MulAdd(x2, q, hn::Set(d, -1.68282697438203e-03F));
  q = hn::MulAdd(x2, q, hn::Set(d, -7.37332916720468e-03F));
  q = hn::MulAdd(x2, q, hn::Set(d, -1.42647390514189e-02F));
  return hn::Div(hn::Mul(x, p), q);
}

template <class D, class X>
HWY_INLINE X normal_distribution(D d, X x) {
  const auto half = hn::Set(d, 0.5F);
  return hn::MulAdd(half, error_function(d, hn::Mul(x, hn::Set(d, 0.70710678118654752F))), half);
}

void gelu_chunk(const float* x, const float* factors, float* out, std::size_t count) {
  for_all(count, [&](auto d, std::size_t i) HWY_ATTR {
    const auto value = hn::LoadU(d, x + i);
    auto result = hn::Mul(value, normal_distribution(d, value));
    if (factors != nullptr) result = hn::Mul(result, hn::LoadU(d, factors + i));
    hn::StoreU(result, d, out + i);
  });
}

void gelu_backward_chunk(const float* x, const float* gradient, const float* factors, float* out, std::size_t count) {
  for_all(count, [&](auto d, std::size_t i) HWY_ATTR {
    const auto value = hn::LoadU(d, x + i);
    const auto density =
        hn::Mul(hn::CallExp(d, hn::Mul(hn::Mul(value, value), hn::Set(d, -0.5F))), hn::Set(d, 0.39894228040143268F));
    auto result = hn::Mul(hn::LoadU(d, gradient + i), hn::MulAdd(value, density, normal_distribution(d, value)));
    if (factors != nullptr) result = hn::Mul(result, hn::LoadU(d, factors + i));
    hn::StoreU(result, d, out + i);
  });
}

void adam_all(const AdamBuffers& b, const AdamCoefficients& c) {
  for_all(b.count, [&](auto d, std::size_t i) HWY_ATTR {
    const auto value = hn::LoadU(d, b.parameters + i);
    const auto gradient = hn::MulAdd(hn::Set(d, c.gradient_decay), value, hn::LoadU(d, b.gradients + i));
    const auto first = hn::MulAdd(hn::Set(d, c.one_minus_beta1), gradient,
                                  hn::Mul(hn::Set(d, c.beta1), hn::LoadU(d, b.first_moment + i)));
    const auto second = hn::MulAdd(hn::Mul(hn::Set(d, c.one_minus_beta2), gradient), gradient,
                                   hn::Mul(hn::Set(d, c.beta2), hn::LoadU(d, b.second_moment + i)));
    hn::StoreU(first, d, b.first_moment + i);
    hn::StoreU(second, d, b.second_moment + i);
    const auto root = hn::Add(hn::Div(hn::Sqrt(second), hn::Set(d, c.root_correction2)), hn::Set(d, c.epsilon));
    const auto kept = hn::Mul(value, hn::Set(d, c.keep));
    hn::StoreU(hn::NegMulAdd(hn::Set(d, c.step_size), hn::Div(first, root), kept), d, b.parameters + i);
  });
}

}  // namespace caton::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace caton::nn {
namespace {

HWY_EXPORT(factors_from_bits);
HWY_EXPORT(add_scaled_chunk);
HWY_EXPORT(gelu_chunk);
HWY_EXPORT(gelu_backward_chunk);
HWY_EXPORT(adam_all);

/// How many values are treated at a time: factors and values stay in the first cache.
constexpr std::size_t chunk_size = 2048;

/// Runs `body(first, count, factors)` over chunks; `factors` is null when nothing is dropped.
template <class Body>
void by_chunks(std::size_t count, KeepFactors* keep, const Body& body) {
  if (keep == nullptr) return body(std::size_t{0}, count, static_cast<const float*>(nullptr));
  std::vector<float> factors(std::min(count, chunk_size));
  for (std::size_t first = 0; first < count; first += chunk_size) {
    const std::size_t size = std::min(chunk_size, count - first);
    keep->next({factors.data(), size});
    body(first, size, static_cast<const float*>(factors.data()));
  }
}

}  // namespace

KeepFactors::KeepFactors(double rate, const RandomStream& random)
    : random_(random),
      threshold_(static_cast<std::uint32_t>(std::lround(std::clamp(rate, 0.0, 0.999) * 65536))),
      scale_(65536.0F / static_cast<float>(65536 - threshold_)) {}

void KeepFactors::next(std::span<float> factors) {
  const std::size_t blocks = (factors.size() + 31) / 32, whole = factors.size() / 32;
  bits_.resize(16 * blocks);
  random_.fill(bits_);
  const auto convert = HWY_DYNAMIC_DISPATCH(factors_from_bits);
  convert(bits_.data(), threshold_, scale_, factors.data(), whole);
  if (whole == blocks) return;
  float last[32];
  convert(bits_.data() + 16 * whole, threshold_, scale_, last, 1);
  std::copy(last, last + factors.size() % 32, factors.data() + 32 * whole);
}

void add_scaled(const float* h, const float* x, KeepFactors* keep, float* out, std::size_t count) {
  by_chunks(count, keep, [&](std::size_t first, std::size_t size, const float* factors) {
    HWY_DYNAMIC_DISPATCH(add_scaled_chunk)(h != nullptr ? h + first : nullptr, x + first, factors, out + first, size);
  });
}
void gelu_forward(const float* x, KeepFactors* keep, float* out, std::size_t count) {
  by_chunks(count, keep, [&](std::size_t first, std::size_t size, const float* factors) {
    HWY_DYNAMIC_DISPATCH(gelu_chunk)(x + first, factors, out + first, size);
  });
}
void gelu_backward(const float* x, const float* gradient, KeepFactors* keep, float* out, std::size_t count) {
  by_chunks(count, keep, [&](std::size_t first, std::size_t size, const float* factors) {
    HWY_DYNAMIC_DISPATCH(gelu_backward_chunk)(x + first, gradient + first, factors, out + first, size);
  });
}
void adam_step(const AdamBuffers& buffers, const AdamCoefficients& coefficients) {
  HWY_DYNAMIC_DISPATCH(adam_all)(buffers, coefficients);
}

}  // namespace caton::nn
#endif
