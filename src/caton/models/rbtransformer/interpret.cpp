// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/models/rbtransformer/interpret.hpp"

#include "caton/base/threads.hpp"
#include "caton/decode/sample_layout.hpp"

#include <algorithm>

namespace caton::rbtransformer {
namespace {

/// Samples are added up in this many strips, whatever the number of threads.
constexpr std::int64_t strips = 16;

std::vector<std::string> numbers(std::int64_t count) { return axis_names({}, count); }

/// Sums of softmax weights by class and block, and how many samples each class has.
struct AttentionSums {
  std::vector<double> sum;
  std::vector<std::int64_t> samples;
};

class Looking {
 public:
  Looking(const Inference& network, const SampleSet& samples, const Array<double, 2>& probability)
      : network_(network),
        tokens_(samples.flat()),
        decided_(prediction_of(probability).label),
        map_(static_cast<std::size_t>(config().heads * config().num_electrodes * config().num_electrodes)),
        pooled_({tokens_.extent(0), config().embed_dim}) {}

  /// Runs all samples once, and adds what was seen in a fixed order.
  AttentionSums run() {
    std::vector<AttentionSums> parts(static_cast<std::size_t>(strips), empty());
    const std::int64_t total = tokens_.extent(0), length = (total + strips - 1) / strips;
    thread_pool().parallel_for(strips, [&](std::int64_t strip) {
      const std::int64_t first = std::min(strip * length, total), count = std::min(length, total - first);
      if (count > 0) run_strip(first, count, parts[static_cast<std::size_t>(strip)]);
    });
    AttentionSums all = empty();
    for (const auto& part : parts) {
      for (std::size_t i = 0; i < all.sum.size(); ++i) all.sum[i] += part.sum[i];
      for (std::size_t k = 0; k < all.samples.size(); ++k) all.samples[k] += part.samples[k];
    }
    return all;
  }

  [[nodiscard]] const Array<double, 2>& pooled() const noexcept { return pooled_; }
  /// Numbers of one class: blocks x heads x electrodes x electrodes.
  [[nodiscard]] std::size_t class_size() const noexcept { return static_cast<std::size_t>(blocks()) * map_; }
  [[nodiscard]] std::int64_t blocks() const noexcept { return config().intercortical_attention ? config().depth : 0; }
  [[nodiscard]] const Config& config() const noexcept { return network_.config(); }

 private:
  AttentionSums empty() const {
    const auto classes = static_cast<std::size_t>(config().num_classes);
    return {std::vector<double>(classes * class_size()), std::vector<std::int64_t>(classes)};
  }

  void run_strip(std::int64_t first, std::int64_t count, AttentionSums& into) {
    const auto class_of = [&](std::int64_t window) {
      return static_cast<std::size_t>(decided_[static_cast<std::size_t>(first + window)]);
    };
    Array<float, 2> logits({count, config().num_classes});
    Observer observer;
    observer.attention = [&](std::int64_t window, std::int64_t block, std::span<const float> weights) {
      double* const sum = into.sum.data() + class_of(window) * class_size() + static_cast<std::size_t>(block) * map_;
      for (std::size_t i = 0; i < map_; ++i) sum[i] += static_cast<double>(weights[i]);
    };
    observer.pooled = [&](std::int64_t window, std::span<const float> values) {
      ++into.samples[class_of(window)];
      std::copy(values.begin(), values.end(), pooled_[first + window].data());
    };
    network_.run(tokens_.slice(0, first, count), logits, observer);
  }

  const Inference& network_;
  View<const float, 2> tokens_;
  std::vector<std::int64_t> decided_;
  std::size_t map_;
  Array<double, 2> pooled_;
};

Explanation attention(const Looking& looking, const AttentionSums& sums, const std::vector<std::string>& classes,
                      const std::vector<std::string>& electrodes) {
  const Config& config = looking.config();
  Explanation result{.name = "attention",
                     .axes = {"class", "block", "head", "electrode", "electrode"},
                     .ticks = {{}, numbers(looking.blocks()), numbers(config.heads), electrodes, electrodes},
                     .values = {},
                     .unit = "share",
                     .per_class = true};
  std::vector<double> values;
  for (std::size_t k = 0; k < sums.samples.size(); ++k) {
    if (sums.samples[k] == 0) continue;
    result.ticks[0].push_back(classes[k]);
    for (std::size_t i = 0; i < looking.class_size(); ++i)
      values.push_back(sums.sum[k * looking.class_size() + i] / static_cast<double>(sums.samples[k]));
  }
  const auto electrode_count = static_cast<std::int64_t>(electrodes.size());
  result.values = Tensor({static_cast<std::int64_t>(result.ticks[0].size()), looking.blocks(), config.heads,
                          electrode_count, electrode_count},
                         values);
  return result;
}

/// Second class minus first, blocks and heads averaged.
Explanation difference(const Explanation& attention) {
  const std::size_t electrodes = attention.ticks.back().size(), map = electrodes * electrodes;
  const auto values = attention.values.values<double>();
  const std::size_t of_class = values.size() / 2, maps = of_class / map;
  std::vector<double> result(map);
  for (std::size_t i = 0; i < map; ++i) {
    for (std::size_t m = 0; m < maps; ++m) result[i] += values[of_class + m * map + i] - values[m * map + i];
    result[i] /= static_cast<double>(maps);
  }
  const auto count = static_cast<std::int64_t>(electrodes);
  return {.name = "attention-difference",
          .axes = {"electrode", "electrode"},
          .ticks = {attention.ticks.back(), attention.ticks.back()},
          .values = Tensor({count, count}, result),
          .unit = "share, " + attention.ticks[0][1] + " minus " + attention.ticks[0][0]};
}

}  // namespace

std::vector<Explanation> explanations(const Inference& network, const SampleSet& samples,
                                      const Array<double, 2>& probability, const std::vector<std::string>& classes) {
  Looking looking(network, samples, probability);
  const AttentionSums sums = looking.run();
  const auto electrodes = axis_names(samples.channels, network.config().num_electrodes);
  std::vector<Explanation> result;
  if (looking.blocks() > 0 && samples.size() > 0) {
    result.push_back(attention(looking, sums, classes, electrodes));
    if (classes.size() == 2 && result.front().ticks[0].size() == 2) result.push_back(difference(result.front()));
  }
  std::vector<std::string> ids;
  for (const auto id : samples.origins.id) ids.push_back(std::to_string(id));
  result.push_back({.name = "pooled-features",
                    .axes = {"sample", "feature"},
                    .ticks = {ids, numbers(network.config().embed_dim)},
                    .values = Tensor::of(looking.pooled()),
                    .unit = "1"});
  return result;
}

}  // namespace caton::rbtransformer
