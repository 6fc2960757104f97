// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/transforms/feature_transform.hpp"
#include "caton/decode/transforms/shaped.hpp"

namespace caton {
namespace {

/// Means of neighbouring samples of an epoch: what an event-related potential is decoded from.
class BlockMeans final : public FeatureTransform {
 public:
  BlockMeans(std::int64_t first, std::int64_t blocks, std::int64_t samples)
      : FeatureTransform("block-means"), first_(first), blocks_(blocks), samples_(samples) {
    if (first < 0 || blocks < 1 || samples < 1 || blocks > 1'000'000 || samples > 1'000'000)
      throw usage_error(name(), "first must be 0 or positive, blocks and samples at least 1");
  }

 private:
  void learn(const SampleSet& training) override {
    const auto& shape = training.main_block().shape();
    if (shape.size() != 3 || first_ + blocks_ * samples_ > shape[2]) {
      throw usage_error(name(), "epochs of " + training.main_block().about() + " are shorter than " +
                                    std::to_string(first_ + blocks_ * samples_) + " samples (shape)");
    }
  }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    const auto x = cube_of(samples, name());
    Array<double, 3> means({x.extent(0), x.extent(1), blocks_}, 0.0);
    NewBlock about{.name = "features", .channels = samples.channels};
    for (std::int64_t b = 0; b < blocks_; ++b) about.features.push_back("block " + std::to_string(b + 1));
    for (std::int64_t n = 0; n < x.extent(0); ++n) {
      for (std::int64_t c = 0; c < x.extent(1); ++c) {
        for (std::int64_t t = 0; t < blocks_ * samples_; ++t)
          means(n, c, t / samples_) += x(n, c, first_ + t) / static_cast<double>(samples_);
      }
    }
    return with_block(samples, about, means);
  }
  [[nodiscard]] Tensors learned() const override { return {}; }
  void relearn(const Safetensors& /*state*/) override {}

  std::int64_t first_, blocks_, samples_;
};

const TransformEntry block_means_entry{
    .name = "block-means",
    .about = "means of neighbouring samples of each channel of an epoch",
    .keys = {{"samples", "integer", 10, "in a block"},
             {"blocks", "integer", 1, "one behind the other"},
             {"first", "integer", 0, "sample of the epoch at which the first block begins"}},
    .takes = SampleForm::epochs,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      return std::make_unique<BlockMeans>(options.at("first").integer("first"), options.at("blocks").integer("blocks"),
                                          options.at("samples").integer("samples"));
    },
};
CATON_REGISTER(TransformEntry, block_means_entry);

}  // namespace
}  // namespace caton
