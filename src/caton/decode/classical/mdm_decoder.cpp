// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/decode/classical/mdm.hpp"
#include "caton/decode/transforms/shaped.hpp"
#include "caton/geometry/tangent.hpp"

namespace caton {
namespace {

/// Minimum distance to class means, with or without geodesic filtering before.
class MdmDecoder final : public ClassicalDecoder {
 public:
  MdmDecoder(const char* name, const MdmMetric& metric, bool filter)
      : ClassicalDecoder(name), metric_(metric), filter_wanted_(filter) {}

 private:
  void learn(const Training& training, FitContext& context) override {
    Matrices c = matrices_of(training.samples, name());
    if (filter_wanted_) {
      filter_ = fit_geodesic_filter(c, training.y, training.classes, metric_.mean);
      c = filtered(filter_, c);
    }
    means_ = class_means(c, training.y, training.classes, metric_.mean);
    if (context.record != nullptr) context.record->statistics.push_back({name(), training.samples.origins.id});
  }
  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const Matrices c = matrices_of(samples, name());
    return distance_probability(distances_to(filter_wanted_ ? filtered(filter_, c) : c, means_, metric_.distance));
  }
  [[nodiscard]] Tensors learned() const override {
    Tensors state{{"means", Tensor::of(means_)}};
    if (filter_wanted_) {
      state.emplace("reference", Tensor::of(filter_.reference));
      state.emplace("projector", Tensor::of(filter_.projector));
    }
    return state;
  }
  void relearn(const Safetensors& state) override {
    const auto& shape = layout().shape;
    const std::int64_t size = shape.empty() ? 0 : shape[0], width = size * (size + 1) / 2;
    means_ = expected(state, "means", {present(), size, size}).array<3>("means");
    if (!filter_wanted_) return;
    filter_ = {metric_.mean, expected(state, "reference", {size, size}).array<2>("reference"),
               expected(state, "projector", {width, width}).array<2>("projector")};
  }

  MdmMetric metric_;
  bool filter_wanted_;
  GeodesicFilter filter_;
  Matrices means_;
};

const DecoderEntry mdm_entry{
    .name = "mdm",
    .about = "minimum distance to the mean covariance matrix of each class",
    .paper = "Barachant et al. 2012",
    .keys = {{"metric", "any", Json("riemann"), "a metric, or {mean, distance}"}},
    .takes = SampleForm::matrices,
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      return std::make_unique<MdmDecoder>("mdm", mdm_metric("mdm", options.at("metric")), false);
    },
};
CATON_REGISTER(DecoderEntry, mdm_entry);

const DecoderEntry fgmdm_entry{
    .name = "fgmdm",
    .about = "minimum distance to means after geodesic filtering by a linear discriminant",
    .paper = "Barachant et al. 2010",
    .keys = {{"metric", "text", Json("riemann"), "euclid, logeuclid, riemann, wasserstein or logchol"}},
    .takes = SampleForm::matrices,
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      const auto metric = metric_named("fgmdm", options.at("metric").text("fgmdm: metric"), tangent_metrics());
      return std::make_unique<MdmDecoder>("fgmdm", MdmMetric{metric, metric}, true);
    },
};
CATON_REGISTER(DecoderEntry, fgmdm_entry);

}  // namespace
}  // namespace caton
