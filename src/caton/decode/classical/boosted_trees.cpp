// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/boosted_trees.hpp"

#include "caton/base/progress.hpp"
#include "caton/base/threads.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace caton {
namespace {

/// Samples of one node: how many, their sum of targets and of squares.
struct Heap {
  std::int64_t count = 0;
  double sum = 0, squares = 0;

  void add(double target) {
    count += 1;
    sum += target;
    squares += target * target;
  }
  [[nodiscard]] bool pure() const {
    const double mean = sum / static_cast<double>(count);
    return squares / static_cast<double>(count) - mean * mean <= std::numeric_limits<double>::epsilon();
  }
};

struct Split {
  std::int64_t feature = -1;
  float threshold = 0;
  double gain = -1;
};

/// What is left and right of a cut that goes through the samples of a node in the order of a feature.
struct Sweep {
  std::int64_t count = 0;
  double sum = 0;
  float last = 0;
  Split best;
};

/// Grows regression trees level by level: each feature is gone through once a level, in an order sorted once for all
/// trees.
class Grower {
 public:
  Grower(const TreeData& data, const BoostingOptions& options) : data_(data), options_(options) {
    const std::int64_t count = data.rows.extent(0), width = data.rows.extent(1);
    order_ = Array<std::int32_t, 2>({width, count}, uninitialised);
    thread_pool().parallel_for(width, [&](std::int64_t f) {
      const auto order = order_[f];
      std::iota(order.data(), order.data() + count, 0);
      std::stable_sort(order.data(), order.data() + count,
                       [&](std::int32_t a, std::int32_t b) { return data.rows(a, f) < data.rows(b, f); });
    });
    place_.resize(static_cast<std::size_t>(count));
  }

  /// The tree that follows the targets, its leaves without answers; `leaf_of_sample` tells where each sample ends.
  TreeNodes grow(std::span<const double> target) {
    nodes_ = {};
    heaps_.clear();
    std::fill(place_.begin(), place_.end(), 0);
    add_node();
    for (const double value : target) heaps_[0].add(value);
    std::int64_t first = 0;
    for (std::int64_t depth = 0; depth < options_.most_depth; ++depth) {
      const std::int64_t end = nodes_.size();
      if (!split_level(target, first, end)) break;
      first = end;
    }
    return std::move(nodes_);
  }
  [[nodiscard]] std::int64_t leaf_of_sample(std::size_t sample) const { return place_[sample]; }

 private:
  void add_node() {
    for (auto* const list : {&nodes_.feature, &nodes_.left, &nodes_.right}) list->push_back(-1);
    nodes_.threshold.push_back(0);
    heaps_.emplace_back();
  }

  [[nodiscard]] bool wants_split(const Heap& heap) const {
    return heap.count >= std::max<std::int64_t>(2, 2 * options_.least_leaf) && !heap.pure();
  }

  /// Splits the nodes [first, end) where they want it; false when none was split.
  bool split_level(std::span<const double> target, std::int64_t first, std::int64_t end) {
    std::vector<std::int64_t> open(static_cast<std::size_t>(end - first), -1);
    std::int64_t wanted = 0;
    for (std::int64_t node = first; node < end; ++node)
      if (wants_split(heaps_[static_cast<std::size_t>(node)])) open[static_cast<std::size_t>(node - first)] = wanted++;
    if (wanted == 0) return false;
    Array<Split, 2> found({data_.rows.extent(1), wanted}, Split{});
    thread_pool().parallel_for(data_.rows.extent(1),
                               [&](std::int64_t f) { sweep_feature(target, f, first, open, found[f]); });
    bool split = false;
    for (std::int64_t node = first; node < end; ++node) {
      const auto at = open[static_cast<std::size_t>(node - first)];
      Split best;
      for (std::int64_t f = 0; at >= 0 && f < data_.rows.extent(1); ++f)
        if (found(f, at).gain > best.gain) best = found(f, at);
      if (best.feature >= 0) split = divide(node, best);
    }
    if (split) move_samples(target, first);
    return split;
  }

  void sweep_feature(std::span<const double> target, std::int64_t f, std::int64_t first,
                     const std::vector<std::int64_t>& open, View<Split, 1> found) const {
    std::vector<Sweep> sweeps(static_cast<std::size_t>(found.extent(0)));
    for (std::int64_t i = 0; i < data_.rows.extent(0); ++i) {
      const std::int32_t sample = order_(f, i);
      const std::int64_t node = place_[static_cast<std::size_t>(sample)];
      const std::int64_t at = node < first ? -1 : open[static_cast<std::size_t>(node - first)];
      if (at < 0) continue;
      Sweep& sweep = sweeps[static_cast<std::size_t>(at)];
      const float value = data_.rows(sample, f);
      if (sweep.count > 0 && value != sweep.last) try_cut(heaps_[static_cast<std::size_t>(node)], f, value, sweep);
      sweep.count += 1;
      sweep.sum += target[static_cast<std::size_t>(sample)];
      sweep.last = value;
    }
    for (std::size_t at = 0; at < sweeps.size(); ++at) found[static_cast<std::int64_t>(at)] = sweeps[at].best;
  }

  void try_cut(const Heap& all, std::int64_t feature, float next, Sweep& sweep) const {
    const std::int64_t right = all.count - sweep.count;
    if (sweep.count < options_.least_leaf || right < options_.least_leaf) return;
    const auto left_count = static_cast<double>(sweep.count), right_count = static_cast<double>(right);
    const double apart = right_count * sweep.sum - left_count * (all.sum - sweep.sum);
    const double gain = apart * apart / (left_count * right_count);
    if (gain > sweep.best.gain) sweep.best = {feature, threshold_between(sweep.last, next), gain};
  }

  bool divide(std::int64_t node, const Split& split) {
    const auto at = static_cast<std::size_t>(node);
    nodes_.feature[at] = static_cast<std::int32_t>(split.feature);
    nodes_.threshold[at] = split.threshold;
    nodes_.left[at] = static_cast<std::int32_t>(nodes_.size());
    nodes_.right[at] = static_cast<std::int32_t>(nodes_.size() + 1);
    add_node();
    add_node();
    return true;
  }

  void move_samples(std::span<const double> target, std::int64_t first) {
    for (std::size_t sample = 0; sample < place_.size(); ++sample) {
      const auto at = static_cast<std::size_t>(place_[sample]);
      if (place_[sample] < first || nodes_.feature[at] < 0) continue;
      const bool left = data_.rows(static_cast<std::int64_t>(sample), nodes_.feature[at]) <= nodes_.threshold[at];
      place_[sample] = left ? nodes_.left[at] : nodes_.right[at];
      heaps_[static_cast<std::size_t>(place_[sample])].add(target[sample]);
    }
  }

  const TreeData& data_;
  const BoostingOptions& options_;
  Array<std::int32_t, 2> order_;     ///< features x samples
  std::vector<std::int64_t> place_;  ///< the node each sample is in
  TreeNodes nodes_;
  std::vector<Heap> heaps_;
};

std::vector<double> start_of(const TreeData& data) {
  std::vector<double> share(static_cast<std::size_t>(data.classes));
  for (const auto label : data.y) share[static_cast<std::size_t>(label)] += 1 / static_cast<double>(data.y.size());
  if (data.classes == 2) return {std::log(share[1] / share[0])};
  for (double& value : share) value = std::log(value);
  return share;
}

class Booster {
 public:
  Booster(const TreeData& data, const BoostingOptions& options)
      : data_(data),
        options_(options),
        start_(start_of(data)),
        score_({static_cast<std::int64_t>(start_.size()), data.rows.extent(0)}, uninitialised),
        grower_(data, options) {
    for (std::int64_t k = 0; k < score_.extent(0); ++k)
      for (std::int64_t i = 0; i < score_.extent(1); ++i) score_(k, i) = start_[static_cast<std::size_t>(k)];
  }

  BoostedTrees fitted() {
    std::vector<TreeNodes> trees;
    for (std::int64_t round = 0; round < options_.rounds; ++round) {
      check_interrupted();
      const Array<double, 2> wanted = gradients();
      for (std::int64_t k = 0; k < score_.extent(0); ++k)
        trees.push_back(grown({wanted[k].data(), static_cast<std::size_t>(wanted.extent(1))}, k));
    }
    return {start_, joined(trees)};
  }

 private:
  /// outputs x samples: whether the sample is of the class, less the probability of it.
  [[nodiscard]] Array<double, 2> gradients() const {
    Array<double, 2> wanted(score_.extents(), uninitialised);
    const bool two = score_.extent(0) == 1;
    for (std::int64_t i = 0; i < score_.extent(1); ++i) {
      const std::int64_t label = data_.y[static_cast<std::size_t>(i)];
      double largest = score_(0, i), sum = 0;
      for (std::int64_t k = 1; k < score_.extent(0); ++k) largest = std::max(largest, score_(k, i));
      for (std::int64_t k = 0; k < score_.extent(0); ++k) sum += std::exp(score_(k, i) - largest);
      for (std::int64_t k = 0; k < score_.extent(0); ++k) {
        const double p = two ? 1 / (1 + std::exp(-score_(0, i))) : std::exp(score_(k, i) - largest) / sum;
        wanted(k, i) = (label == (two ? 1 : k) ? 1.0 : 0.0) - p;
      }
    }
    return wanted;
  }

  /// A tree whose leaves answer by a Newton step; the scores follow.
  TreeNodes grown(std::span<const double> wanted, std::int64_t k) {
    constexpr double least_slope = 1e-150;
    TreeNodes tree = grower_.grow(wanted);
    const auto classes = static_cast<double>(data_.classes);
    const double factor = options_.learning_rate * (data_.classes == 2 ? 1 : (classes - 1) / classes);
    std::vector<double> sum(tree.feature.size()), slope(tree.feature.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto leaf = static_cast<std::size_t>(grower_.leaf_of_sample(i));
      sum[leaf] += wanted[i];
      slope[leaf] += std::abs(wanted[i]) * (1 - std::abs(wanted[i]));
    }
    for (std::size_t n = 0; n < sum.size(); ++n)
      tree.share.push_back(slope[n] < least_slope ? 0 : static_cast<float>(factor * sum[n] / slope[n]));
    for (std::size_t i = 0; i < wanted.size(); ++i)
      score_(k, static_cast<std::int64_t>(i)) +=
          static_cast<double>(tree.share[static_cast<std::size_t>(grower_.leaf_of_sample(i))]);
    return tree;
  }

  const TreeData& data_;
  const BoostingOptions& options_;
  std::vector<double> start_;
  Array<double, 2> score_;  ///< outputs x samples
  Grower grower_;
};

}  // namespace

BoostedTrees fit_boosted_trees(const TreeData& data, const BoostingOptions& options) {
  return Booster(data, options).fitted();
}

void boosted_scores(const BoostedTrees& model, View<const float, 1> row, std::span<double> score) {
  std::copy(model.start.begin(), model.start.end(), score.begin());
  for (std::size_t tree = 0; tree < model.trees.roots.size(); ++tree) {
    const std::int64_t leaf = leaf_of(model.trees.nodes, model.trees.roots[tree], row);
    score[tree % model.start.size()] += static_cast<double>(model.trees.nodes.share[static_cast<std::size_t>(leaf)]);
  }
}

}  // namespace caton
