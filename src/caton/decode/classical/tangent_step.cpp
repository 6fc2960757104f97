// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/transforms/feature_transform.hpp"
#include "caton/decode/transforms/shaped.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/tangent.hpp"

namespace caton {
namespace {

/// Tangent vectors at the mean of the training matrices, or at the identity, where they are logarithms of matrices and
/// nothing is learned.
class TangentSpace final : public FeatureTransform {
 public:
  TangentSpace(Metric metric, bool at_identity)
      : FeatureTransform("tangent-space"), metric_(metric), at_identity_(at_identity) {}

 private:
  void learn(const SampleSet& training) override {
    const auto matrices = matrices_of(training, name());
    if (!at_identity_) {
      reference_ = spd_mean(matrices, metric_);
      return;
    }
    reference_ = Matrix({matrices.extent(1), matrices.extent(1)}, 0.0);
    for (std::int64_t i = 0; i < reference_.extent(0); ++i) reference_(i, i) = 1;
  }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    NewBlock about{.name = "features"};
    const auto rows = axis_names(layout().channels, reference_.extent(0));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = i; j < rows.size(); ++j)
        about.features.push_back(i == j ? rows[i] : rows[i] + " with " + rows[j]);
    }
    return with_block(samples, about, tangent_space(matrices_of(samples, name()), reference_, metric_).view());
  }
  [[nodiscard]] Tensors learned() const override { return {{"reference", Tensor::of(reference_)}}; }
  void relearn(const Safetensors& state) override {
    reference_ = state.at("reference", name()).array<2>("reference");
    const auto& shape = layout().shape;
    if (shape.size() != 2 || reference_.extent(0) != shape[0] || reference_.extent(1) != shape[1])
      throw input_error(name(), "the saved state does not fit its own layout (shape)");
  }

  Metric metric_;
  bool at_identity_;
  Matrix reference_;
};

const TransformEntry tangent_entry{
    .name = "tangent-space",
    .about = "tangent vectors of covariance matrices at the mean of the training matrices",
    .keys = {{"metric", "text", "riemann", "euclid, logeuclid, riemann, wasserstein or logchol"},
             {"at", "text", "mean", "mean of the training matrices, or identity: logarithms, nothing learned"}},
    .takes = SampleForm::matrices,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      const auto metric = options.at("metric").text("tangent-space: metric");
      const auto& at = options.at("at").text("tangent-space: at");
      if (at != "mean" && at != "identity")
        throw usage_error("tangent-space: at", "\"" + at + "\" is not known", "known: mean, identity");
      return std::make_unique<TangentSpace>(metric_named("tangent-space", metric, tangent_metrics()), at == "identity");
    },
};
CATON_REGISTER(TransformEntry, tangent_entry);

}  // namespace
}  // namespace caton
