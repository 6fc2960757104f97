// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/reference.hpp"

#include "caton/base/lanes.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/signal_stream.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/chain_form.hpp"
#include "caton/signal/checks.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace caton {

namespace {

const std::string where = "reference";

void require_channel(std::int64_t channel, Signal x) {
  if (channel >= 0 && channel < x.extent(0)) return;
  throw usage_error(where, "there is no channel " + std::to_string(channel) + ": channels count from 0 to " +
                               std::to_string(x.extent(0) - 1));
}

std::vector<std::int64_t> all_but(Signal x, const std::vector<std::int64_t>& exclude) {
  std::vector<bool> left(static_cast<std::size_t>(x.extent(0)), true);
  for (const std::int64_t channel : exclude) {
    require_channel(channel, x);
    left[static_cast<std::size_t>(channel)] = false;
  }
  std::vector<std::int64_t> channels;
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    if (left[static_cast<std::size_t>(c)]) channels.push_back(c);
  }
  if (channels.empty()) throw usage_error(where, "every channel is excluded: none is left to refer to");
  return channels;
}

constexpr std::int64_t tile_samples = 4096;

/// sum over channels of weight times channel, in the order of the channels.
std::vector<double> weighted_sum(Signal x, const std::vector<std::int64_t>& channels,
                                 const std::vector<double>& weights) {
  std::vector<double> sum(static_cast<std::size_t>(x.extent(1)), 0.0);
  thread_pool().parallel_for((x.extent(1) + tile_samples - 1) / tile_samples, [&](std::int64_t tile) {
    const std::int64_t begin = tile * tile_samples, end = std::min(begin + tile_samples, x.extent(1));
    for (std::size_t i = 0; i < channels.size(); ++i) {
      const auto row = x[channels[i]];
      for (std::int64_t t = begin; t < end; ++t) sum[static_cast<std::size_t>(t)] += weights[i] * row[t];
    }
  });
  return sum;
}

Matrix subtracted(Signal x, const std::vector<double>& removed) {
  Matrix y(x.extents(), uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    double* const out = y[c].data();
    for (std::int64_t t = 0; t < x.extent(1); ++t) out[t] = x(c, t) - removed[static_cast<std::size_t>(t)];
  });
  return y;
}

Referenced mean_removed(Signal x, const std::vector<std::int64_t>& channels) {
  Referenced result;
  result.removed = weighted_sum(x, channels, std::vector<double>(channels.size(), 1.0));
  for (double& value : result.removed) value /= static_cast<double>(channels.size());
  result.y = subtracted(x, result.removed);
  return result;
}

}  // namespace

Referenced average_reference(Signal x, const std::vector<std::int64_t>& exclude) {
  require_signal(where, x);
  return mean_removed(x, all_but(x, exclude));
}

namespace {

template <class T>
struct EightOf {
  using Type = Lanes;
};
using EightFloats = float __attribute__((vector_size(32)));
template <>
struct EightOf<float> {
  using Type = EightFloats;
};

/// sum += row, in double.
template <class T>
struct AddRow {
  static inline __attribute__((always_inline)) void run(const T* row, double* sum, std::int64_t count) {
    std::int64_t t = 0;
    for (; t + lane_count <= count; t += lane_count) {
      typename EightOf<T>::Type part;
      std::memcpy(&part, row + t, sizeof part);
      Lanes total;
      load_lanes(total, sum + t);
      total = total + __builtin_convertvector(part, Lanes);
      store_lanes(total, sum + t);
    }
    for (; t < count; ++t) sum[t] += row[t];
  }
};

/// row -= mean.
template <class T>
struct SubtractMean {
  static inline __attribute__((always_inline)) void run(T* row, const double* mean, std::int64_t count) {
    std::int64_t t = 0;
    for (; t + lane_count <= count; t += lane_count) {
      typename EightOf<T>::Type part;
      std::memcpy(&part, row + t, sizeof part);
      Lanes removed;
      load_lanes(removed, mean + t);
      part = part - __builtin_convertvector(removed, typename EightOf<T>::Type);
      std::memcpy(row + t, &part, sizeof part);
    }
    for (; t < count; ++t) row[t] -= static_cast<T>(mean[t]);
  }
};

/// Tiles of samples that stay in the cache; sums in double, in the order of the channels.
template <class T>
void subtract_mean(View<T, 2> x) {
  const std::int64_t samples = x.extent(1), tiles = (samples + tile_samples - 1) / tile_samples;
  thread_pool().parallel_for(tiles, [&](std::int64_t tile) {
    const std::int64_t begin = tile * tile_samples, count = std::min(tile_samples, samples - begin);
    std::vector<double> mean(static_cast<std::size_t>(count), 0.0);
    for (std::int64_t c = 0; c < x.extent(0); ++c)
      run_on<AddRow<T>>(processor(), static_cast<const T*>(x[c].data() + begin), mean.data(), count);
    for (double& value : mean) value /= static_cast<double>(x.extent(0));
    for (std::int64_t c = 0; c < x.extent(0); ++c)
      run_on<SubtractMean<T>>(processor(), x[c].data() + begin, static_cast<const double*>(mean.data()), count);
  });
}

}  // namespace

void subtract_average(View<double, 2> x) { subtract_mean(x); }
void subtract_average(View<float, 2> x) { subtract_mean(x); }

Referenced channel_reference(Signal x, const std::vector<std::int64_t>& channels) {
  require_signal(where, x);
  if (channels.empty()) throw usage_error(where, "no reference channel is given");
  for (const std::int64_t channel : channels) require_channel(channel, x);
  return mean_removed(x, channels);
}

Matrix bipolar_reference(Signal x, const std::vector<std::pair<std::int64_t, std::int64_t>>& pairs) {
  require_signal(where, x);
  if (pairs.empty()) throw usage_error(where, "the list of pairs is empty: no channel would be left");
  for (const auto& [anode, cathode] : pairs) {
    require_channel(anode, x);
    require_channel(cathode, x);
  }
  Matrix y({static_cast<std::int64_t>(pairs.size()), x.extent(1)}, uninitialised);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    for (std::int64_t t = 0; t < x.extent(1); ++t) y(i, t) = x(pairs[i].first, t) - x(pairs[i].second, t);
  }
  return y;
}

Referenced rest_reference(Signal x, Signal leadfield, const std::vector<std::int64_t>& exclude) {
  require_signal(where, x);
  if (leadfield.extent(0) != x.extent(0)) {
    throw usage_error(where, "shape: the lead field has " + std::to_string(leadfield.extent(0)) +
                                 " channels, the signal " + std::to_string(x.extent(0)));
  }
  const auto good = all_but(x, exclude);
  const auto count = static_cast<std::int64_t>(good.size());
  Matrix mean({1, leadfield.extent(1)}), centred({count, leadfield.extent(1)}, uninitialised);
  for (std::int64_t j = 0; j < mean.extent(1); ++j) {
    for (const std::int64_t channel : good) mean(0, j) += leadfield(channel, j);
    mean(0, j) /= static_cast<double>(count);
    for (std::int64_t i = 0; i < count; ++i)
      centred(i, j) = leadfield(good[static_cast<std::size_t>(i)], j) - mean(0, j);
  }
  const Matrix weights = product(mean, pseudo_inverse(centred, 1e-6));
  Referenced average = average_reference(x, exclude);
  const auto estimate = weighted_sum(average.y, good, std::vector<double>(weights.begin(), weights.end()));
  for (std::size_t t = 0; t < estimate.size(); ++t) average.removed[t] -= estimate[t];
  average.y = subtracted(x, average.removed);
  return average;
}

namespace {

std::vector<std::int64_t> channels_argument(const Arguments& args, std::string_view name) {
  std::vector<std::int64_t> channels;
  const std::string place = where + ": " + std::string(name);
  for (const Json& channel : args.value(name).items(place)) channels.push_back(channel.integer(place));
  return channels;
}

enum class Kind { average, channels, bipolar, rest };
Kind kind_argument(const Arguments& args) {
  return choice_argument<Kind>(
      args, "kind",
      {{"average", Kind::average}, {"channels", Kind::channels}, {"bipolar", Kind::bipolar}, {"rest", Kind::rest}});
}

std::vector<std::pair<std::int64_t, std::int64_t>> pairs_argument(const Arguments& args) {
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  for (const Json& pair : args.value("pairs").items("reference: pairs")) {
    const auto& ends = pair.items("reference: pairs");
    if (ends.size() != 2) throw args.refuse("pairs: a pair is [anode, cathode]");
    pairs.emplace_back(ends[0].integer("reference: pairs"), ends[1].integer("reference: pairs"));
  }
  return pairs;
}

Tensors refer(const Arguments& args, const Tensors& in) {
  const Kind kind = kind_argument(args);
  const MatrixPort x(args, in, "x");
  if (kind == Kind::bipolar) {
    return {{"y", Tensor::of(bipolar_reference(x, pairs_argument(args)))}, {"removed", Tensor(Dtype::f64, {0})}};
  }
  const auto exclude = channels_argument(args, "exclude");
  const auto result = kind == Kind::average    ? average_reference(x, exclude)
                      : kind == Kind::channels ? channel_reference(x, channels_argument(args, "channels"))
                                               : rest_reference(x, MatrixPort(args, in, "leadfield"), exclude);
  return {{"y", Tensor::of(result.y)}, {"removed", Tensor::vector(result.removed)}};
}

/// The same sums as the whole-signal forms, in the same order.
class ReferenceStream final : public SignalStream {
 public:
  ReferenceStream(const Arguments& args, std::int64_t channels, double rate_hz)
      : kind_(kind_argument(args)), channels_(channels), rate_hz_(rate_hz) {
    if (kind_ == Kind::rest)
      throw args.refuse("kind \"rest\" has no causal form in a recipe: it needs a lead field", "use \"average\"");
    const Matrix shape({channels, 1});
    if (kind_ == Kind::bipolar) {
      pairs_ = pairs_argument(args);
      (void)bipolar_reference(shape, pairs_);
      return;
    }
    const auto chosen = channels_argument(args, "channels");
    if (kind_ == Kind::channels) {
      (void)channel_reference(shape, chosen);
      taken_ = chosen;
    } else {
      taken_ = all_but(shape, channels_argument(args, "exclude"));
    }
  }

  [[nodiscard]] std::int64_t channels() const override {
    return kind_ == Kind::bipolar ? static_cast<std::int64_t>(pairs_.size()) : channels_;
  }
  [[nodiscard]] double rate_hz() const override { return rate_hz_; }
  void reset() override {}

  std::int64_t process(Signal x, View<double, 2> y) override {
    for (std::int64_t t = 0; t < x.extent(1); ++t) {
      if (kind_ == Kind::bipolar) {
        for (std::size_t i = 0; i < pairs_.size(); ++i)
          y(static_cast<std::int64_t>(i), t) = x(pairs_[i].first, t) - x(pairs_[i].second, t);
        continue;
      }
      double sum = 0;
      for (const std::int64_t c : taken_) sum += x(c, t);
      const double mean = sum / static_cast<double>(taken_.size());
      for (std::int64_t c = 0; c < channels_; ++c) y(c, t) = x(c, t) - mean;
    }
    return x.extent(1);
  }

 private:
  Kind kind_;
  std::int64_t channels_;
  double rate_hz_;
  std::vector<std::int64_t> taken_;
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs_;
};

const ChainForm reference_chain{
    .name = "reference",
    .add =
        [](const Arguments& args, FilterChain& chain) {
          if (kind_argument(args) != Kind::average || !channels_argument(args, "exclude").empty()) return false;
          return !std::exchange(chain.average_reference, true);
        },
};
CATON_REGISTER(ChainForm, reference_chain);

const Operation reference_operation{
    .name = "reference",
    .room = "signal",
    .about = "Another reference: average, linked channels, bipolar pairs, or infinity (REST)",
    .arguments =
        {{.name = "kind", .type = "text", .about = "average, channels, bipolar, rest"},
         {.name = "channels", .type = "list", .standard = Json::list()},
         {.name = "exclude", .type = "list", .standard = Json::list(), .about = "bad channels: not in the mean"},
         {.name = "pairs", .type = "list", .standard = Json::list(), .about = "[anode, cathode] indices"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "leadfield", .shape = "C S", .optional = true}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"}, {.name = "removed", .shape = "T", .unit = "V"}},
    .streaming_form = "the same function, sample by sample",
    .call = refer,
};
CATON_REGISTER(Operation, reference_operation);

const StreamForm reference_stream{
    .name = "reference",
    .make = [](const Arguments& args, std::int64_t channels, double rate_hz) -> std::unique_ptr<SignalStream> {
      return std::make_unique<ReferenceStream>(args, channels, rate_hz);
    },
};
CATON_REGISTER(StreamForm, reference_stream);

}  // namespace

}  // namespace caton
