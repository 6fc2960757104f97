// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/classical/linear_model.hpp"
#include "caton/decode/classical/xdawn.hpp"
#include "caton/decode/transforms/feature_transform.hpp"
#include "caton/decode/transforms/shaped.hpp"
#include "caton/geometry/delay_embedding.hpp"

namespace caton {
namespace {

std::vector<std::string> numbered_names(const char* what, std::int64_t count) {
  std::vector<std::string> names;
  for (std::int64_t i = 1; i <= count; ++i) names.push_back(std::string(what) + " " + std::to_string(i));
  return names;
}

/// Samples as matrices; rows and columns keep the channels' names where there is one each.
SampleSet as_matrices(const SampleSet& samples, const Matrices& c, const char* row) {
  const bool named = static_cast<std::int64_t>(samples.channels.size()) == c.extent(1);
  const auto names = named ? samples.channels : numbered_names(row, c.extent(1));
  return with_block(samples, {.name = "covariance", .channels = names, .features = names}, c);
}

/// Covariance of each epoch, delay-embedded where order is above 1. Sees one sample at a time.
class Covariance final : public FeatureTransform {
 public:
  Covariance(const CovarianceOptions& options, std::int64_t order, std::int64_t lag)
      : FeatureTransform("covariance"), options_(options), order_(order), lag_(lag) {}

 private:
  void learn(const SampleSet& /*training*/) override {}
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    const auto x = delay_embedding(cube_of(samples, name()), order_, lag_);
    return as_matrices(samples, covariances(x, options_), "delayed channel");
  }
  [[nodiscard]] Tensors learned() const override { return {}; }
  void relearn(const Safetensors& /*state*/) override {}

  CovarianceOptions options_;
  std::int64_t order_, lag_;
};

const TransformEntry covariance_entry{
    .name = "covariance",
    .about = "covariance matrix of each epoch; with order above 1 augmented by delayed copies of the channels",
    .keys = {{"estimator", "text", "oas", "scm, cov, corr, lwf, oas, sch, hub, stu or tyl"},
             {"order", "integer", 1, "copies of the channels, each delayed by lag more"},
             {"lag", "integer", 1, "samples"}},
    .takes = SampleForm::epochs,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      const CovarianceOptions covariance{
          .estimator = estimator_named("covariance", options.at("estimator").text("covariance: estimator"))};
      return std::make_unique<Covariance>(covariance, options.at("order").integer("order"),
                                          options.at("lag").integer("lag"));
    },
};
CATON_REGISTER(TransformEntry, covariance_entry);

struct XdawnStep {
  std::int64_t filters = 4;
  CovarianceOptions estimator, of_filters;
};

/// Covariance of each epoch under xDAWN's filters, together with the filtered class means of training.
class XdawnCovariance final : public FeatureTransform {
 public:
  explicit XdawnCovariance(const XdawnStep& step) : FeatureTransform("xdawn-covariance"), step_(step) {}

 private:
  void learn(const SampleSet& training) override {
    const auto x = cube_of(training, name());
    const auto classes = numbered_classes(training.label, name());
    auto found =
        fit_xdawn(x, classes.y, static_cast<std::int64_t>(classes.values.size()), step_.filters, step_.of_filters);
    filters_ = std::move(found.spatial.filters);
    evoked_ = std::move(found.evoked);
  }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    const auto z = filtered_epochs(filters_, cube_of(samples, name()));
    return as_matrices(samples, covariances_with(evoked_, z, step_.estimator), "component");
  }
  [[nodiscard]] Tensors learned() const override {
    return {{"filters", Tensor::of(filters_)}, {"evoked", Tensor::of(evoked_)}};
  }
  void relearn(const Safetensors& state) override {
    filters_ = state.at("filters", name()).array<2>("filters");
    evoked_ = state.at("evoked", name()).array<2>("evoked");
    const auto& shape = layout().shape;
    if (shape.size() != 2 || filters_.extent(1) != shape[0] || evoked_.extent(1) != shape[1] ||
        evoked_.extent(0) != filters_.extent(0) || filters_.empty())
      throw input_error(name(), "the saved state does not fit its own layout (shape)");
  }

  XdawnStep step_;
  Matrix filters_, evoked_;
};

const TransformEntry xdawn_entry{
    .name = "xdawn-covariance",
    .about = "covariance matrix of each epoch under xDAWN filters, together with the class means of training",
    .keys = {{"filters", "integer", 4, "of each class"},
             {"estimator", "text", "scm", "of the matrices"},
             {"xdawn_estimator", "text", "scm", "of the filters"}},
    .takes = SampleForm::epochs,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      const auto estimator = [&](const char* key) {
        return CovarianceOptions{.estimator = estimator_named("xdawn-covariance", options.at(key).text(key))};
      };
      return std::make_unique<XdawnCovariance>(XdawnStep{.filters = options.at("filters").integer("filters"),
                                                         .estimator = estimator("estimator"),
                                                         .of_filters = estimator("xdawn_estimator")});
    },
};
CATON_REGISTER(TransformEntry, xdawn_entry);

}  // namespace
}  // namespace caton
