// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/decoder.hpp"
#include "caton/decode/sample_layout.hpp"

#include <string>

namespace caton {

/// What transforms of the main block share: checks of what they are given, the record of what they were fitted on,
/// saving.
class FeatureTransform : public Transform {
 public:
  void fit(const SampleSet& training, FitContext& context) final;
  [[nodiscard]] SampleSet apply(const SampleSet& samples) const final;
  [[nodiscard]] Safetensors save() const final;
  void restore(const Safetensors& state) final;

 protected:
  explicit FeatureTransform(std::string name) : name_(std::move(name)) {}

  virtual void learn(const SampleSet& /*training*/) {}
  /// The same for a child that draws random numbers; otherwise calls `learn`.
  virtual void learn_with(const SampleSet& training, FitContext& /*context*/) { learn(training); }
  [[nodiscard]] virtual SampleSet changed(const SampleSet& samples) const = 0;
  [[nodiscard]] virtual Tensors learned() const = 0;
  virtual void relearn(const Safetensors& state) = 0;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const SampleLayout& layout() const noexcept { return layout_; }

 private:
  std::string name_;
  bool fitted_ = false;
  SampleLayout layout_;
};

/// The name of the main block.
[[nodiscard]] std::string main_block_name(const SampleSet& samples);

}  // namespace caton
