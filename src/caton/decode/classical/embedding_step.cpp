// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/transforms/feature_transform.hpp"
#include "caton/decode/transforms/shaped.hpp"
#include "caton/geometry/covariance.hpp"
#include "caton/geometry/delay_embedding.hpp"
#include "caton/geometry/embedding_search.hpp"

#include <algorithm>

namespace caton {
namespace {

struct EmbeddingStep {
  OrderLagMethod method = OrderLagMethod::mdop;
  bool corrected = false;
  std::int64_t trials = 0;  ///< training epochs to look at; 0: all
  CovarianceOptions covariance;
};

/// Augmented covariance whose order and lag come from the training epochs, without their labels.
class AugmentedCovariance final : public FeatureTransform {
 public:
  explicit AugmentedCovariance(const EmbeddingStep& step) : FeatureTransform("augmented-covariance"), step_(step) {}

 private:
  void learn(const SampleSet& training) override {
    const std::int64_t all = training.size(), count = step_.trials == 0 ? all : std::min(step_.trials, all);
    std::vector<std::int64_t> looked_at;
    for (std::int64_t i = 0; i < count; ++i) looked_at.push_back(i * all / count);
    chosen_ = acm_order_lag(cube_of(training.selected(looked_at), name()), step_.method, 2, step_.corrected);
  }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    const auto c = covariances(delay_embedding(cube_of(samples, name()), chosen_.order, chosen_.lag), step_.covariance);
    std::vector<std::string> names;
    for (std::int64_t i = 1; i <= c.extent(1); ++i) names.push_back("delayed channel " + std::to_string(i));
    if (static_cast<std::int64_t>(samples.channels.size()) == c.extent(1)) names = samples.channels;
    return with_block(samples, {.name = "covariance", .channels = names, .features = names}, c);
  }
  [[nodiscard]] Tensors learned() const override {
    return {{"order_lag", Tensor::vector(std::vector<std::int64_t>{chosen_.order, chosen_.lag})}};
  }
  void relearn(const Safetensors& state) override {
    const auto saved = state.at("order_lag", name()).integers("order_lag");
    if (saved.size() != 2 || saved[0] < 1 || saved[1] < 1 || layout().shape.size() != 2 ||
        saved[0] > layout().shape[1] || saved[1] > layout().shape[1] / saved[0])
      throw input_error(name(), "the saved state does not fit its own layout (shape)");
    chosen_ = {saved[0], saved[1]};
  }

  EmbeddingStep step_;
  OrderLag chosen_;
};

const TransformEntry embedding_entry{
    .name = "augmented-covariance",
    .about =
        "covariance of each epoch and its delayed copies, order and lag found in the training epochs without labels "
        "(for a choice by score give covariance lists of order and lag)",
    .keys = {{"by", "text", "mdop", "mdop (derivatives on projections) or afnn (false nearest neighbours)"},
             {"estimator", "text", "oas", "scm, cov, corr, lwf, oas, sch, hub, stu or tyl"},
             {"corrected", "flag", false, "mdop: keep the last delay, which the published form drops"},
             {"trials", "integer", 0, "training epochs, spread evenly, in which they are sought; 0: all"}},
    .takes = SampleForm::epochs,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      const std::string& by = options.at("by").text("augmented-covariance: by");
      if (by != "mdop" && by != "afnn")
        throw usage_error("augmented-covariance", "unknown method \"" + by + "\"", "known: mdop, afnn");
      const std::int64_t trials = options.at("trials").integer("augmented-covariance: trials");
      if (trials < 0) throw usage_error("augmented-covariance", "trials must not be negative");
      return std::make_unique<AugmentedCovariance>(EmbeddingStep{
          .method = by == "afnn" ? OrderLagMethod::afnn : OrderLagMethod::mdop,
          .corrected = options.at("corrected").flag("augmented-covariance: corrected"),
          .trials = trials,
          .covariance = {.estimator = estimator_named("augmented-covariance",
                                                      options.at("estimator").text("augmented-covariance"))}});
    },
};
CATON_REGISTER(TransformEntry, embedding_entry);

}  // namespace
}  // namespace caton
