// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/classical/classical_decoder.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {
namespace {

/// Independent Gaussians for every class and feature (scikit-learn's GaussianNB).
class NaiveBayes final : public ClassicalDecoder {
 public:
  explicit NaiveBayes(double smoothing) : ClassicalDecoder("naive-bayes"), smoothing_(smoothing) {
    if (!(smoothing >= 0) || !std::isfinite(smoothing)) throw usage_error(name(), "smoothing must be 0 or more");
  }

 private:
  void learn(const Training& training, FitContext& context) override {
    const View<const float, 2> rows = training.samples.flat();
    const std::int64_t width = rows.extent(1);
    mean_ = Matrix({training.classes, width}, 0.0);
    variance_ = Matrix({training.classes, width}, 0.0);
    prior_.assign(static_cast<std::size_t>(training.classes), 0.0);
    for (const auto label : training.y) prior_[static_cast<std::size_t>(label)] += 1;
    double largest = 0;
    for (std::int64_t f = 0; f < width; ++f) {
      add_moments(rows, training.y, f);
      largest = std::max(largest, variance_of(rows, f));
    }
    for (double& value : variance_) value += smoothing_ * largest;
    if (std::any_of(variance_.begin(), variance_.end(), [](double value) { return !(value > 0); }))
      throw usage_error(name(), "a feature is constant within a class", "use a smoothing above 0");
    for (double& value : prior_) value /= static_cast<double>(rows.extent(0));
    if (context.record != nullptr) context.record->statistics.push_back({name(), training.samples.origins.id});
  }

  static double variance_of(View<const float, 2> rows, std::int64_t f) {
    const auto count = static_cast<double>(rows.extent(0));
    double mean = 0, squares = 0;
    for (std::int64_t i = 0; i < rows.extent(0); ++i) mean += static_cast<double>(rows(i, f)) / count;
    for (std::int64_t i = 0; i < rows.extent(0); ++i) squares += std::pow(static_cast<double>(rows(i, f)) - mean, 2);
    return squares / count;
  }

  void add_moments(View<const float, 2> rows, const std::vector<std::int64_t>& y, std::int64_t f) {
    for (std::int64_t i = 0; i < rows.extent(0); ++i) {
      const auto label = y[static_cast<std::size_t>(i)];
      mean_(label, f) += static_cast<double>(rows(i, f)) / prior_[static_cast<std::size_t>(label)];
    }
    for (std::int64_t i = 0; i < rows.extent(0); ++i) {
      const auto label = y[static_cast<std::size_t>(i)];
      variance_(label, f) +=
          std::pow(static_cast<double>(rows(i, f)) - mean_(label, f), 2) / prior_[static_cast<std::size_t>(label)];
    }
  }

  [[nodiscard]] double log_joint(View<const float, 1> row, std::int64_t label) const {
    double sum = std::log(prior_[static_cast<std::size_t>(label)]);
    for (std::int64_t f = 0; f < row.extent(0); ++f) {
      const double distance = static_cast<double>(row[f]) - mean_(label, f);
      sum -= 0.5 * (std::log(2 * std::numbers::pi * variance_(label, f)) + distance * distance / variance_(label, f));
    }
    return sum;
  }

  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const View<const float, 2> rows = samples.flat();
    Array<double, 2> result({samples.size(), present()}, uninitialised);
    for (std::int64_t i = 0; i < samples.size(); ++i) {
      double largest = -INFINITY, sum = 0;
      for (std::int64_t c = 0; c < present(); ++c) largest = std::max(largest, result(i, c) = log_joint(rows[i], c));
      for (std::int64_t c = 0; c < present(); ++c) sum += result(i, c) = std::exp(result(i, c) - largest);
      for (std::int64_t c = 0; c < present(); ++c) result(i, c) /= sum;
    }
    return result;
  }

  [[nodiscard]] Tensors learned() const override {
    return {{"mean", Tensor::of(mean_)}, {"variance", Tensor::of(variance_)}, {"prior", Tensor::vector(prior_)}};
  }

  void relearn(const Safetensors& state) override {
    mean_ = expected(state, "mean", {present(), layout().width()}).array<2>("mean");
    variance_ = expected(state, "variance", {present(), layout().width()}).array<2>("variance");
    prior_ = expected(state, "prior", {present()}).doubles();
    if (std::any_of(variance_.begin(), variance_.end(), [](double value) { return !(value > 0); }))
      throw input_error(name(), "the saved variances must be positive");
  }

  double smoothing_;
  Matrix mean_, variance_;  ///< classes x features
  std::vector<double> prior_;
};

const DecoderEntry naive_bayes{
    .name = "naive-bayes",
    .about = "independent Gaussians for every class and feature; equals scikit-learn 1.2 GaussianNB",
    .keys = {{"smoothing", "number", Json(1e-9), "share of the largest variance that is added to all"}},
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      return std::make_unique<NaiveBayes>(options.at("smoothing").number("naive-bayes: smoothing"));
    },
};
CATON_REGISTER(DecoderEntry, naive_bayes);

}  // namespace
}  // namespace caton
