// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/reject_threshold.hpp"

#include "caton/base/error.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {

namespace {

const std::string where = "reject_threshold";

double peak_to_peak(View<const double, 1> row) {
  double low = row[0], high = row[0];
  for (std::int64_t t = 1; t < row.extent(0); ++t) {
    low = std::min(low, row[t]);
    high = std::max(high, row[t]);
  }
  return high - low;
}

/// The losses of one scope: epochs in ascending order of their peak to peak, so that each candidate adds one epoch to
/// the mean of those kept.
class Search {
 public:
  Search(View<const double, 3> epochs, std::vector<double> sizes) : epochs_(epochs), sizes_(std::move(sizes)) {
    order_.resize(sizes_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return sizes_[a] < sizes_[b]; });
  }

  [[nodiscard]] std::vector<double> candidates() const {
    std::vector<double> sorted;
    for (const std::size_t epoch : order_) sorted.push_back(sizes_[epoch]);
    return sorted;
  }

  /// RMSE of each candidate when the epochs [begin, end) are held out.
  [[nodiscard]] std::vector<double> losses(std::size_t begin, std::size_t end) const {
    const std::vector<double> wanted = median_of(begin, end);
    std::vector<double> sum(wanted.size(), 0.0), loss(order_.size());
    double kept = 0;
    std::size_t added = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const double limit = sizes_[order_[i]];
      for (; added < order_.size() && sizes_[order_[added]] <= limit; ++added) {
        if (order_[added] >= begin && order_[added] < end) continue;
        add(order_[added], sum);
        ++kept;
      }
      loss[i] = kept > 0 ? distance(sum, kept, wanted) : distance_of_first(begin, end, wanted);
    }
    return loss;
  }

 private:
  [[nodiscard]] double value(std::size_t epoch, std::size_t place) const {
    const auto samples = static_cast<std::size_t>(epochs_.extent(2));
    return epochs_(epoch, place / samples, place % samples);
  }

  void add(std::size_t epoch, std::vector<double>& sum) const {
    for (std::size_t place = 0; place < sum.size(); ++place) sum[place] += value(epoch, place);
  }

  [[nodiscard]] std::vector<double> median_of(std::size_t begin, std::size_t end) const {
    std::vector<double> medians;
    const auto places = static_cast<std::size_t>(epochs_.extent(1) * epochs_.extent(2));
    for (std::size_t place = 0; place < places; ++place) {
      std::vector<double> values;
      for (std::size_t epoch = begin; epoch < end; ++epoch) values.push_back(value(epoch, place));
      medians.push_back(median(std::move(values)));
    }
    return medians;
  }

  [[nodiscard]] static double distance(const std::vector<double>& sum, double kept, const std::vector<double>& wanted) {
    double square = 0;
    for (std::size_t place = 0; place < sum.size(); ++place) {
      const double apart = wanted[place] - sum[place] / kept;
      square += apart * apart;
    }
    return std::sqrt(square / static_cast<double>(sum.size()));
  }

  /// No epoch of the training folds is small enough: the smallest of them stands for all.
  [[nodiscard]] double distance_of_first(std::size_t begin, std::size_t end, const std::vector<double>& wanted) const {
    std::vector<double> sum(wanted.size(), 0.0);
    for (const std::size_t epoch : order_) {
      if (epoch >= begin && epoch < end) continue;
      add(epoch, sum);
      break;
    }
    return distance(sum, 1, wanted);
  }

  View<const double, 3> epochs_;
  std::vector<double> sizes_;
  std::vector<std::size_t> order_;
};

}  // namespace

RejectThreshold reject_threshold(View<const double, 3> epochs, int folds, ThresholdScope scope) {
  const std::int64_t count = epochs.extent(0), channels = epochs.extent(1);
  if (epochs.empty()) throw usage_error(where, "the epochs are empty");
  if (folds < 2 || folds > count) {
    throw usage_error(where,
                      "folds must be 2 to the " + std::to_string(count) + " epochs, got " + std::to_string(folds));
  }
  Matrix sizes({count, channels}, uninitialised);
  for (std::int64_t e = 0; e < count; ++e) {
    for (std::int64_t c = 0; c < channels; ++c) {
      sizes(e, c) = peak_to_peak(epochs[e][c]);
      if (!std::isfinite(sizes(e, c))) throw input_error(where, "epoch " + std::to_string(e) + " is not finite");
    }
  }
  const bool global = scope == ThresholdScope::global;
  const std::int64_t scopes = global ? 1 : channels;
  RejectThreshold result{std::vector<double>(static_cast<std::size_t>(scopes)), Matrix({scopes, count}),
                         Matrix({scopes, count}, uninitialised)};
  thread_pool().parallel_for(scopes, [&](std::int64_t s) {
    std::vector<double> size;
    for (std::int64_t e = 0; e < count; ++e)
      size.push_back(global ? *std::max_element(sizes[e].data(), sizes[e].data() + channels) : sizes(e, s));
    const Search search(global ? epochs : epochs.slice(1, s, 1), std::move(size));
    const std::vector<double> candidates = search.candidates();
    std::int64_t begin = 0;
    for (std::int64_t fold = 0; fold < folds; ++fold) {
      const std::int64_t end = begin + count / folds + (fold < count % folds ? 1 : 0);
      const std::vector<double> loss = search.losses(static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
      for (std::int64_t i = 0; i < count; ++i)
        result.loss(s, i) += loss[static_cast<std::size_t>(i)] / static_cast<double>(folds);
      begin = end;
    }
    std::int64_t best = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      result.candidates(s, i) = candidates[static_cast<std::size_t>(i)];
      if (result.loss(s, i) < result.loss(s, best)) best = i;
    }
    result.threshold[static_cast<std::size_t>(s)] = result.candidates(s, best);
  });
  return result;
}

namespace {

const Operation threshold_operation{
    .name = "reject_threshold",
    .room = "signal",
    .about = "The peak-to-peak limit for rejecting epochs by cross-validation (autoreject's criterion, searched whole)",
    .arguments = {{.name = "folds", .type = "integer", .standard = 5},
                  {.name = "scope", .type = "text", .standard = "global", .about = "global, channel"}},
    .inputs = {{.name = "epochs", .shape = "K C N", .unit = "V"}},
    .outputs = {{.name = "threshold", .shape = "1 or C", .unit = "V"},
                {.name = "loss", .shape = "(C) K", .unit = "V"},
                {.name = "candidates", .shape = "(C) K", .unit = "V"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const Tensor& epochs = port(in, "epochs");
          if (epochs.rank() != 3) throw args.refuse("shape: epochs must have three axes, epochs x channels x samples");
          const auto scope = choice_argument<ThresholdScope>(
              args, "scope", {{"global", ThresholdScope::global}, {"channel", ThresholdScope::channel}});
          const std::vector<double> values = epochs.doubles();
          const View<const double, 3> view(values.data(), {epochs.shape()[0], epochs.shape()[1], epochs.shape()[2]});
          const RejectThreshold result = reject_threshold(view, count_argument(args, "folds"), scope);
          Tensor loss = Tensor::of(result.loss), candidates = Tensor::of(result.candidates);
          if (scope == ThresholdScope::global) {
            loss = loss.reshaped({loss.size()});
            candidates = candidates.reshaped({candidates.size()});
          }
          return Tensors{{"threshold", Tensor::vector(result.threshold)}, {"loss", loss}, {"candidates", candidates}};
        },
};
CATON_REGISTER(Operation, threshold_operation);

}  // namespace

}  // namespace caton
