// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// One number against a threshold: what a marker (alpha ratio) is worth before anything larger is tried.
#include "caton/base/error.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/decode/classical/classical_decoder.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

/// The mean of each sample's values.
std::vector<double> means_of(const SampleSet& samples) {
  const View<const float, 2> rows = samples.flat();
  std::vector<double> means;
  for (std::int64_t i = 0; i < rows.extent(0); ++i) {
    double sum = 0;
    for (std::int64_t f = 0; f < rows.extent(1); ++f) sum += static_cast<double>(rows(i, f));
    means.push_back(sum / static_cast<double>(rows.extent(1)));
  }
  return means;
}

/// Normalises each row of exponents to probabilities.
void softmax_rows(Array<double, 2>& exponent) {
  for (std::int64_t i = 0; i < exponent.extent(0); ++i) {
    double largest = exponent(i, 0), sum = 0;
    for (std::int64_t k = 1; k < exponent.extent(1); ++k) largest = std::max(largest, exponent(i, k));
    for (std::int64_t k = 0; k < exponent.extent(1); ++k) sum += exponent(i, k) = std::exp(exponent(i, k) - largest);
    for (std::int64_t k = 0; k < exponent.extent(1); ++k) exponent(i, k) /= sum;
  }
}

/// The class whose training median is nearest: for two classes the middle between their medians is the threshold.
/// Probabilities are those of equal Gaussians about the medians, so that for two classes they rise with the value.
class Threshold final : public ClassicalDecoder {
 public:
  Threshold() : ClassicalDecoder("threshold") {}

 private:
  void learn(const Training& training, FitContext& context) override {
    std::vector<std::vector<double>> values(static_cast<std::size_t>(training.classes));
    const auto means = means_of(training.samples);
    for (std::size_t i = 0; i < means.size(); ++i) values[static_cast<std::size_t>(training.y[i])].push_back(means[i]);
    medians_.clear();
    for (auto& own : values) medians_.push_back(median(std::move(own)));
    if (context.record != nullptr) context.record->statistics.push_back({name(), training.samples.origins.id});
  }
  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const auto [least, most] = std::minmax_element(medians_.begin(), medians_.end());
    const double range = *most - *least, width = range > 0 ? range / 2 : 1;
    const auto means = means_of(samples);
    Array<double, 2> result({samples.size(), present()}, 0.0);
    for (std::int64_t i = 0; i < samples.size(); ++i) {
      for (std::int64_t k = 0; range > 0 && k < present(); ++k) {
        const double distance = (means[static_cast<std::size_t>(i)] - medians_[static_cast<std::size_t>(k)]) / width;
        result(i, k) = -distance * distance / 2;
      }
    }
    softmax_rows(result);
    return result;
  }
  [[nodiscard]] Tensors learned() const override { return {{"medians", Tensor::vector(medians_)}}; }
  void relearn(const Safetensors& state) override { medians_ = expected(state, "medians", {present()}).doubles(); }

  std::vector<double> medians_;
};

const DecoderEntry threshold{
    .name = "threshold",
    .about = "the mean of a sample's values against the middle between the medians of the classes in training",
    .make = [](const Json& /*options*/) -> std::unique_ptr<Decoder> { return std::make_unique<Threshold>(); },
};
CATON_REGISTER(DecoderEntry, threshold);

/// The same with a threshold that is given: learns nothing but which classes there are.
class FixedThreshold final : public ClassicalDecoder {
 public:
  FixedThreshold(double at, std::string above)
      : ClassicalDecoder("fixed-threshold"), at_(at), above_(std::move(above)) {
    if (!std::isfinite(at)) throw usage_error(name(), "at must be a number");
  }

 private:
  void learn(const Training& training, FitContext& /*context*/) override {
    if (!above_.empty() && std::find(training.samples.classes.begin(), training.samples.classes.end(), above_) ==
                               training.samples.classes.end())
      throw usage_error(name(), "above = \"" + above_ + "\" is no class of the study");
  }
  [[nodiscard]] std::int64_t upper() const {
    const auto names = present_names();
    const auto found = std::find(names.begin(), names.end(), above_);
    return found == names.end() ? present() - 1 : found - names.begin();
  }
  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const auto means = means_of(samples);
    const std::int64_t up = upper();
    Array<double, 2> result({samples.size(), present()}, uninitialised);
    for (std::int64_t i = 0; i < samples.size(); ++i) {
      const double p = 1 / (1 + std::exp(at_ - means[static_cast<std::size_t>(i)]));
      for (std::int64_t k = 0; k < present(); ++k)
        result(i, k) = k == up ? p : (1 - p) / static_cast<double>(present() - 1);
    }
    return result;
  }
  [[nodiscard]] Tensors learned() const override { return {{"at", Tensor::vector(std::vector<double>{at_})}}; }
  void relearn(const Safetensors& state) override { at_ = expected(state, "at", {1}).doubles().front(); }

  double at_;
  std::string above_;
};

const DecoderEntry fixed_threshold{
    .name = "fixed-threshold",
    .about = "the mean of a sample's values against a given threshold; learns nothing, so every sample is a test",
    .keys = {{"at", "number", Json(0.0), "the threshold"},
             {"above", "text", Json(""), "the class of values above it (the last)"}},
    .learns = false,
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      return std::make_unique<FixedThreshold>(options.at("at").number("fixed-threshold: at"),
                                              options.at("above").text("fixed-threshold: above"));
    },
};
CATON_REGISTER(DecoderEntry, fixed_threshold);

}  // namespace
}  // namespace caton
