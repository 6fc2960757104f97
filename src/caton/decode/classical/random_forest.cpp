// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/decode/classical/decision_tree.hpp"

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
    join(trees);
    if (context.record != nullptr) context.record->statistics.push_back({name(), training.samples.origins.id});
  }

  /// All trees in one list of nodes, children counted through.
  void join(const std::vector<TreeNodes>& trees) {
    nodes_ = {};
    roots_.clear();
    for (const TreeNodes& tree : trees) {
      const std::int64_t first = nodes_.size();
      roots_.push_back(first);
      const auto child = [&](std::int32_t at) { return at < 0 ? at : static_cast<std::int32_t>(at + first); };
      for (std::size_t i = 0; i < tree.feature.size(); ++i) {
        nodes_.feature.push_back(tree.feature[i]);
        nodes_.left.push_back(child(tree.left[i]));
        nodes_.right.push_back(child(tree.right[i]));
      }
      nodes_.threshold.insert(nodes_.threshold.end(), tree.threshold.begin(), tree.threshold.end());
      nodes_.share.insert(nodes_.share.end(), tree.share.begin(), tree.share.end());
    }
  }

  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const View<const float, 2> rows = samples.flat();
    Array<double, 2> mean({samples.size(), present()}, 0.0);
    thread_pool().parallel_for(samples.size(), [&](std::int64_t i) {
      for (const std::int64_t root : roots_) {
        const std::int64_t leaf = leaf_of(nodes_, root, rows[i]);
        for (std::int64_t c = 0; c < present(); ++c)
          mean(i, c) += static_cast<double>(nodes_.share[static_cast<std::size_t>(leaf * present() + c)]);
      }
      double sum = 0;
      for (std::int64_t c = 0; c < present(); ++c) sum += mean(i, c);
      for (std::int64_t c = 0; c < present(); ++c) mean(i, c) /= sum;
    });
    return mean;
  }

  [[nodiscard]] Tensors learned() const override {
    return {{"roots", Tensor::vector(roots_)},
            {"feature", Tensor::vector(nodes_.feature)},
            {"left", Tensor::vector(nodes_.left)},
            {"right", Tensor::vector(nodes_.right)},
            {"threshold", Tensor::vector(nodes_.threshold)},
            {"share", Tensor::vector(nodes_.share)}};
  }

  void relearn(const Safetensors& state) override {
    roots_ = state.at("roots", name()).integers("roots");
    const auto numbers = [&](const char* key) {
      const auto wide = state.at(key, name()).integers(key);
      return std::vector<std::int32_t>(wide.begin(), wide.end());
    };
    nodes_ = {numbers("feature"), numbers("left"), numbers("right"), {}, {}};
    const std::int64_t count = nodes_.size();
    const auto threshold = expected(state, "threshold", {count}).values<float>();
    const auto share = expected(state, "share", {count * present()}).values<float>();
    nodes_.threshold.assign(threshold.begin(), threshold.end());
    nodes_.share.assign(share.begin(), share.end());
    check_nodes();
  }

  /// Trees that end: children stand behind their parent, features and roots exist.
  void check_nodes() const {
    const auto count = static_cast<std::size_t>(nodes_.size());
    bool sound = !roots_.empty() && nodes_.left.size() == count && nodes_.right.size() == count;
    for (const std::int64_t root : roots_) sound = sound && root >= 0 && root < nodes_.size();
    for (std::size_t i = 0; sound && i < count; ++i) {
      if (nodes_.feature[i] < 0) continue;
      const auto parent = static_cast<std::int64_t>(i);
      for (const std::int64_t child : {nodes_.left[i], nodes_.right[i]})
        sound = sound && child > parent && child < nodes_.size();
      sound = sound && nodes_.feature[i] < layout().width();
    }
    if (!sound) throw input_error(name(), "the saved trees are damaged");
  }

  ForestOptions options_;
  TreeNodes nodes_;
  std::vector<std::int64_t> roots_;
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
