// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/kernels.hpp"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "caton/nn/norm_kernel.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace caton::nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;

/// Sum over j of body(j) for a whole row; the rest that fills no vector is added one by one.
template <class Vector, class Scalar>
HWY_INLINE float row_sum(std::size_t width, const Vector& vector, const Scalar& scalar) {
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  auto sum = hn::Zero(d);
  std::size_t j = 0;
  for (; j + lanes <= width; j += lanes) sum = hn::Add(sum, vector(j));
  float total = j == 0 ? 0 : hn::GetLane(hn::SumOfLanes(d, sum));
  for (; j < width; ++j) total += scalar(j);
  return total;
}

template <class Vector, class Scalar>
HWY_INLINE void for_row(std::size_t width, const Vector& vector, const Scalar& scalar) {
  const std::size_t lanes = hn::Lanes(Floats());
  std::size_t j = 0;
  for (; j + lanes <= width; j += lanes) vector(j);
  for (; j < width; ++j) scalar(j);
}

void norm_forward(const NormShape& shape, const float* x, const float* weight, const float* bias, float* out,
                  float* means, float* inverse_deviations) {
  const Floats d;
  const auto width = static_cast<float>(shape.width);
  for (std::size_t row = 0; row < shape.rows; ++row, x += shape.width, out += shape.width) {
    const float mean = row_sum(
                           shape.width, [&](std::size_t j) HWY_ATTR { return hn::LoadU(d, x + j); },
                           [&](std::size_t j) HWY_ATTR { return x[j]; }) /
                       width;
    const auto centre = hn::Set(d, mean);
    const float variance = row_sum(
                               shape.width,
                               [&](std::size_t j) HWY_ATTR {
                                 const auto off = hn::Sub(hn::LoadU(d, x + j), centre);
                                 return hn::Mul(off, off);
                               },
                               [&](std::size_t j) HWY_ATTR { return (x[j] - mean) * (x[j] - mean); }) /
                           width;
    const float inverse = 1.0F / std::sqrt(variance + shape.epsilon);
    const auto factor = hn::Set(d, inverse);
    for_row(
        shape.width,
        [&](std::size_t j) HWY_ATTR {
          const auto normal = hn::Mul(hn::Sub(hn::LoadU(d, x + j), centre), factor);
          hn::StoreU(hn::MulAdd(normal, hn::LoadU(d, weight + j), hn::LoadU(d, bias + j)), d, out + j);
        },
        [&](std::size_t j) HWY_ATTR { out[j] = (x[j] - mean) * inverse * weight[j] + bias[j]; });
    if (means != nullptr) means[row] = mean;
    if (inverse_deviations != nullptr) inverse_deviations[row] = inverse;
  }
}

/// One row: x's gradient is written, those of weight and bias are added to.
void norm_backward_row(std::size_t width, const float* x, const float* weight, float mean, float inverse,
                       const float* gradient, float* x_gradient, float* weight_sum, float* bias_sum) {
  const Floats d;
  const auto centre = hn::Set(d, mean), factor = hn::Set(d, inverse);
  auto plain = hn::Zero(d), along = hn::Zero(d);
  float plain_rest = 0, along_rest = 0;
  for_row(
      width,
      [&](std::size_t j) HWY_ATTR {
        const auto incoming = hn::LoadU(d, gradient + j);
        const auto normal = hn::Mul(hn::Sub(hn::LoadU(d, x + j), centre), factor);
        const auto weighted = hn::Mul(incoming, hn::LoadU(d, weight + j));
        plain = hn::Add(plain, weighted);
        along = hn::MulAdd(weighted, normal, along);
        hn::StoreU(hn::MulAdd(incoming, normal, hn::LoadU(d, weight_sum + j)), d, weight_sum + j);
        hn::StoreU(hn::Add(incoming, hn::LoadU(d, bias_sum + j)), d, bias_sum + j);
      },
      [&](std::size_t j) HWY_ATTR {
        const float normal = (x[j] - mean) * inverse;
        plain_rest += gradient[j] * weight[j];
        along_rest += gradient[j] * weight[j] * normal;
        weight_sum[j] += gradient[j] * normal;
        bias_sum[j] += gradient[j];
      });
  const float plain_mean = (hn::GetLane(hn::SumOfLanes(d, plain)) + plain_rest) / static_cast<float>(width);
  const float along_mean = (hn::GetLane(hn::SumOfLanes(d, along)) + along_rest) / static_cast<float>(width);
  const auto plain_all = hn::Set(d, plain_mean), along_all = hn::Set(d, along_mean);
  for_row(
      width,
      [&](std::size_t j) HWY_ATTR {
        const auto normal = hn::Mul(hn::Sub(hn::LoadU(d, x + j), centre), factor);
        const auto weighted = hn::Sub(hn::Mul(hn::LoadU(d, gradient + j), hn::LoadU(d, weight + j)), plain_all);
        hn::StoreU(hn::Mul(factor, hn::NegMulAdd(normal, along_all, weighted)), d, x_gradient + j);
      },
      [&](std::size_t j) HWY_ATTR {
        x_gradient[j] = inverse * (gradient[j] * weight[j] - plain_mean - (x[j] - mean) * inverse * along_mean);
      });
}

void add_row(const float* x, float* sum, std::size_t width) {
  const Floats d;
  for_row(
      width,
      [&](std::size_t j) HWY_ATTR { hn::StoreU(hn::Add(hn::LoadU(d, sum + j), hn::LoadU(d, x + j)), d, sum + j); },
      [&](std::size_t j) HWY_ATTR { sum[j] += x[j]; });
}

/// Sums of many rows are taken in blocks, so that rounding does not grow with their number.
constexpr std::size_t block_rows = 64;

void norm_backward(const NormShape& shape, const NormBackward& b) {
  const std::size_t width = shape.width;
  std::vector<float> weight_block(width), bias_block(width);
  std::fill(b.weight_gradient, b.weight_gradient + width, 0.0F);
  std::fill(b.bias_gradient, b.bias_gradient + width, 0.0F);
  for (std::size_t first = 0; first < shape.rows; first += block_rows) {
    std::fill(weight_block.begin(), weight_block.end(), 0.0F);
    std::fill(bias_block.begin(), bias_block.end(), 0.0F);
    for (std::size_t row = first; row < std::min(first + block_rows, shape.rows); ++row) {
      norm_backward_row(width, b.x + row * width, b.weight, b.mean[row], b.inverse_deviation[row],
                        b.gradient + row * width, b.x_gradient + row * width, weight_block.data(), bias_block.data());
    }
    add_row(weight_block.data(), b.weight_gradient, width);
    add_row(bias_block.data(), b.bias_gradient, width);
  }
}

void sum_all_rows(const float* x, std::size_t rows, std::size_t width, float* out) {
  std::vector<float> block(width);
  std::fill(out, out + width, 0.0F);
  for (std::size_t first = 0; first < rows; first += block_rows) {
    std::fill(block.begin(), block.end(), 0.0F);
    for (std::size_t row = first; row < std::min(first + block_rows, rows); ++row)
      add_row(x + row * width, block.data(), width);
    add_row(block.data(), out, width);
  }
}

}  // namespace caton::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace caton::nn {
namespace {
HWY_EXPORT(norm_forward);
HWY_EXPORT(norm_backward);
HWY_EXPORT(sum_all_rows);
}  // namespace

void layer_norm_forward(const NormShape& shape, const float* x, const float* weight, const float* bias, float* out,
                        float* mean, float* inverse_deviation) {
  HWY_DYNAMIC_DISPATCH(norm_forward)(shape, x, weight, bias, out, mean, inverse_deviation);
}
void layer_norm_backward(const NormShape& shape, const NormBackward& buffers) {
  HWY_DYNAMIC_DISPATCH(norm_backward)(shape, buffers);
}
void sum_rows(const float* x, std::size_t rows, std::size_t width, float* out) {
  HWY_DYNAMIC_DISPATCH(sum_all_rows)(x, rows, width, out);
}

}  // namespace caton::nn
#endif
