// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/decode/classical/linear_model.hpp"

#include <string>
#include <vector>

namespace caton {

/// What decoders with one weight a feature share: predicting (also row by row), explaining, saving. A child only says
/// how the weights are found.
class LinearDecoder : public ClassicalDecoder {
 public:
  [[nodiscard]] std::vector<Explanation> explain(const SampleSet& samples) const final;

 protected:
  /// How a child that does not `know` weights of samples says so: they are refused.
  enum class Weights { refused, known };
  LinearDecoder(std::string name, Weights weights) : ClassicalDecoder(std::move(name)), weights_(weights) {}

  /// `rows`: the samples of training, one a row.
  [[nodiscard]] virtual LinearModel fitted(View<const double, 2> rows, const Training& training) const = 0;

 private:
  void learn(const Training& training, FitContext& context) final;
  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const final;
  [[nodiscard]] bool row_probability(std::span<const float> row, std::span<double> known) const final;
  [[nodiscard]] Tensors learned() const final;
  void relearn(const Safetensors& state) final;
  [[nodiscard]] bool uses_weights() const final { return weights_ == Weights::known; }

  Weights weights_;
  LinearModel model_;
};

}  // namespace caton
