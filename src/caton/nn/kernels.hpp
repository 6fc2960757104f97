// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/random.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// The loops behind the networks, vectorised, without libtorch: float32, row major, one thread, always in one order.
namespace caton::nn {

/// Draws what a dropout keeps: 0 or 1/(1-rate), decided by 16 random bits a value (the rate is rounded to 1/65536).
class KeepFactors {
 public:
  KeepFactors(double rate, const RandomStream& random);
  void next(std::span<float> factors);

 private:
  RandomStream random_;
  std::uint32_t threshold_;
  float scale_;
  std::vector<std::uint32_t> bits_;
};

/// out = h + x · factors; without `h` or without `keep` that part is left out. `out` may be `h` or `x`.
void add_scaled(const float* h, const float* x, KeepFactors* keep, float* out, std::size_t count);
/// out = gelu(x) · factors.
void gelu_forward(const float* x, KeepFactors* keep, float* out, std::size_t count);
/// out = gradient · factors · gelu'(x).
void gelu_backward(const float* x, const float* gradient, KeepFactors* keep, float* out, std::size_t count);

struct AdamBuffers {
  float* parameters = nullptr;
  const float* gradients = nullptr;
  float* first_moment = nullptr;
  float* second_moment = nullptr;
  std::size_t count = 0;
};
struct AdamCoefficients {
  float beta1 = 0, beta2 = 0, one_minus_beta1 = 0, one_minus_beta2 = 0;
  float gradient_decay = 0;  ///< added to the gradient times the parameter (Adam)
  float keep = 1;            ///< what decoupled decay leaves of the parameter (AdamW)
  float step_size = 0, root_correction2 = 1, epsilon = 0;
};
void adam_step(const AdamBuffers& buffers, const AdamCoefficients& coefficients);

/// Rows of `width` normalised to mean 0 and variance 1, times weight, plus bias. `mean` and `inverse_deviation` (one a
/// row) may be null.
struct NormShape {
  std::size_t rows = 0, width = 0;
  float epsilon = 1e-5F;
};
void layer_norm_forward(const NormShape& shape, const float* x, const float* weight, const float* bias, float* out,
                        float* mean, float* inverse_deviation);
struct NormBackward {
  const float *x = nullptr, *weight = nullptr, *mean = nullptr, *inverse_deviation = nullptr, *gradient = nullptr;
  float *x_gradient = nullptr, *weight_gradient = nullptr, *bias_gradient = nullptr;
};
void layer_norm_backward(const NormShape& shape, const NormBackward& buffers);
/// out[j] = sum over rows of x[row, j].
void sum_rows(const float* x, std::size_t rows, std::size_t width, float* out);

struct AttentionShape {
  std::int64_t batch = 0, tokens = 0, heads = 0, head_dim = 0;
};
/// softmax(q kᵀ/√d) · factors · v for every sample and head. qkv: (batch·tokens, 3·heads·head_dim), thirds q, k, v,
/// heads side by side; `weights` (batch, heads, tokens, tokens): the softmax before dropout; out (batch·tokens,
/// heads·head_dim). `weights` may be null.
void attention_forward(const AttentionShape& shape, const float* qkv, KeepFactors* keep, float* weights, float* out);
/// The gradient of qkv from that of `out`; `keep` must draw what the forward pass drew.
void attention_backward(const AttentionShape& shape, const float* qkv, const float* weights, const float* gradient,
                        KeepFactors* keep, float* qkv_gradient);

/// The weights of a linear layer, laid out for products with few rows.
class PackedLinear {
 public:
  PackedLinear() = default;
  /// weight (outputs, inputs); bias (outputs) or null.
  PackedLinear(const float* weight, const float* bias, std::size_t outputs, std::size_t inputs);
  [[nodiscard]] std::size_t outputs() const noexcept { return outputs_; }
  [[nodiscard]] std::size_t inputs() const noexcept { return inputs_; }
  /// out (rows, outputs) = x (rows, inputs) · weightᵀ + bias.
  void apply(const float* x, std::size_t rows, float* out) const;

 private:
  std::size_t outputs_ = 0, inputs_ = 0, panel_ = 0;
  std::vector<float> panels_;  ///< panels of `panel_` outputs, each inputs x panel_, the last one filled up with zeros
  std::vector<float> bias_;
};

}  // namespace caton::nn
