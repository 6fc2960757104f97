// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/classical/potato.hpp"
#include "caton/decode/transforms/feature_transform.hpp"
#include "caton/decode/transforms/shaped.hpp"

namespace caton {
namespace {

/// Leaves training samples out that lie too far from the centre of the others. Nothing that is to be predicted is left
/// out: every tested sample gets its answer.
class PotatoStep final : public FeatureTransform {
 public:
  explicit PotatoStep(const PotatoOptions& options) : FeatureTransform("potato"), options_(options) {}

  [[nodiscard]] SampleSet apply_to_training(const SampleSet& training) override {
    const SampleSet checked = apply(training);
    if (checked.size() < 2) return checked;  // nothing to be far from
    const Potato potato(matrices_of(checked, name()), options_);
    const auto z = potato.z_scores(matrices_of(checked, name()));
    std::vector<std::int64_t> kept;
    for (std::size_t i = 0; i < z.size(); ++i) {
      if (potato.accepts(z[i])) kept.push_back(static_cast<std::int64_t>(i));
    }
    SampleSet result = checked.selected(kept);
    const auto before = checked.class_counts(), after = result.class_counts();
    for (std::size_t k = 0; k < before.size(); ++k) {
      if (before[k] > 0 && after[k] == 0)
        throw usage_error(name(), "every training sample of a class lies beyond the threshold", "raise threshold");
    }
    return result;
  }

 private:
  void learn(const SampleSet& training) override {
    const auto c = matrices_of(training, name());
    if (training.size() < 2) {
      centre_ = copy_of(c, 0);
      log_distance_ = {0, 1};
      return;
    }
    const Potato potato(c, options_);
    centre_ = potato.centre();
    log_distance_ = {potato.log_mean(), potato.log_deviation()};
  }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    static_cast<void>(matrices_of(samples, name()));
    return samples;
  }
  [[nodiscard]] Tensors learned() const override {
    return {{"centre", Tensor::of(centre_)}, {"log_distance", Tensor::vector(log_distance_)}};
  }
  void relearn(const Safetensors& state) override {
    const Tensor& centre = state.at("centre", name());
    log_distance_ = state.at("log_distance", name()).doubles();
    if (centre.shape() != layout().shape || log_distance_.size() != 2)
      throw input_error(name(), "the saved state does not fit its own layout (shape)");
    centre_ = centre.array<2>("centre");
  }

  PotatoOptions options_;
  Matrix centre_;
  std::vector<double> log_distance_;  ///< mean and deviation of the accepted samples
};

const TransformEntry potato_entry{
    .name = "potato",
    .about =
        "training only: covariance matrices too far from the centre of the others are left out (Riemannian potato); "
        "tested samples all stay",
    .keys = {{"threshold", "number", 3.0, "of the z-score of the logarithm of the distance"}},
    .takes = SampleForm::matrices,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      PotatoOptions potato;
      potato.threshold = options.at("threshold").number("potato: threshold");
      if (!(potato.threshold > 0)) throw usage_error("potato", "threshold must be above 0");
      return std::make_unique<PotatoStep>(potato);
    },
};
CATON_REGISTER(TransformEntry, potato_entry);

}  // namespace
}  // namespace caton
