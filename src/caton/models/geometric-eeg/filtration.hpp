// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/random.hpp"
#include "caton/nn/functions.hpp"
#include "caton/nn/parameters.hpp"
#include "caton/nn/replay.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace caton::geometric_eeg {

/// Constructor arguments of the attention filtration network.
struct FiltrationConfig {
  std::int64_t samples = 512, patch = 16, dim = 32, heads = 4, layers = 2, ff = 64;
  double threshold = 0.9;  ///< segments whose first estimate correlates less with them go through the transformer
  double dropout = 0;
};
/// Refuses (kind `input`) unknown names, sizes out of range, heads that do not divide `dim`, and samples that are no
/// multiple of the patch and of 4.
[[nodiscard]] FiltrationConfig filtration_config(const Json& config, const std::string& where);
[[nodiscard]] std::vector<nn::ParameterShape> filtration_shapes(const FiltrationConfig& config);

/// Denoises single-channel segments: a convolutional autoencoder gives a first estimate; where that agrees badly with
/// its input, a transformer over patches of both corrects it. Our reading of "Geometric Machine Learning on EEG
/// Signals" (no public code).
class AttentionFiltration {
 public:
  explicit AttentionFiltration(const FiltrationConfig& config);

  [[nodiscard]] nn::Parameters& parameters() noexcept { return parameters_; }
  [[nodiscard]] const FiltrationConfig& config() const noexcept { return config_; }
  /// PyTorch's defaults; positions 0.
  void initialise(const RandomStream& random);

  struct Estimate {
    at::Tensor denoised, autoencoder, transformer, correlation;
  };
  /// x: (segments, samples) of unit scale. Both branches are computed; gradients flow through the chosen one and always
  /// through the autoencoder. Refuses (word `samples`) segments of another length. Constant segments, whose correlation
  /// is undefined, count as noisy.
  [[nodiscard]] Estimate forward(const at::Tensor& x, const std::optional<RandomStream>& random = {}) const;

 private:
  [[nodiscard]] at::Tensor autoencoder(const at::Tensor& x) const;
  [[nodiscard]] at::Tensor block(const at::Tensor& h, std::int64_t index, std::int64_t segments,
                                 const nn::Dropout& dropout) const;
  [[nodiscard]] at::Tensor corrected(const at::Tensor& x, const at::Tensor& estimate, const nn::Dropout& dropout) const;

  FiltrationConfig config_;
  nn::Parameters parameters_;
};

/// Tells clean segments from denoised ones: (segments, samples) to one score a segment.
class FiltrationDiscriminator {
 public:
  FiltrationDiscriminator();

  [[nodiscard]] nn::Parameters& parameters() noexcept { return parameters_; }
  void initialise(const RandomStream& random);
  [[nodiscard]] at::Tensor forward(const at::Tensor& x) const;

 private:
  nn::Parameters parameters_;
};

}  // namespace caton::geometric_eeg
