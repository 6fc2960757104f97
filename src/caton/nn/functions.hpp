// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/random.hpp"
#include "caton/nn/kernels.hpp"
#include "caton/nn/torch.hpp"

#include <optional>
#include <string_view>

/// The parts that networks are made of: float32, differentiable, in fused loops of our own (`kernels.hpp`).
namespace caton::nn {

/// Where a dropout takes its decisions from: a stream keyed by what it is for, never libtorch's generator. Without a
/// stream, or with rate 0, nothing is dropped.
struct Dropout {
  double rate = 0;
  std::optional<RandomStream> random = {};

  /// The same rate with a stream of its own for one place in the network.
  [[nodiscard]] Dropout at(std::string_view place) const;
  [[nodiscard]] bool active() const noexcept { return rate > 0 && random.has_value(); }
};

/// x·Wᵀ + b for x (rows, in), W (out, in), b (out) or undefined.
[[nodiscard]] at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias = {});
/// Over the last axis, epsilon 1e-5.
[[nodiscard]] at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);
/// Exact GELU, x·(1 + erf(x/√2))/2. The only one to be used: libtorch's own (1.13, float32) is silently wrong backwards
/// when the gradient that comes in is not contiguous. A dropout given acts on the result.
[[nodiscard]] at::Tensor gelu(const at::Tensor& x, const Dropout& dropout = {});
[[nodiscard]] at::Tensor drop(const at::Tensor& x, const Dropout& dropout);
/// h + dropout(x).
[[nodiscard]] at::Tensor add_dropped(const at::Tensor& h, const at::Tensor& x, const Dropout& dropout);

/// Attention of all tokens of a sample to each other: softmax(q kᵀ/√d), dropout, times v.
/// qkv: (batch·tokens, 3·heads·head_dim), thirds q, k, v, heads side by side; result (batch·tokens, heads·head_dim).
/// `weights`, where given, gets the softmax (batch, heads, tokens, tokens) before dropout.
[[nodiscard]] at::Tensor attention(const at::Tensor& qkv, const AttentionShape& shape, const Dropout& dropout,
                                   at::Tensor* weights = nullptr);

}  // namespace caton::nn
