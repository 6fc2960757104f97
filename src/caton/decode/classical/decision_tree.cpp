// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/decision_tree.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {
namespace {

using Counts = std::vector<double>;

double squares(const Counts& counts) {
  double sum = 0;
  for (const double count : counts) sum += count * count;
  return sum;
}

struct Split {
  std::int64_t feature = -1;
  float threshold = 0;
  double gain = -1;  ///< sum of squared counts over size, of both sides: larger is purer
};

/// Samples [begin, end) of the tree's list, still to be split.
struct Task {
  std::int64_t node = 0, begin = 0, end = 0, depth = 0;
};

class Grower {
 public:
  Grower(const TreeData& data, std::vector<std::int64_t> samples, const TreeOptions& options, RandomStream random)
      : data_(data), samples_(std::move(samples)), options_(options), random_(std::move(random)) {
    const auto width = static_cast<double>(data.rows.extent(1));
    wanted_ = options.features_per_split > 0 ? options.features_per_split
                                             : std::max<std::int64_t>(1, static_cast<std::int64_t>(std::sqrt(width)));
    features_.resize(static_cast<std::size_t>(data.rows.extent(1)));
    std::iota(features_.begin(), features_.end(), 0);
  }

  TreeNodes grow() {
    std::vector<Task> tasks{
        {add_node(0, static_cast<std::int64_t>(samples_.size())), 0, static_cast<std::int64_t>(samples_.size()), 0}};
    while (!tasks.empty()) {
      const Task task = tasks.back();
      tasks.pop_back();
      const Split split = wants_split(task) ? best_split(task) : Split{};
      if (split.feature < 0) continue;
      const std::int64_t middle = divide(task, split);
      const std::int64_t left = add_node(task.begin, middle), right = add_node(middle, task.end);
      const auto node = static_cast<std::size_t>(task.node);
      nodes_.feature[node] = static_cast<std::int32_t>(split.feature);
      nodes_.threshold[node] = split.threshold;
      nodes_.left[node] = static_cast<std::int32_t>(left);
      nodes_.right[node] = static_cast<std::int32_t>(right);
      tasks.push_back({right, middle, task.end, task.depth + 1});
      tasks.push_back({left, task.begin, middle, task.depth + 1});
    }
    return std::move(nodes_);
  }

 private:
  [[nodiscard]] std::int64_t class_at(std::int64_t place) const {
    return data_.y[static_cast<std::size_t>(samples_[static_cast<std::size_t>(place)])];
  }
  [[nodiscard]] float value_at(std::int64_t place, std::int64_t feature) const {
    return data_.rows(samples_[static_cast<std::size_t>(place)], feature);
  }
  [[nodiscard]] Counts counts_of(std::int64_t begin, std::int64_t end) const {
    Counts counts(static_cast<std::size_t>(data_.classes));
    for (std::int64_t i = begin; i < end; ++i) counts[static_cast<std::size_t>(class_at(i))] += 1;
    return counts;
  }

  std::int64_t add_node(std::int64_t begin, std::int64_t end) {
    for (auto* const list : {&nodes_.feature, &nodes_.left, &nodes_.right}) list->push_back(-1);
    nodes_.threshold.push_back(0);
    for (const double count : counts_of(begin, end))
      nodes_.share.push_back(static_cast<float>(count / static_cast<double>(end - begin)));
    return nodes_.size() - 1;
  }

  [[nodiscard]] bool wants_split(const Task& task) const {
    if (options_.most_depth > 0 && task.depth >= options_.most_depth) return false;
    if (task.end - task.begin < 2 * options_.least_leaf) return false;
    const Counts counts = counts_of(task.begin, task.end);
    return std::count_if(counts.begin(), counts.end(), [](double count) { return count > 0; }) > 1;
  }

  /// Features in a random order until enough of them could be split; constant ones do not count.
  Split best_split(const Task& task) {
    Split best;
    std::int64_t tried = 0;
    const auto width = static_cast<std::int64_t>(features_.size());
    for (std::int64_t k = 0; k < width && tried < wanted_; ++k) {
      const auto drawn = k + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(width - k)));
      std::swap(features_[static_cast<std::size_t>(k)], features_[static_cast<std::size_t>(drawn)]);
      tried += try_feature(task, features_[static_cast<std::size_t>(k)], best) ? 1 : 0;
    }
    return best;
  }

  /// Whether the feature differs at all between these samples.
  bool try_feature(const Task& task, std::int64_t feature, Split& best) {
    sorted_.clear();
    for (std::int64_t i = task.begin; i < task.end; ++i) sorted_.emplace_back(value_at(i, feature), class_at(i));
    std::sort(sorted_.begin(), sorted_.end());
    if (sorted_.front().first == sorted_.back().first) return false;
    Counts left(static_cast<std::size_t>(data_.classes)), right = counts_of(task.begin, task.end);
    const auto count = static_cast<std::int64_t>(sorted_.size());
    for (std::int64_t i = 0; i + 1 < count; ++i) {
      const auto [value, label] = sorted_[static_cast<std::size_t>(i)];
      left[static_cast<std::size_t>(label)] += 1;
      right[static_cast<std::size_t>(label)] -= 1;
      const float next = sorted_[static_cast<std::size_t>(i + 1)].first;
      if (value == next || i + 1 < options_.least_leaf || count - i - 1 < options_.least_leaf) continue;
      const double gain =
          squares(left) / static_cast<double>(i + 1) + squares(right) / static_cast<double>(count - i - 1);
      if (gain > best.gain) best = {feature, threshold_between(value, next), gain};
    }
    return true;
  }

  std::int64_t divide(const Task& task, const Split& split) {
    const auto first = samples_.begin() + task.begin, last = samples_.begin() + task.end;
    const auto middle = std::stable_partition(
        first, last, [&](std::int64_t sample) { return data_.rows(sample, split.feature) <= split.threshold; });
    return middle - samples_.begin();
  }

  const TreeData& data_;
  std::vector<std::int64_t> samples_;
  const TreeOptions& options_;
  RandomStream random_;
  std::int64_t wanted_ = 1;
  std::vector<std::int64_t> features_;
  std::vector<std::pair<float, std::int64_t>> sorted_;
  TreeNodes nodes_;
};

}  // namespace

TreeNodes grow_tree(const TreeData& data, std::vector<std::int64_t> samples, const TreeOptions& options,
                    RandomStream random) {
  return Grower(data, std::move(samples), options, std::move(random)).grow();
}

float threshold_between(float low, float high) {
  const float middle = low / 2 + high / 2;
  return middle < high ? middle : low;
}

std::int64_t leaf_of(const TreeNodes& nodes, std::int64_t root, View<const float, 1> row) {
  std::int64_t node = root;
  while (nodes.feature[static_cast<std::size_t>(node)] >= 0) {
    const auto at = static_cast<std::size_t>(node);
    node = row[nodes.feature[at]] <= nodes.threshold[at] ? nodes.left[at] : nodes.right[at];
  }
  return node;
}

}  // namespace caton
