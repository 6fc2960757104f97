// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/decode/classical/tree_ensemble.hpp"

namespace caton {
namespace {

constexpr std::int64_t most_trees = 100000;

struct ForestOptions {
  std::int64_t trees = 100;
  TreeOptions tree;
};

ForestOptions forest_options(const Json& options) {
  const auto count = [&](const char* key, std::int64_t least, std::int64_t most) {
    const std::int64_t value = options.at(key).integer(std::string("random-forest: ") + key);
    if (value < least || value > most)
      throw usage_error("random-forest", std::string(key) + " must be " + std::to_string(least) + " to " +
                                             std::to_string(most) + ", got " + std::to_string(value));
    return value;
  };
  return {count("trees", 1, most_trees),
          {count("features-per-split", 0, 1 << 20), count("least-leaf", 1, 1 << 30), count("most-depth", 0, 1 << 20)}};
}

/// Trees grown on samples drawn with replacement; a class's probability is its mean share in the leaves.
class RandomForest final : public ClassicalDecoder {
 public:
  explicit RandomForest(const ForestOptions& options) : ClassicalDecoder("random-forest"), options_(options) {}

 private:
  void learn(const Training& training, FitContext& context) override {
    const TreeData data{training.samples.flat(), training.y, training.classes};
    std::vector<TreeNodes> trees(static_cast<std::size_t>(options_.trees));
    thread_pool().parallel_for(options_.trees, [&](std::int64_t t) {
      RandomStream random = context.random.derive("tree", {static_cast<std::uint64_t>(t)});
      std::vector<std::int64_t> drawn;
      const auto count = static_cast<std::uint64_t>(training.samples.size());
      for (std::uint64_t i = 0; i < count; ++i) drawn.push_back(static_cast<std::int64_t>(random.below(count)));
      trees[static_cast<std::size_t>(t)] = grow_tree(data, std::move(drawn), options_.tree, random.derive("splits"));
    });
    trees_ = joined(trees);
    if (context.record != nullptr) context.record->statistics.push_back({name(), training.samples.origins.id});
  }

  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const View<const float, 2> rows = samples.flat();
    Array<double, 2> mean({samples.size(), present()}, 0.0);
    thread_pool().parallel_for(samples.size(), [&](std::int64_t i) {
      for (const std::int64_t root : trees_.roots) {
        const std::int64_t leaf = leaf_of(trees_.nodes, root, rows[i]);
        for (std::int64_t c = 0; c < present(); ++c)
          mean(i, c) += static_cast<double>(trees_.nodes.share[static_cast<std::size_t>(leaf * present() + c)]);
      }
      double sum = 0;
      for (std::int64_t c = 0; c < present(); ++c) sum += mean(i, c);
      for (std::int64_t c = 0; c < present(); ++c) mean(i, c) /= sum;
    });
    return mean;
  }

  [[nodiscard]] Tensors learned() const override { return tensors_of(trees_); }
  void relearn(const Safetensors& state) override { trees_ = trees_from(state, present(), layout().width(), name()); }

  ForestOptions options_;
  TreeEnsemble trees_;
};

const DecoderEntry random_forest{
    .name = "random-forest",
    .about =
        "trees grown on drawn samples and features (Breiman 2001; scikit-learn's RandomForestClassifier up to its "
        "random "
        "numbers); averages the classes' shares in the leaves",
    .keys = {{"trees", "integer", Json(100), "how many"},
             {"features-per-split", "integer", Json(0), "drawn for each split; 0: the root of their number"},
             {"least-leaf", "integer", Json(1), "samples that a leaf must hold"},
             {"most-depth", "integer", Json(0), "of a tree; 0: until leaves are pure"}},
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      return std::make_unique<RandomForest>(forest_options(options));
    },
};
CATON_REGISTER(DecoderEntry, random_forest);

}  // namespace
}  // namespace caton
