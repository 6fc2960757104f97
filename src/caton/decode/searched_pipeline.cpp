// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/row_prediction.hpp"
#include "caton/decode/search.hpp"

#include <cmath>

namespace caton {
namespace {

constexpr const char* chosen_key = "chosen";
constexpr const char* part = "chosen.";

/// A pipeline whose values are chosen by its training set.
class SearchedPipeline final : public Decoder, public RowPrediction {
 public:
  explicit SearchedPipeline(const Json& pipeline) : pipeline_(pipeline) {
    static_cast<void>(candidate_count(pipeline));
    if (const Json* const search = pipeline.find("search")) static_cast<void>(complete_search(*search));
  }

  void fit(const SampleSet& training, FitContext& context) override {
    fitted_.reset();
    const SearchResult found = search_candidates(pipeline_, training, context);
    const SearchScore& best = found.tried[found.chosen];
    auto decoder = make_pipeline(best.pipeline);
    decoder->fit(training, context);
    if (context.record != nullptr) {
      FitRecord::Selection selection{"search over " + std::to_string(found.tried.size()) + " combinations, " +
                                         std::to_string(found.folds) + " inner folds by " + found.kept_together + ", " +
                                         found.metric,
                                     best.values, training.origins.id};
      if (!std::isnan(best.score)) selection.score = best.score;
      context.record->selections.push_back(std::move(selection));
    }
    chosen_ = best.pipeline;
    fitted_ = std::move(decoder);
  }
  [[nodiscard]] Prediction predict(const SampleSet& samples) const override { return decoder().predict(samples); }
  [[nodiscard]] bool predict_row(std::span<float> row, std::span<double> probability) const override {
    const auto* const rows = dynamic_cast<const RowPrediction*>(fitted_.get());
    return rows != nullptr && rows->predict_row(row, probability);
  }
  [[nodiscard]] std::vector<Explanation> explain(const SampleSet& samples) const override {
    return decoder().explain(samples);
  }
  [[nodiscard]] bool transductive() const override { return fitted_ != nullptr && fitted_->transductive(); }
  [[nodiscard]] Safetensors save() const override {
    Safetensors state;
    state.metadata[chosen_key] = chosen_.dump();
    const Safetensors own = decoder().save();
    for (const auto& [key, value] : own.metadata) state.metadata.emplace(part + key, value);
    for (const auto& [key, value] : own.tensors) state.tensors.emplace(part + key, value);
    return state;
  }
  void restore(const Safetensors& state) override {
    const auto found = state.metadata.find(chosen_key);
    if (found == state.metadata.end()) throw input_error("search", "the saved state lacks what was chosen");
    chosen_ = parse_json(found->second, "search");
    auto decoder = make_pipeline(chosen_);
    Safetensors own;
    const std::string prefix = part;
    for (const auto& [key, value] : state.metadata) {
      if (key.starts_with(prefix)) own.metadata.emplace(key.substr(prefix.size()), value);
    }
    for (const auto& [key, value] : state.tensors) {
      if (key.starts_with(prefix)) own.tensors.emplace(key.substr(prefix.size()), value);
    }
    decoder->restore(own);
    fitted_ = std::move(decoder);
  }

 private:
  [[nodiscard]] const Decoder& decoder() const {
    if (fitted_ == nullptr) throw usage_error("pipeline", "was used before it was fitted", "call fit or restore first");
    return *fitted_;
  }

  Json pipeline_, chosen_;
  std::unique_ptr<Decoder> fitted_;
};

}  // namespace

std::unique_ptr<Decoder> make_searched_pipeline(const Json& pipeline) {
  return std::make_unique<SearchedPipeline>(pipeline);
}

}  // namespace caton
