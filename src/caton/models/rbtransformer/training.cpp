// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/models/rbtransformer/inference.hpp"
#include "caton/models/rbtransformer/interpret.hpp"
#include "caton/models/rbtransformer/network.hpp"
#include "caton/models/rbtransformer/options.hpp"
#include "caton/nn/tensors.hpp"
#include "caton/samples/class_weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace caton::rbtransformer {
namespace {

/// Windows that one thread predicts at a time.
constexpr std::int64_t windows_at_a_time = 256;

/// Logits to probabilities, in double.
void softmax(View<const float, 2> logits, View<double, 2> out) {
  for (std::int64_t i = 0; i < logits.extent(0); ++i) {
    double largest = static_cast<double>(logits(i, 0)), sum = 0;
    for (std::int64_t k = 1; k < logits.extent(1); ++k) largest = std::max(largest, static_cast<double>(logits(i, k)));
    for (std::int64_t k = 0; k < logits.extent(1); ++k)
      sum += out(i, k) = std::exp(static_cast<double>(logits(i, k)) - largest);
    for (std::int64_t k = 0; k < logits.extent(1); ++k) out(i, k) /= sum;
  }
}

/// RBTransformer as published: trained from the training samples alone, the weights after the last epoch are kept.
class RbTransformer final : public ClassicalDecoder {
 public:
  explicit RbTransformer(const Json& table) : ClassicalDecoder("rbtransformer"), options_(options_from(table)) {}

  [[nodiscard]] std::vector<Explanation> explain(const SampleSet& samples) const override {
    check_fitted();
    layout().check(samples, name());
    return explanations(inference_, samples, probability(samples), present_names());
  }

 protected:
  [[nodiscard]] bool uses_weights() const override { return true; }

  void learn(const Training& training, FitContext& context) override {
    Config config = options_.config;
    take_sizes(config, training.classes);
    SampleSet samples = training.samples;
    samples.label = training.y;
    samples = oversampled(samples, context);
    nn::TrainingRecipe recipe = options_.recipe;
    if (options_.class_weights) recipe.loss.class_weights = inverse_frequency_weights(samples.label, training.classes);
    const std::string key = sha256(options_.table.dump() + " " + training.samples.digest() + " " +
                                   std::to_string(context.random.seed_for_others()));

    Network network(config);
    network.initialise(context.random.derive("initialisation"));
    const nn::Trainable trainable{network.parameters(), [&](const at::Tensor& x, const RandomStream& random) {
                                    return network.forward(x, random);
                                  }};
    nn::train(trainable, training_data(samples, config), recipe, key, context);
    parameters_ = network.parameters().tensors();
    inference_ = Inference(config, parameters_, name());
  }

  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const auto tokens = samples.flat();
    const std::int64_t count = tokens.extent(0), classes = inference_.config().num_classes;
    Array<float, 2> logits({count, classes});
    Array<double, 2> result({count, classes});
    thread_pool().parallel_for((count + windows_at_a_time - 1) / windows_at_a_time, [&](std::int64_t part) {
      const std::int64_t first = part * windows_at_a_time, size = std::min(windows_at_a_time, count - first);
      inference_.run(tokens.slice(0, first, size), logits.view().slice(0, first, size));
    });
    softmax(logits, result);
    return result;
  }

  [[nodiscard]] Tensors learned() const override { return parameters_; }
  [[nodiscard]] std::map<std::string, std::string> described() const override {
    return {{"config", to_json(inference_.config()).dump()}, {"network", network_name(inference_.config())}};
  }

  void relearn(const Safetensors& state) override {
    const auto text = [&](const std::string& key) {
      const auto found = state.metadata.find(key);
      if (found == state.metadata.end()) throw input_error(name(), "the saved state lacks \"" + key + "\"");
      return found->second;
    };
    Config config = config_from(parse_json(text("config"), name()), name());
    apply_network_name(config, text("network"), name());
    Config wanted = config;
    take_sizes(wanted, present());
    if (!(wanted == config)) throw input_error(name(), "the saved network does not fit its layout (electrodes)");
    parameters_ = state.tensors;
    inference_ = Inference(config, parameters_, name());
  }

 private:
  /// Electrodes, features and classes are the samples'.
  void take_sizes(Config& config, std::int64_t classes) const {
    const auto& shape = layout().shape;
    if (shape.size() < 2) {
      throw usage_error(name(), "samples of electrodes x bands are needed (electrodes), found one axis",
                        "use the input rbt-trial-tokens");
    }
    config.bde_dim = shape.back();
    config.num_electrodes = layout().width() / std::max<std::int64_t>(1, shape.back());
    config.num_classes = classes;
    static_cast<void>(config_from(to_json(config), name()));
  }

  SampleSet oversampled(const SampleSet& samples, FitContext& context) const {
    if (options_.oversampling == "none") return samples;
    const auto values = samples.flat();
    Array<double, 2> rows({values.extent(0), values.extent(1)});
    for (std::int64_t i = 0; i < values.extent(0); ++i) {
      for (std::int64_t j = 0; j < values.extent(1); ++j) rows(i, j) = static_cast<double>(values(i, j));
    }
    const auto made = options_.oversampling == "smote" ? smote(rows, samples.label, options_.made)
                                                       : adasyn(rows, samples.label, options_.made);
    SampleSet all = with_made(samples, made);
    if (context.record != nullptr) {
      const auto& parents = all.origins.parents;
      for (auto i = static_cast<std::size_t>(samples.size()); i < parents.size(); ++i)
        context.record->made_parents.push_back(parents[i]);
    }
    return all;
  }

  static nn::TrainingData training_data(const SampleSet& samples, const Config& config) {
    const auto values = samples.flat();
    nn::TrainingData data;
    data.x = at::empty({values.extent(0), config.num_electrodes, config.bde_dim}, at::kFloat);
    std::memcpy(data.x.data_ptr(), values.data(), static_cast<std::size_t>(values.size()) * sizeof(float));
    data.y = nn::to_torch(Tensor::vector(samples.label));
    if (!samples.weight.empty()) data.weight = nn::to_torch(Tensor::vector(samples.weight)).to(at::kFloat);
    return data;
  }

  Options options_;
  Tensors parameters_;
  Inference inference_;
};

const NetworkDecoderEntry rbtransformer{
    .name = "rbtransformer",
    .make = [](const Json& options) -> std::unique_ptr<Decoder> { return std::make_unique<RbTransformer>(options); },
};
CATON_REGISTER(NetworkDecoderEntry, rbtransformer);

}  // namespace
}  // namespace caton::rbtransformer
