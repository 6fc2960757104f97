// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/decode/row_prediction.hpp"
#include "caton/decode/search.hpp"

#include <algorithm>

namespace caton {
namespace {

/// The part of a saved pipeline that belongs to one of its members: keys begin with "0.", "1.", … "decoder.".
Safetensors part_of(const Safetensors& state, const std::string& prefix) {
  Safetensors part;
  for (const auto& [key, value] : state.metadata) {
    if (key.starts_with(prefix)) part.metadata.emplace(key.substr(prefix.size()), value);
  }
  for (const auto& [key, value] : state.tensors) {
    if (key.starts_with(prefix)) part.tensors.emplace(key.substr(prefix.size()), value);
  }
  return part;
}

void put_part(Safetensors part, const std::string& prefix, Safetensors& state) {
  for (auto& [key, value] : part.metadata) state.metadata.emplace(prefix + key, std::move(value));
  for (auto& [key, value] : part.tensors) state.tensors.emplace(prefix + key, std::move(value));
}

class Pipeline final : public Decoder, public RowPrediction {
 public:
  Pipeline(std::vector<std::unique_ptr<Transform>> steps, std::unique_ptr<Decoder> decoder)
      : steps_(std::move(steps)), decoder_(std::move(decoder)) {}

  void fit(const SampleSet& training, FitContext& context) override {
    fitted_ = false;
    SampleSet samples = training;
    for (const auto& step : steps_) {
      step->fit(samples, context);
      samples = step->apply_to_training(samples);
    }
    decoder_->fit(samples, context);
    fitted_ = true;
  }

  [[nodiscard]] Prediction predict(const SampleSet& samples) const override {
    return decoder_->predict(applied(samples));
  }

  [[nodiscard]] bool predict_row(std::span<float> row, std::span<double> probability) const override {
    if (!fitted_) return false;
    for (const auto& step : steps_) {
      const auto* const transform = dynamic_cast<const RowTransform*>(step.get());
      if (transform == nullptr || !transform->apply_row(row)) return false;
    }
    const auto* const decoder = dynamic_cast<const RowPrediction*>(decoder_.get());
    return decoder != nullptr && decoder->predict_row(row, probability);
  }

  [[nodiscard]] std::vector<Explanation> explain(const SampleSet& samples) const override {
    return decoder_->explain(applied(samples));
  }

  [[nodiscard]] bool transductive() const override {
    return decoder_->transductive() ||
           std::any_of(steps_.begin(), steps_.end(), [](const auto& step) { return step->transductive(); });
  }

  [[nodiscard]] Safetensors save() const override {
    Safetensors state;
    for (std::size_t i = 0; i < steps_.size(); ++i) put_part(steps_[i]->save(), std::to_string(i) + ".", state);
    put_part(decoder_->save(), "decoder.", state);
    return state;
  }

  void restore(const Safetensors& state) override {
    for (std::size_t i = 0; i < steps_.size(); ++i) steps_[i]->restore(part_of(state, std::to_string(i) + "."));
    decoder_->restore(part_of(state, "decoder."));
    fitted_ = true;
  }

 private:
  [[nodiscard]] SampleSet applied(const SampleSet& samples) const {
    if (!fitted_) throw usage_error("pipeline", "was used before it was fitted", "call fit or restore first");
    SampleSet result = samples;
    for (const auto& step : steps_) result = step->apply(result);
    return result;
  }

  std::vector<std::unique_ptr<Transform>> steps_;
  std::unique_ptr<Decoder> decoder_;
  bool fitted_ = false;
};

}  // namespace

std::unique_ptr<Decoder> make_pipeline(const Json& pipeline) {
  if (has_candidates(pipeline)) return make_searched_pipeline(pipeline);
  std::vector<std::unique_ptr<Transform>> steps;
  if (const Json* const list = pipeline.find("steps"); list != nullptr && !list->is_null()) {
    for (const auto& step : list->items("pipeline: steps")) steps.push_back(make_transform(step));
  }
  return std::make_unique<Pipeline>(std::move(steps), make_decoder(pipeline.at("decoder", "pipeline")));
}

}  // namespace caton
