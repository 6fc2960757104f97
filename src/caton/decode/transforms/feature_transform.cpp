// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/transforms/feature_transform.hpp"

#include "caton/base/error.hpp"

namespace caton {

void FeatureTransform::fit(const SampleSet& training, FitContext& context) {
  fitted_ = false;
  if (training.size() == 0) throw usage_error(name_, "there are no samples to learn from (empty)");
  layout_ = SampleLayout::of(training);
  learn_with(training, context);
  if (context.record != nullptr) {
    const std::string what = transductive() ? name_ + " (transductive)" : name_;
    context.record->statistics.push_back({what, training.origins.id});
  }
  fitted_ = true;
}

SampleSet FeatureTransform::apply(const SampleSet& samples) const {
  if (!fitted_) throw usage_error(name_, "was used before it was fitted", "call fit or restore first");
  layout_.check(samples, name_);
  return changed(samples);
}

Safetensors FeatureTransform::save() const {
  if (!fitted_) throw usage_error(name_, "was used before it was fitted", "call fit or restore first");
  return {{{"transform", name_}, {"layout", layout_.json().dump()}}, learned()};
}

void FeatureTransform::restore(const Safetensors& state) {
  fitted_ = false;
  const auto own = state.metadata.find("transform"), layout = state.metadata.find("layout");
  if (own == state.metadata.end() || layout == state.metadata.end() || own->second != name_)
    throw input_error(name_, "the saved state is not of this step");
  layout_ = SampleLayout::from(parse_json(layout->second, name_), name_);
  relearn(state);
  fitted_ = true;
}

std::string main_block_name(const SampleSet& samples) {
  static_cast<void>(samples.main_block());
  return samples.blocks.size() == 1 ? samples.blocks.begin()->first : "tokens";
}

}  // namespace caton
