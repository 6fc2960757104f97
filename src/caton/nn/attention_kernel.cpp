// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "caton/nn/attention_kernel.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "caton/nn/product-inl.hpp"

#include <hwy/cache_control.h>
#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace caton::nn::HWY_NAMESPACE {

/// Sizes of one call, and the small matrices of one head, with rows filled up to whole vectors.
struct HeadSpace {
  explicit HeadSpace(const AttentionShape& shape)
      : lanes(hn::Lanes(Floats())),
        tokens(static_cast<std::size_t>(shape.tokens)),
        width(static_cast<std::size_t>(shape.head_dim)),
        inner(static_cast<std::size_t>(shape.heads) * width),
        padded_tokens((tokens + lanes - 1) / lanes * lanes),
        padded_width((width + lanes - 1) / lanes * lanes),
        scale(1.0F / std::sqrt(static_cast<float>(shape.head_dim))),
        turned(width * padded_tokens),
        scores(tokens * padded_tokens),
        dropped(tokens * padded_tokens),
        packed(3 * tokens * padded_width),
        result(tokens * padded_width),
        factors(static_cast<std::size_t>(shape.heads) * tokens * tokens) {}

  std::size_t lanes, tokens, width, inner, padded_tokens, padded_width;
  float scale;
  std::vector<float> turned, scores, dropped, packed, result, factors;
};

/// Asks for the next sample's rows, which the head-wise walk would otherwise wait for.
void fetch_ahead(const float* values, std::size_t count) {
  for (std::size_t i = 0; i < count; i += 16) hwy::Prefetch(values + i);
}

/// x (tokens x width) as width x padded tokens.
void turn(const HeadSpace& s, const float* x, std::size_t row_step, float* out) {
  const std::size_t width = s.width, step = s.padded_tokens;
  for (std::size_t j = 0; j < s.tokens; ++j) {
    for (std::size_t k = 0; k < width; ++k) out[k * step + j] = x[j * row_step + k];
  }
}

struct Rows {
  const float* data;
  std::size_t step;
};
/// Rows that may be read in whole vectors: the rows themselves, or a filled-up copy in `place`.
Rows readable(const HeadSpace& s, const float* x, std::size_t row_step, float* place) {
  if (s.width == s.padded_width) return {x, row_step};
  for (std::size_t j = 0; j < s.tokens; ++j)
    std::memcpy(place + j * s.padded_width, x + j * row_step, s.width * sizeof(float));
  return {place, s.padded_width};
}

/// out (tokens x width) = a (tokens x tokens, or its transpose) · b.
void multiply_rows(HeadSpace& s, const float* a, bool transposed, const Rows& b, float* out, std::size_t row_step) {
  const bool direct = s.width == s.padded_width;
  product({.a = a,
           .a_row = transposed ? 1 : s.padded_tokens,
           .a_column = transposed ? s.padded_tokens : 1,
           .b = b.data,
           .b_row = b.step,
           .c = direct ? out : s.result.data(),
           .c_row = direct ? row_step : s.padded_width,
           .rows = s.tokens,
           .inner = s.tokens},
          s.width);
  if (direct) return;
  for (std::size_t j = 0; j < s.tokens; ++j)
    std::memcpy(out + j * row_step, s.result.data() + j * s.padded_width, s.width * sizeof(float));
}

void softmax_row(float* row, std::size_t count, std::size_t padded) {
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  std::fill(row + count, row + padded, -std::numeric_limits<float>::infinity());
  auto largest = hn::LoadU(d, row);
  for (std::size_t j = lanes; j < padded; j += lanes) largest = hn::Max(largest, hn::LoadU(d, row + j));
  const auto top = hn::Set(d, hn::GetLane(hn::MaxOfLanes(d, largest)));
  auto sum = hn::Zero(d);
  for (std::size_t j = 0; j < padded; j += lanes) {
    const auto value = hn::CallExp(d, hn::Sub(hn::LoadU(d, row + j), top));
    hn::StoreU(value, d, row + j);
    sum = hn::Add(sum, value);
  }
  const auto inverse = hn::Set(d, 1.0F / hn::GetLane(hn::SumOfLanes(d, sum)));
  for (std::size_t j = 0; j < padded; j += lanes) hn::StoreU(hn::Mul(hn::LoadU(d, row + j), inverse), d, row + j);
}

void attention_forward_all(const AttentionShape& shape, const float* qkv, KeepFactors* keep, float* weights,
                           float* out) {
  HeadSpace s(shape);
  const std::size_t step = 3 * s.inner;
  for (std::int64_t sample = 0; sample < shape.batch; ++sample) {
    if (keep != nullptr) keep->next(s.factors);
    if (sample + 1 < shape.batch)
      fetch_ahead(qkv + static_cast<std::size_t>(sample + 1) * s.tokens * step, s.tokens * step);
    for (std::size_t head = 0; head < static_cast<std::size_t>(shape.heads); ++head) {
      const float* const q = qkv + static_cast<std::size_t>(sample) * s.tokens * step + head * s.width;
      turn(s, q + s.inner, step, s.turned.data());
      product({.a = q,
               .a_row = step,
               .b = s.turned.data(),
               .b_row = s.padded_tokens,
               .c = s.scores.data(),
               .c_row = s.padded_tokens,
               .rows = s.tokens,
               .inner = s.width,
               .scale = s.scale},
              s.tokens);
      for (std::size_t i = 0; i < s.tokens; ++i) {
        float* const row = s.scores.data() + i * s.padded_tokens;
        softmax_row(row, s.tokens, s.padded_tokens);
        if (weights != nullptr) {
          std::memcpy(weights, row, s.tokens * sizeof(float));
          weights += s.tokens;
        }
        if (keep == nullptr) continue;
        const float* const factor = s.factors.data() + (head * s.tokens + i) * s.tokens;
        for (std::size_t j = 0; j < s.tokens; ++j) row[j] *= factor[j];
      }
      const Rows v = readable(s, q + 2 * s.inner, step, s.packed.data());
      multiply_rows(s, s.scores.data(), false, v,
                    out + static_cast<std::size_t>(sample) * s.tokens * s.inner + head * s.width, s.inner);
    }
  }
}

/// Turns `scores` (gradient of the dropped weights) into the gradient of q·kᵀ, and puts the dropped weights beside.
void softmax_backward(HeadSpace& s, const float* weights, const float* factors) {
  for (std::size_t i = 0; i < s.tokens; ++i) {
    float* const gradient = s.scores.data() + i * s.padded_tokens;
    const float* const weight = weights + i * s.tokens;
    float along = 0;
    for (std::size_t j = 0; j < s.tokens; ++j) {
      if (factors != nullptr) gradient[j] *= factors[i * s.tokens + j];
      along += gradient[j] * weight[j];
    }
    for (std::size_t j = 0; j < s.tokens; ++j) gradient[j] = weight[j] * (gradient[j] - along) * s.scale;
  }
}

void attention_backward_all(const AttentionShape& shape, const float* qkv, const float* weights, const float* gradient,
                            KeepFactors* keep, float* qkv_gradient) {
  HeadSpace s(shape);
  const std::size_t step = 3 * s.inner;
  for (std::int64_t sample = 0; sample < shape.batch; ++sample) {
    if (keep != nullptr) keep->next(s.factors);
    if (sample + 1 < shape.batch)
      fetch_ahead(qkv + static_cast<std::size_t>(sample + 1) * s.tokens * step, s.tokens * step);
    for (std::size_t head = 0; head < static_cast<std::size_t>(shape.heads); ++head, weights += s.tokens * s.tokens) {
      const std::size_t place = static_cast<std::size_t>(sample) * s.tokens * step + head * s.width;
      const float* const q = qkv + place;
      float* const q_gradient = qkv_gradient + place;
      const float* const factors = keep != nullptr ? s.factors.data() + head * s.tokens * s.tokens : nullptr;
      const float* const from = gradient + static_cast<std::size_t>(sample) * s.tokens * s.inner + head * s.width;
      for (std::size_t i = 0; i < s.tokens; ++i) {
        for (std::size_t j = 0; j < s.tokens; ++j) {
          const std::size_t at = i * s.tokens + j;
          s.dropped[i * s.padded_tokens + j] = factors != nullptr ? weights[at] * factors[at] : weights[at];
        }
      }
      const std::size_t matrix = s.tokens * s.padded_width;
      const Rows rows = readable(s, from, s.inner, s.packed.data());
      multiply_rows(s, s.dropped.data(), true, rows, q_gradient + 2 * s.inner, step);
      turn(s, q + 2 * s.inner, step, s.turned.data());
      product({.a = from,
               .a_row = s.inner,
               .b = s.turned.data(),
               .b_row = s.padded_tokens,
               .c = s.scores.data(),
               .c_row = s.padded_tokens,
               .rows = s.tokens,
               .inner = s.width},
              s.tokens);
      softmax_backward(s, weights, factors);
      const Rows keys = readable(s, q + s.inner, step, s.packed.data() + matrix);
      multiply_rows(s, s.scores.data(), false, keys, q_gradient, step);
      const Rows queries = readable(s, q, step, s.packed.data() + 2 * matrix);
      multiply_rows(s, s.scores.data(), true, queries, q_gradient + s.inner, step);
    }
  }
}

}  // namespace caton::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace caton::nn {
namespace {
HWY_EXPORT(attention_forward_all);
HWY_EXPORT(attention_backward_all);
}  // namespace

void attention_forward(const AttentionShape& shape, const float* qkv, KeepFactors* keep, float* weights, float* out) {
  HWY_DYNAMIC_DISPATCH(attention_forward_all)(shape, qkv, keep, weights, out);
}
void attention_backward(const AttentionShape& shape, const float* qkv, const float* weights, const float* gradient,
                        KeepFactors* keep, float* qkv_gradient) {
  HWY_DYNAMIC_DISPATCH(attention_backward_all)(shape, qkv, weights, gradient, keep, qkv_gradient);
}

}  // namespace caton::nn
#endif
