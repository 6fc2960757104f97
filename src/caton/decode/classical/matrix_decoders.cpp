// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Further decoders of symmetric positive definite matrices.
#include "caton/base/error.hpp"
#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/decode/classical/mdm.hpp"
#include "caton/decode/transforms/shaped.hpp"
#include "caton/geometry/distance.hpp"

namespace caton {
namespace {

/// Classes as fields of power means; probabilities as those of `mdm`.
class MeanFieldDecoder final : public ClassicalDecoder {
 public:
  MeanFieldDecoder(std::vector<double> powers, FieldCombination combination)
      : ClassicalDecoder("mean-field"), powers_(std::move(powers)), combination_(combination) {}

 private:
  void learn(const Training& training, FitContext& context) override {
    field_ = fit_mean_field(matrices_of(training.samples, name()), training.y, training.classes, powers_, combination_);
    if (context.record != nullptr) context.record->statistics.push_back({name(), training.samples.origins.id});
  }
  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    return distance_probability(field_distance(field_, matrices_of(samples, name())));
  }
  [[nodiscard]] Tensors learned() const override {
    Tensors state;
    for (std::size_t p = 0; p < field_.means.size(); ++p)
      state.emplace("means_" + std::to_string(p), Tensor::of(field_.means[p]));
    return state;
  }
  void relearn(const Safetensors& state) override {
    const auto& shape = layout().shape;
    const std::int64_t size = shape.empty() ? 0 : shape[0];
    field_ = {.powers = powers_, .combination = combination_};
    for (std::size_t p = 0; p < powers_.size(); ++p) {
      const std::string key = "means_" + std::to_string(p);
      field_.means.push_back(expected(state, key, {present(), size, size}).array<3>(key));
    }
  }

  std::vector<double> powers_;
  FieldCombination combination_;
  MeanField field_;
};

const DecoderEntry mean_field_entry{
    .name = "mean-field",
    .about = "minimum distance to a field of power means of each class",
    .paper = "Congedo et al. 2019",
    .keys = {{"powers", "list", Json::list_of(std::vector<int>{-1, 0, 1}), "from -1 (harmonic) to 1 (arithmetic)"},
             {"combination", "text", Json("sum_means"), "sum_means or inf_means"}},
    .takes = SampleForm::matrices,
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      const std::string& named = options.at("combination").text("mean-field: combination");
      if (named != "sum_means" && named != "inf_means") {
        throw usage_error("mean-field", "unknown combination \"" + named + "\"", "known: sum_means, inf_means");
      }
      auto powers = options.at("powers").numbers("mean-field: powers");
      if (powers.empty()) throw usage_error("mean-field", "powers must name at least one");
      return std::make_unique<MeanFieldDecoder>(
          std::move(powers), named == "sum_means" ? FieldCombination::sum_means : FieldCombination::inf_means);
    },
};
CATON_REGISTER(DecoderEntry, mean_field_entry);

/// The most frequent class among the nearest matrices: certain of it, whatever the votes.
class MatrixNeighboursDecoder final : public ClassicalDecoder {
 public:
  MatrixNeighboursDecoder(std::int64_t neighbours, Metric metric)
      : ClassicalDecoder("matrix-neighbours"), neighbours_(neighbours), metric_(metric) {}

 private:
  void learn(const Training& training, FitContext& context) override {
    matrices_ = matrices_of(training.samples, name());
    y_ = training.y;
    if (context.record != nullptr) context.record->statistics.push_back({name(), training.samples.origins.id});
  }
  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const auto label = spd_nearest_label(matrices_, y_, matrices_of(samples, name()), neighbours_, metric_);
    Array<double, 2> result({samples.size(), present()}, 0.0);
    for (std::int64_t n = 0; n < samples.size(); ++n) result(n, label[static_cast<std::size_t>(n)]) = 1;
    return result;
  }
  [[nodiscard]] Tensors learned() const override {
    return {{"matrices", Tensor::of(matrices_)}, {"y", Tensor::vector(y_)}};
  }
  void relearn(const Safetensors& state) override {
    const auto& shape = layout().shape;
    const std::int64_t size = shape.empty() ? 0 : shape[0];
    y_ = state.at("y", name()).integers("y");
    for (const std::int64_t k : y_) {
      if (k < 0 || k >= present()) throw input_error(name(), "the saved \"y\" names a class that does not exist");
    }
    const auto count = static_cast<std::int64_t>(y_.size());
    matrices_ = expected(state, "matrices", {count, size, size}).array<3>("matrices");
  }

  std::int64_t neighbours_;
  Metric metric_;
  Matrices matrices_;
  std::vector<std::int64_t> y_;
};

const DecoderEntry matrix_neighbours_entry{
    .name = "matrix-neighbours",
    .about = "the most frequent class among the nearest covariance matrices",
    .keys = {{"neighbours", "integer", Json(5), "at most the samples of training"},
             {"metric", "text", Json("riemann"), "of the distance"}},
    .takes = SampleForm::matrices,
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      const std::int64_t neighbours = options.at("neighbours").integer("matrix-neighbours: neighbours");
      if (neighbours < 1) throw usage_error("matrix-neighbours", "neighbours must be at least 1");
      const std::string who = "matrix-neighbours";
      return std::make_unique<MatrixNeighboursDecoder>(
          neighbours, metric_named(who, options.at("metric").text(who + ": metric"), distance_metrics()));
    },
};
CATON_REGISTER(DecoderEntry, matrix_neighbours_entry);

}  // namespace
}  // namespace caton
