// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/small_network_decoder.hpp"

#include "caton/base/error.hpp"
#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/samples/scaling.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

namespace caton {
namespace {

class SmallNetworkDecoder final : public ClassicalDecoder {
 public:
  explicit SmallNetworkDecoder(const SmallNetworkOptions& options)
      : ClassicalDecoder("small-network"), options_(options) {
    const auto refuse = [this](const std::string& problem) { throw usage_error(name(), problem); };
    if (options.hidden < 1 || options.hidden > 65'536) refuse("hidden must lie in 1 … 65536");
    if (options.training.epochs < 1) refuse("epochs must be at least 1");
    if (options.training.batch < 1) refuse("batch must be at least 1");
    if (!(options.training.learning_rate > 0 && std::isfinite(options.training.learning_rate)))
      refuse("learning_rate must be above 0");
  }

 private:
  void learn(const Training& training, FitContext& context) override {
    const SampleSet& samples = training.samples;
    prepare_start(training, context);
    scaling_ = scaling_for(samples);
    const Array<float, 2> x = scaled(samples.flat());
    train(network_, x, training.y, samples.weight, options_.training, context.random.derive("small-network training"),
          [&](std::int64_t epoch, double loss) {
            if (context.record != nullptr)
              context.record->curve.push_back(Json::object({{"epoch", epoch}, {"loss", loss}}));
          });
    if (context.record != nullptr) {
      if (options_.standardise) context.record->statistics.push_back({name() + " standardise", samples.origins.id});
      context.record->statistics.push_back({name(), samples.origins.id});
    }
    remember(samples.origins.id);
  }

  /// Fresh weights, or those of the fit before, whose training samples then are ancestors of this fit.
  void prepare_start(const Training& training, FitContext& context) {
    const std::int64_t features = layout().width();
    const bool fits = network_.inner.extent(0) == features && network_.outer.extent(1) == training.classes;
    const bool warm = options_.warm_start && !seen_.empty() && fits;
    if (!warm) {
      seen_.clear();
      network_ = SmallNetwork::drawn(features, options_.hidden, training.classes,
                                     context.random.derive("small-network weights"));
    } else if (context.record != nullptr) {
      context.record->ancestry = seen_;
      context.record->ancestry_known = "known";
    }
  }

  void remember(const std::vector<std::int64_t>& ids) {
    std::vector<std::int64_t> sorted(ids), both;
    std::sort(sorted.begin(), sorted.end());
    std::set_union(seen_.begin(), seen_.end(), sorted.begin(), sorted.end(), std::back_inserter(both));
    seen_ = std::move(both);
  }

  [[nodiscard]] Scaling scaling_for(const SampleSet& samples) const {
    const auto width = static_cast<std::size_t>(layout().width());
    if (!options_.standardise) return {std::vector<double>(width, 0.0), std::vector<double>(width, 1.0)};
    std::vector<std::int64_t> all(static_cast<std::size_t>(samples.size()));
    std::iota(all.begin(), all.end(), 0);
    return scaling_of(samples.flat(), all);
  }

  [[nodiscard]] Array<float, 2> scaled(View<const float, 2> rows) const {
    Array<float, 2> result(rows);
    const auto width = static_cast<std::size_t>(rows.extent(1));
    for (std::int64_t i = 0; i < rows.extent(0); ++i) scale(scaling_, {result.data() + i * rows.extent(1), width});
    return result;
  }

  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const auto x = scaled(samples.flat());
    Array<double, 2> result({samples.size(), present()}, uninitialised);
    const auto width = static_cast<std::size_t>(x.extent(1)), classes = static_cast<std::size_t>(present());
    for (std::int64_t i = 0; i < samples.size(); ++i) {
      network_.probability({x.data() + i * x.extent(1), width}, {result.data() + i * present(), classes});
    }
    return result;
  }

  [[nodiscard]] Tensors learned() const override {
    return {{"inner", Tensor::of(network_.inner)},   {"inner_bias", Tensor::of(network_.inner_bias)},
            {"outer", Tensor::of(network_.outer)},   {"outer_bias", Tensor::of(network_.outer_bias)},
            {"mean", Tensor::vector(scaling_.mean)}, {"deviation", Tensor::vector(scaling_.deviation)},
            {"trained_on", Tensor::vector(seen_)}};
  }

  void relearn(const Safetensors& state) override {
    const std::int64_t features = layout().width(), hidden = options_.hidden;
    network_ = {Array<float, 2>(expected(state, "inner", {features, hidden}).view<float, 2>("inner")),
                Array<float, 1>(expected(state, "inner_bias", {hidden}).view<float, 1>("inner_bias")),
                Array<float, 2>(expected(state, "outer", {hidden, present()}).view<float, 2>("outer")),
                Array<float, 1>(expected(state, "outer_bias", {present()}).view<float, 1>("outer_bias"))};
    scaling_ = {expected(state, "mean", {features}).doubles(), expected(state, "deviation", {features}).doubles()};
    seen_ = state.at("trained_on", name()).integers("trained_on");
  }
  [[nodiscard]] bool uses_weights() const override { return true; }

  SmallNetworkOptions options_;
  SmallNetwork network_;
  Scaling scaling_;
  std::vector<std::int64_t> seen_;  ///< ids of all samples the weights were trained on, ascending
};

}  // namespace

std::unique_ptr<Decoder> make_small_network(const SmallNetworkOptions& options) {
  return std::make_unique<SmallNetworkDecoder>(options);
}

namespace {

const DecoderEntry small_network_entry{
    .name = "small-network",
    .about = "one hidden layer (GELU), Adam, cross-entropy: the smallest network that recognises recordings",
    .keys = {{"hidden", "integer", Json(64), "units of the hidden layer"},
             {"epochs", "integer", Json(20), "passes over the training samples"},
             {"batch", "integer", Json(128), "samples a step"},
             {"learning_rate", "number", Json(3e-3), "of Adam"},
             {"standardise", "flag", Json(true), "scale features by mean and deviation of the training samples"}},
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      return make_small_network({.hidden = options.at("hidden").integer("hidden"),
                                 .training = {.epochs = options.at("epochs").integer("epochs"),
                                              .batch = options.at("batch").integer("batch"),
                                              .learning_rate = options.at("learning_rate").number("learning_rate")},
                                 .standardise = options.at("standardise").flag("standardise")});
    },
};
CATON_REGISTER(DecoderEntry, small_network_entry);

}  // namespace
}  // namespace caton
