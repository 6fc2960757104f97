// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/transforms/shaped.hpp"

#include "caton/base/error.hpp"

namespace caton {

Array<double, 3> cube_of(const SampleSet& samples, const std::string& who) {
  const Tensor& block = samples.main_block();
  if (block.rank() != 3) {
    throw usage_error(who, "samples have the shape " + block.about() + ", wanted are channels x samples",
                      "use the input \"epochs\"");
  }
  return block.array<3>(who);
}

Array<double, 3> matrices_of(const SampleSet& samples, const std::string& who) {
  const Tensor& block = samples.main_block();
  if (block.rank() != 3 || block.extent(1) != block.extent(2)) {
    throw usage_error(who, "samples have the shape " + block.about() + ", wanted are square matrices",
                      "put the step \"covariance\" before it");
  }
  return block.array<3>(who);
}

namespace {

template <std::size_t N>
SampleSet replaced(const SampleSet& samples, const NewBlock& about, View<const double, N> values) {
  SampleSet result;
  result.label = samples.label;
  result.classes = samples.classes;
  result.weight = samples.weight;
  result.rating = samples.rating;
  result.origins = samples.origins;
  result.rate_hz = samples.rate_hz;
  result.filter_reach_s = samples.filter_reach_s;
  result.findings = samples.findings;
  result.channels = about.channels;
  result.features = about.features;
  Array<float, N> stored(values.extents(), uninitialised);
  const Array<double, N> packed(values);
  for (std::int64_t i = 0; i < packed.size(); ++i) stored.data()[i] = static_cast<float>(packed.data()[i]);
  result.blocks.emplace(about.name, Tensor::of(stored));
  return result;
}

}  // namespace

SampleSet with_block(const SampleSet& samples, const NewBlock& about, View<const double, 3> values) {
  return replaced(samples, about, values);
}

SampleSet with_block(const SampleSet& samples, const NewBlock& about, View<const double, 2> values) {
  return replaced(samples, about, values);
}

}  // namespace caton
