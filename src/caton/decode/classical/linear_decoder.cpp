// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/linear_decoder.hpp"

#include "caton/samples/neighbours.hpp"

namespace caton {

std::vector<Explanation> LinearDecoder::explain(const SampleSet& samples) const {
  check_fitted();
  layout().check(samples, name());
  return explained(model_, samples, layout(), present_names());
}

void LinearDecoder::learn(const Training& training, FitContext& context) {
  model_ = fit_(as_double(training.samples.flat()), training);
  if (context.record != nullptr) context.record->statistics.push_back({name(), training.samples.origins.id});
}

Array<double, 2> LinearDecoder::probability(const SampleSet& samples) const {
  return class_probability(model_, as_double(samples.flat()));
}

bool LinearDecoder::row_probability(std::span<const float> row, std::span<double> known) const {
  caton::row_probability(model_, row, known);
  return true;
}

Tensors LinearDecoder::learned() const {
  return {{"weight", Tensor::of(model_.weight)}, {"intercept", Tensor::of(model_.intercept)}};
}

void LinearDecoder::relearn(const Safetensors& state) {
  const std::int64_t outputs = present() == 2 ? 1 : present();
  model_.weight = expected(state, "weight", {outputs, layout().width()}).array<2>("weight");
  model_.intercept = expected(state, "intercept", {outputs}).array<1>("intercept");
}

}  // namespace caton
