// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/boosted_trees.hpp"
#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/decode/classical/linear_model.hpp"

namespace caton {
namespace {

constexpr std::int64_t most_rounds = 100000;
constexpr std::int64_t deepest = 16;

BoostingOptions boosting_options(const Json& options) {
  const auto count = [&](const char* key, std::int64_t least, std::int64_t most) {
    const std::int64_t value = options.at(key).integer(std::string("gradient-boosting: ") + key);
    if (value < least || value > most)
      throw usage_error("gradient-boosting", std::string(key) + " must be " + std::to_string(least) + " to " +
                                                 std::to_string(most) + ", got " + std::to_string(value));
    return value;
  };
  const double rate = options.at("learning_rate").number("gradient-boosting: learning_rate");
  if (!(rate > 0 && rate <= 1))
    throw usage_error("gradient-boosting", "learning_rate must be above 0 and at most 1, got " + number_text(rate));
  return {count("rounds", 1, most_rounds), rate, count("most-depth", 1, deepest), count("least-leaf", 1, 1 << 30)};
}

class GradientBoosting final : public ClassicalDecoder {
 public:
  explicit GradientBoosting(const BoostingOptions& options)
      : ClassicalDecoder("gradient-boosting"), options_(options) {}

 private:
  [[nodiscard]] std::int64_t outputs() const { return present() == 2 ? 1 : present(); }

  void learn(const Training& training, FitContext& context) override {
    model_ = fit_boosted_trees({training.samples.flat(), training.y, training.classes}, options_);
    if (context.record != nullptr) context.record->statistics.push_back({name(), training.samples.origins.id});
  }

  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const View<const float, 2> rows = samples.flat();
    Array<double, 2> result({samples.size(), present()}, uninitialised);
    thread_pool().parallel_for(samples.size(), [&](std::int64_t i) {
      const std::span<double> row(&result(i, 0), static_cast<std::size_t>(present()));
      boosted_scores(model_, rows[i], row.first(static_cast<std::size_t>(outputs())));
      probability_of_scores(row, outputs());
    });
    return result;
  }

  [[nodiscard]] Tensors learned() const override {
    Tensors tensors = tensors_of(model_.trees);
    tensors.emplace("start", Tensor::vector(model_.start));
    return tensors;
  }
  void relearn(const Safetensors& state) override {
    model_ = {expected(state, "start", {outputs()}).doubles(), trees_from(state, 1, layout().width(), name())};
  }

  BoostingOptions options_;
  BoostedTrees model_;
};

const DecoderEntry gradient_boosting{
    .name = "gradient-boosting",
    .about =
        "small trees that follow each other, each on what those before it got wrong (Friedman 2001; scikit-learn's "
        "GradientBoostingClassifier with all samples and features)",
    .paper = "Friedman 2001",
    .keys = {{"rounds", "integer", Json(100), "trees one after another; from three classes on one for each class"},
             {"learning_rate", "number", Json(0.1), "share of each tree's answer that is added"},
             {"most-depth", "integer", Json(3), "splits one after another"},
             {"least-leaf", "integer", Json(1), "samples that a leaf must hold"}},
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      return std::make_unique<GradientBoosting>(boosting_options(options));
    },
};
CATON_REGISTER(DecoderEntry, gradient_boosting);

}  // namespace
}  // namespace caton
