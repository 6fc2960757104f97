// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/decoder.hpp"
#include "caton/decode/row_prediction.hpp"
#include "caton/decode/sample_layout.hpp"

#include <map>
#include <string>
#include <vector>

namespace caton {

/// What all classical decoders share: checks of what they are given, the numbering of classes, saving.
/// A class of the set that has no sample in training gets probability 0.
class ClassicalDecoder : public Decoder, public RowPrediction {
 public:
  void fit(const SampleSet& training, FitContext& context) final;
  [[nodiscard]] Prediction predict(const SampleSet& samples) const final;
  [[nodiscard]] bool predict_row(std::span<float> row, std::span<double> probability) const final;
  [[nodiscard]] Safetensors save() const final;
  void restore(const Safetensors& state) final;

 protected:
  explicit ClassicalDecoder(std::string name) : name_(std::move(name)) {}

  struct Training {
    const SampleSet& samples;
    std::vector<std::int64_t> y;  ///< class of each sample among those present, 0 … classes-1
    std::int64_t classes = 0;     ///< present in training, at least 2
  };
  virtual void learn(const Training& training, FitContext& context) = 0;
  /// samples x classes present in training.
  [[nodiscard]] virtual Array<double, 2> probability(const SampleSet& samples) const = 0;
  /// The same of one row, into as many values as classes are present; false where there is no such form.
  [[nodiscard]] virtual bool row_probability(std::span<const float> /*row*/, std::span<double> /*known*/) const {
    return false;
  }
  [[nodiscard]] virtual Tensors learned() const = 0;
  /// Metadata to save beside the tensors.
  [[nodiscard]] virtual std::map<std::string, std::string> described() const { return {}; }
  /// Takes back what `learned` gave; refuses (kind `input`) tensors whose shapes do not fit.
  virtual void relearn(const Safetensors& state) = 0;
  [[nodiscard]] virtual bool uses_weights() const { return false; }

  void check_fitted() const;
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const SampleLayout& layout() const noexcept { return layout_; }
  [[nodiscard]] std::int64_t present() const noexcept { return static_cast<std::int64_t>(present_.size()); }
  /// Names of the classes that were present in training.
  [[nodiscard]] std::vector<std::string> present_names() const;
  /// A saved tensor of the shape it must have.
  [[nodiscard]] const Tensor& expected(const Safetensors& state, const std::string& key,
                                       const std::vector<std::int64_t>& shape) const;

 private:
  [[nodiscard]] Training numbered(const SampleSet& training);

  std::string name_;
  bool fitted_ = false;
  SampleLayout layout_;
  std::vector<std::string> classes_;
  std::int64_t class_count_ = 0;
  std::vector<std::int64_t> present_;
};

}  // namespace caton
