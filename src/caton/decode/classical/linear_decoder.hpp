// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/decode/classical/linear_model.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace caton {

/// A decoder with one weight a feature: predicts (also row by row), explains and saves alike, however the weights are
/// found.
class LinearDecoder final : public ClassicalDecoder {
 public:
  /// What becomes of weights of samples: a way of fitting that does not know them refuses them.
  enum class Weights { refused, known };
  using Training = ClassicalDecoder::Training;
  /// Finds the weights; `rows`: the samples of training, one a row.
  using Fit = std::function<LinearModel(View<const double, 2> rows, const Training& training)>;

  LinearDecoder(std::string name, Weights weights, Fit fit)
      : ClassicalDecoder(std::move(name)), weights_(weights), fit_(std::move(fit)) {}

  [[nodiscard]] std::vector<Explanation> explain(const SampleSet& samples) const final;

 private:
  void learn(const Training& training, FitContext& context) final;
  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const final;
  [[nodiscard]] bool row_probability(std::span<const float> row, std::span<double> known) const final;
  [[nodiscard]] Tensors learned() const final;
  void relearn(const Safetensors& state) final;
  [[nodiscard]] bool uses_weights() const final { return weights_ == Weights::known; }

  Weights weights_;
  Fit fit_;
  LinearModel model_;
};

}  // namespace caton
